"""A file comes in by a form: read part by part, told by its first bytes, and written down as it comes."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.web import turns
from bot.web.errors import Refusal
from bot.web.intake import clean
from handlers.pieces import LARGEST, Arrived
from knowledge.filetypes import HEAD, FileType, file_type, safe_name
from storage import files
from storage.database import DatabaseUnavailable

T = TypeVar("T")
_SECONDS: Final = 600
"""A large file over a poor line; longer is a line that nobody holds any more."""
_LONGEST_FIELD: Final = 16_000
_MOST_FIELDS: Final = 20

TOO_LARGE = Refusal(413, "too_large", "Ce fichier dépasse 10 Mo : envoyez-en un plus petit.")
NOT_TAKEN = Refusal(
    415,
    "file_type",
    "Ce genre de fichier n'est pas accepté : envoyez une image, un PDF, un document bureautique ou du texte.",
)
NO_FILE = Refusal(422, "no_file", "Choisissez un fichier qui n'est pas vide.")
BROKEN = Refusal(400, "bad_request", "L'envoi s'est interrompu : recommencez.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What a form brought: its fields, and its file, which belongs to nobody yet."""

    fields: dict[str, str]
    arrived: Arrived


async def take_in(
    request: web.Request, give: Callable[[Upload], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Reads the form (fields first, then `piece`) and has `give` place the file; what is not placed goes.

    Raises Refusal: 413 too large, 415 not a kind that is accepted, 422 no file, 400 broken off.
    """
    arriving = _Arriving(request)
    try:
        return await give(await reading_form(request, lambda: _read(request, arriving)))
    finally:
        await arriving.drop_unless_placed()


async def reading_form(request: web.Request, read: Callable[[], Awaitable[T]]) -> T:
    """What `read` takes from a form with a file; Refusal 400 when it breaks off or is none, 415 of a kind."""
    if request.content_type != "multipart/form-data":
        raise Refusal(415, "not_a_form", "Le fichier doit être envoyé par un formulaire.")
    try:
        async with asyncio.timeout(_SECONDS):
            return await read()
    except (ValueError, LookupError, AssertionError, HttpProcessingError, TimeoutError):
        raise BROKEN from None  # what aiohttp raises where the form is no form, or ends in its middle


async def _read(request: web.Request, arriving: "_Arriving") -> Upload:
    fields: dict[str, str] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise BROKEN
        if part.filename is None:
            if len(fields) >= _MOST_FIELDS:
                raise BROKEN
            raw = await part.read()
            if len(raw) > _LONGEST_FIELD:
                raise Refusal(413, "too_large", "Ce texte est trop long.")
            fields[part.name or ""] = clean(raw.decode("utf-8", "replace"))
        elif part.name == "piece":
            kind = await arriving.receive(part)
            arrived = Arrived(file_id=arriving.file_id, mime=kind.mime, image=kind.sort == "image")
            return Upload(fields=fields, arrived=arrived)
    raise NO_FILE


class _Arriving:
    """A file on its way into the database, a chunk at a time."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self.file_id = 0

    async def receive(self, part: BodyPartReader) -> FileType:
        """Writes the part down; what it is."""
        buffer, total, position = bytearray(), 0, 0
        kind: FileType | None = None
        while piece := await part.read_chunk(HEAD):
            buffer += piece
            total += len(piece)
            if total > LARGEST:
                raise TOO_LARGE
            if kind is None and len(buffer) >= HEAD:
                kind = await self._begin(part, bytes(buffer[:HEAD]))
            while len(buffer) >= files.CHUNK:
                await self._keep(position, bytes(buffer[: files.CHUNK]))
                position += 1
                del buffer[: files.CHUNK]
        if not total:
            raise NO_FILE
        kind = kind or await self._begin(part, bytes(buffer))
        if buffer:
            await self._keep(position, bytes(buffer))
        return kind

    async def _begin(self, part: BodyPartReader, head: bytes) -> FileType:
        kind = file_type(head)
        if not kind.accepted:
            raise NOT_TAKEN
        name = safe_name(part.filename, kind, otherwise="fichier")
        self.file_id = await turns.write(
            self._request, lambda turn: files.begin(turn.session, name=name, now=turn.now)
        )
        return kind

    async def _keep(self, position: int, content: bytes) -> None:
        await turns.write(
            self._request, lambda turn: files.add_chunk(turn.session, self.file_id, position, content)
        )

    async def drop_unless_placed(self) -> None:
        """Best effort: what stays nobody's is dropped at night."""
        if self.file_id:
            with suppress(DatabaseUnavailable):
                await turns.write(
                    self._request, lambda turn: files.drop_if_unattached(turn.session, self.file_id)
                )
