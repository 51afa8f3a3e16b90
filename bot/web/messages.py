"""What was said, as the page and the API show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.web.pieces import Piece, pieces
from bot.web.render import message_html
from handlers.turn import Turn
from knowledge.markup import plain
from storage.tables import Transcript


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One row of the transcript, free of the database."""

    seq: int
    author: str
    """visitor, bot or referent"""
    text: str
    markup: bool
    choices: tuple[Choice, ...]
    moment: datetime
    client_id: str | None
    ticket: int | None
    pieces: tuple[Piece, ...] = ()
    edited: bool = False
    deleted: bool = False
    change_seq: int | None = None

    @property
    def html(self) -> Markup:
        if self.deleted:
            return Markup("<p><em>Message supprimé</em></p>")
        return message_html(self.text, markup=self.markup)

    @property
    def at(self) -> str:
        return self.moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    def shown_time(self, timezone: ZoneInfo, now: datetime) -> str:
        """« 14:05 » today, « 22/11 à 14:05 » before."""
        local = self.moment.astimezone(timezone)
        today = local.date() == now.astimezone(timezone).date()
        return f"{local:%H:%M}" if today else f"{local:%d/%m} à {local:%H:%M}"

    def as_json(self) -> dict[str, object]:
        """The contract's message; `id` only where the visitor's own client gave one."""
        body: dict[str, object] = {
            "seq": self.seq,
            "from": self.author,
            "text": plain(self.text) if self.markup else self.text,
            "html": str(self.html),
            "choices": [{"id": choice.id, "label": choice.label} for choice in self.choices],
            "at": self.at,
        }
        if self.client_id is not None:
            body["id"] = self.client_id
        if self.ticket is not None:
            body["ticket"] = self.ticket
        body |= {"edited": True} if self.edited else {}
        body |= {"deleted": True} if self.deleted else {}
        if self.pieces:
            body["files"] = [{"name": one.name, "size": one.size, "url": one.url} for one in self.pieces]
        return body


def message(row: Transcript, beside: tuple[Piece, ...] = ()) -> Message:
    offered = (Choice(str(one["id"]), str(one["label"])) for one in row.offered)
    return Message(
        seq=row.seq,
        author=row.author,
        text=row.text,
        markup=row.markup,
        choices=tuple(offered),
        moment=row.at,
        client_id=row.client_id if row.author == "visitor" else None,
        ticket=row.ticket_number,
        pieces=beside,
        edited=row.edited_at is not None and row.deleted_at is None,
        deleted=row.deleted_at is not None,
        change_seq=row.change_seq,
    )


def messages(turn: Turn, rows: Sequence[Transcript]) -> list[Message]:
    """The rows with the files that came with them."""
    beside = pieces(turn, [row.id for row in rows])
    return [message(row, beside.get(row.id, ())) for row in rows]


def last_visitor_seq(shown: Sequence[Message]) -> int:
    """Choices offered before the visitor's last words are no longer shown."""
    return max((one.seq for one in shown if one.author == "visitor"), default=0)
