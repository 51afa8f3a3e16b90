"""What was said in a demand, as its page shows it: who, when, what became of it, what one may still do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from bot.web.console import wording
from bot.web.pieces import Piece, pieces
from bot.web.render import message_html
from handlers import revising
from handlers.turn import Turn
from knowledge.markup import plain
from knowledge.writing import light
from storage import directory, outbox, revisions
from storage.tables import Referent, Transcript

State = Literal["waiting", "sent", "failed", "web"]
Status = tuple[str, str | None]
"""Of an outbox item, with the reason of a failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    state: State
    words: str
    change: "Delivery | None" = None
    """What became of an edit or a deletion, while it is not done where the person reads."""

    @property
    def failed(self) -> bool:
        return self.state == "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    id: int
    seq: int
    author: str
    who: str
    html: Markup
    at: str
    time: str
    edited: bool
    deleted: bool
    offered: tuple[str, ...]
    delivery: Delivery | None
    pieces: tuple[Piece, ...]
    own: bool
    """Whether the reader wrote it and may change it."""
    draft: str
    """What stands in the form that changes it."""


def said(turn: Turn, referent: Referent, rows: Sequence[Transcript]) -> tuple[Said, ...]:
    """The rows as this referent sees them."""
    ids = [row.id for row in rows]
    states, changes = (
        outbox.states_by_transcript(turn.session, ids),
        revisions.change_states(turn.session, ids),
    )
    beside = pieces(turn, ids)
    return tuple(
        _one(
            turn,
            referent,
            row,
            _delivery(row, states.get(row.id), changes.get(row.id)),
            beside.get(row.id, ()),
        )
        for row in rows
    )


def _one(
    turn: Turn, referent: Referent, row: Transcript, delivery: Delivery, beside: tuple[Piece, ...]
) -> Said:
    names = {"visitor": "La personne", "bot": "Souffleur (robot)"}
    who = names.get(row.author) or directory.name_of(turn.session, row.referent_id) or "Référent"
    return Said(
        id=row.id,
        seq=row.seq,
        author=row.author,
        who=who,
        html=message_html(row.text, markup=row.markup),
        at=row.at.isoformat(timespec="seconds"),
        time=wording.moment(row.at, turn.world.timezone, turn.now),
        edited=row.edited_at is not None and row.deleted_at is None,
        deleted=row.deleted_at is not None,
        offered=tuple(str(choice["label"]) for choice in row.choices or ()),
        delivery=delivery if row.author == "referent" else None,
        pieces=beside,
        own=revising.may_change(referent, row),
        draft=_draft(turn, row),
    )


def _draft(turn: Turn, row: Transcript) -> str:
    """As it was typed, where that can be told; else its words without their markup."""
    if not row.markup or light(row.text, own=turn.world.public_url) == row.text:
        return row.text
    return plain(row.text)


def _delivery(row: Transcript, state: Status | None, change: Status | None) -> Delivery:
    if row.deleted_at is not None:
        return Delivery(state="web", words="Supprimé", change=_change(change, "Suppression"))
    kind, words = _state(state)
    return Delivery(state=kind, words=words, change=_change(change, "Modification"))


def _state(state: Status | None) -> tuple[State, str]:
    """The web has no outbox: the message is in the conversation at once."""
    match state:
        case None:
            return "web", "Visible sur le site"
        case ("sent", _):
            return "sent", "Remis"
        case ("failed", reason):
            return "failed", f"Échec : {wording.failure(reason)}"
        case ("cancelled", _):
            return "failed", "Échec : la personne ne peut plus être jointe"
        case _:
            return "waiting", "En attente d'envoi"


def _change(state: Status | None, what: str) -> Delivery | None:
    match state:
        case None | ("sent", _):
            return None
        case ("failed" | "cancelled", reason):
            words = f"{what} non faite chez la personne : {wording.failure(reason)}"
            return Delivery(state="failed", words=words)
        case _:
            return Delivery(state="waiting", words=f"{what} en attente d'envoi")
