"""Grouping for pages: one at a time, off the loop, and not twice for the same questions."""

import asyncio
import hashlib
from collections.abc import Sequence

from aiohttp import web

from knowledge.language import Language

_KEPT = 8
Groups = tuple[tuple[int, ...], ...]


class Grouping:
    """Keeps numbers only: what people wrote stays in the database."""

    def __init__(self) -> None:
        self._one = asyncio.Lock()
        self._known: dict[str, Groups] = {}

    async def of(self, texts: Sequence[str], language: Language) -> Groups:
        key = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
        async with self._one:
            if key not in self._known:
                from knowledge.grouping import grouped  # scipy: no command and no start needs it

                found = await asyncio.to_thread(grouped, texts, language)
                while len(self._known) >= _KEPT:
                    del self._known[next(iter(self._known))]
                self._known[key] = tuple(group.members for group in found)
            return self._known[key]


GROUPING = web.AppKey("grouping", Grouping)
