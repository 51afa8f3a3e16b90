"""Lists that are read page by page: which page is asked for, and which there is."""

import math
from dataclasses import dataclass

from aiohttp import web

from bot.web.forms import whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page among the pages of a list, counted from 1."""

    page: int
    pages: int
    skipped: int
    """Lines on the pages before it."""


def asked(request: web.Request) -> int:
    """The number in the address, as it was typed."""
    return whole(request.query.get("page", ""), 1, digits=5)


def place(wanted: int, *, lines: int, size: int) -> Place:
    """The page that is nearest to the one wanted."""
    pages = max(1, math.ceil(lines / size))
    page = min(max(1, wanted), pages)
    return Place(page=page, pages=pages, skipped=(page - 1) * size)
