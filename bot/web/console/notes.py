"""Internal notes on a demand as its page shows them: among what was said, visibly apart."""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from bot.web.console import wording
from bot.web.render import message_html
from handlers.turn import Turn
from storage import directory, notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One note, beside what was said."""

    who: str
    html: Markup
    at: str
    time: str
    author: Literal["note"] = "note"


def noted(turn: Turn, number: int) -> tuple[Noted, ...]:
    """The notes on a demand that the referent may see."""
    return tuple(
        Noted(
            who=directory.name_of(turn.session, note.referent_id) or "Référent",
            html=message_html(note.text, markup=False),
            at=note.at.isoformat(timespec="seconds"),
            time=wording.moment(note.at, turn.world.timezone, turn.now),
        )
        for note in notes.of_ticket(turn.session, number)
    )
