"""Files of a conversation as pages show them, and how they go out: as they come, to be kept, never to run."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from bot.delivery import DeliveryError
from bot.web import turns
from bot.web.errors import Refusal
from bot.web.keys import REMOTE
from handlers.media import kind_in_words
from handlers.turn import Turn
from knowledge.filetypes import HEAD, file_type, safe_name
from storage import files
from storage.tables import File


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One file, free of the database."""

    id: int
    kind: str
    name: str
    size: str
    """« 1,2 Mo »; empty where it is not known."""
    external_id: str | None

    @property
    def url(self) -> str:
        """Where whoever has the conversation opens it."""
        return f"/chat/pieces/{self.id}"

    @property
    def words(self) -> str:
        return f"{self.name} ({self.size})" if self.size else self.name


def piece(turn: Turn, file: File) -> Piece:
    kind = kind_in_words(turn, file.kind)
    return Piece(
        id=file.id,
        kind=kind,
        name=file.name or kind,
        size=size_in_words(file.size) if file.size else "",
        external_id=file.external_id,
    )


def pieces(turn: Turn, transcript_ids: Sequence[int]) -> dict[int, tuple[Piece, ...]]:
    """The files by the row of the transcript that they came with."""
    found = files.by_rows(turn.session, transcript_ids)
    return {row_id: tuple(piece(turn, file) for file in several) for row_id, several in found.items()}


def size_in_words(size: int) -> str:
    """« 512 octets », « 34 Ko », « 1,2 Mo »."""
    if size < 1000:
        return f"{size} octets"
    if size < 1_000_000:
        return f"{round(size / 1000)} Ko"
    return f"{size / 1_000_000:.1f} Mo".replace(".", ",")


async def send_piece(request: web.Request, found: Piece) -> web.StreamResponse:
    """Streams the file; what it is, its first bytes say. Refusal 404, 413 or 502 when it cannot be had."""
    response: web.StreamResponse | None = None
    try:
        async with _content(request, found) as parts:
            head = await anext(parts, b"")
            response = _response(head, found)
            await response.prepare(request)
            await response.write(head)
            async for part in parts:
                await response.write(part)
            await response.write_eof()
    except DeliveryError as error:
        if response is None:
            raise _unavailable(error) from None
        # Half of it is out: an end that the browser takes for no end.
        if request.transport is not None:
            request.transport.abort()
    assert response is not None  # noqa: S101  # else it was refused above
    return response


@asynccontextmanager
async def _content(request: web.Request, found: Piece) -> AsyncIterator[AsyncIterator[bytes]]:
    """The bytes, the first part long enough to tell what they are."""
    if found.external_id is None:
        yield _with_head(_kept(request, found.id))
        return
    remote = request.app[REMOTE]
    if remote is None:
        raise Refusal(404, "not_found", "Ce fichier est resté sur Telegram, qui n’est pas relié à ce site.")
    async with remote.open(found.external_id) as parts:
        yield _with_head(parts)


async def _kept(request: web.Request, file_id: int) -> AsyncIterator[bytes]:
    position = 0
    while (part := await _chunk(request, file_id, position)) is not None:
        yield part
        position += 1


async def _chunk(request: web.Request, file_id: int, position: int) -> bytes | None:
    return await turns.read(request, lambda turn: files.chunk(turn.session, file_id, position))


async def _with_head(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    head = b""
    async for part in parts:
        head += part
        if len(head) >= HEAD:
            break
    yield head
    async for part in parts:
        yield part


def _response(head: bytes, found: Piece) -> web.StreamResponse:
    kind = file_type(head[:HEAD])
    name = safe_name(found.name, kind, otherwise="fichier")
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    named = f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return web.StreamResponse(
        headers={
            "Content-Type": kind.mime,
            "Content-Disposition": f"attachment; {named}",
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        }
    )


def _unavailable(error: DeliveryError) -> Refusal:
    if "too big" in error.reason:
        return Refusal(413, "too_large", "Ce fichier dépasse 20 Mo : Telegram ne le donne pas aux robots.")
    return Refusal(502, "unavailable", "Telegram ne donne pas ce fichier. Réessayez un peu plus tard.")
