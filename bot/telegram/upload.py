"""A file that goes out as it comes from the database, a chunk at a time, with its length said beforehand."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from aiohttp import FormData, payload
from aiohttp.abc import AbstractStreamWriter

Parts = Callable[[int], AsyncIterator[bytes]]
"""The bytes of a file that is kept here, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A file to send: its name, its type, its exact length and where its bytes come from."""

    name: str
    mime: str
    size: int
    parts: Callable[[], AsyncIterator[bytes]]


class _Streamed(payload.Payload):
    """A part of a form whose bytes are asked for when they are written."""

    def __init__(self, file: Outgoing) -> None:
        super().__init__(file, content_type=file.mime)
        self._file = file
        self._size = file.size

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("a streamed file is never in memory as a whole")

    async def write(self, writer: AbstractStreamWriter) -> None:
        async for part in self._file.parts():
            await writer.write(part)


def form(fields: dict[str, str], name: str, file: Outgoing) -> FormData:
    """The fields and, as `name`, the file."""
    found = FormData(fields, quote_fields=False)  # accents in names stay readable
    found.add_field(name, _Streamed(file), filename=file.name, content_type=file.mime)
    return found
