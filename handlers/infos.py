"""What people may agree to be told unasked, by subject and territory; nothing is sent until they do."""

from handlers.turn import Turn
from storage import broadcasts, erasures, subscriptions
from storage.subscriptions import Ending
from storage.tables import Contact

SUBJECTS = ("jeunes", "pro", "scolaire", "territoire")
"""A handful that somebody understands without knowing our themes; each has a name in the texts."""
OF_AUDIENCE = {"jeune": "jeunes", "relais": "jeunes", "partenaire": "pro", "collectivite": "territoire"}
"""The subject that news for an audience belong to, unless somebody says otherwise."""


def name_of(turn: Turn, subject: str) -> str:
    return turn.texts(f"infos.subject.{subject}")


def agree(turn: Turn, contact: Contact, subject: str, territory: str | None, wording: str) -> None:
    """Notes the agreement, with the sentence that was agreed to."""
    subscriptions.give(
        turn.session,
        contact.id,
        subject,
        territory=territory,
        wording=wording,
        act=contact.address.split(":", 1)[0],
        now=turn.now,
    )


def leave(turn: Turn, contact: Contact, subject: str | None, by: Ending) -> list[str]:
    """Ends one subject, or all, at once: of what is on its way nothing more is begun. Which ended."""
    left = subscriptions.end(turn.session, contact.id, subject=subject, by=by, now=turn.now)
    for one in left:
        erasures.note(turn.session, erasures.of_news(contact.address, one), now=turn.now)
    end: broadcasts.End = "blocked" if by == "blocked" else "left"
    broadcasts.withdraw(turn.session, contact.id, subjects=left, to=end)
    return left
