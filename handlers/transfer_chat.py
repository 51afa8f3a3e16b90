"""Passing on from the chat: `/transmettre 12 25 note…`, and one tap for a ticket whose place is not known."""

from handlers import referent_chat, transfer
from handlers.delivery import say, say_refused
from handlers.errors import Refused
from handlers.events import MessageReceived
from handlers.turn import Turn
from storage import directory
from storage.tables import Contact, Referent

LONGEST_TARGET = 6
"""Words of the longest name of a person or a place."""


def pass_on(turn: Turn, contact: Contact, writer: Referent, number: int, words: str) -> None:
    """A ticket goes where the first words say; what follows them is a note for whoever gets it."""
    target, note = _target_and_note(turn, words)
    outcome = transfer.pass_on(turn, writer, number, target, note=note)
    if isinstance(outcome, Refused):
        say_refused(turn, contact, outcome)
        return
    names = ", ".join(colleague.name for colleague in outcome) or turn.texts("role.national")
    say(turn, contact, "desk.passed", number=number, names=names)


def assign(turn: Turn, contact: Contact, number: int, code: str) -> None:
    """One tap: the ticket goes to this territory."""
    writer = referent_chat.of(turn, contact)
    if writer is None:
        say(turn, contact, "choice.gone")
        return
    pass_on(turn, contact, writer, number, code)


def ask_place(turn: Turn, contact: Contact, number: int) -> None:
    """None of the likely places: the next message of this referent names it."""
    writer = referent_chat.of(turn, contact)
    if writer is None:
        say(turn, contact, "choice.gone")
        return
    referent_chat.expect(turn, writer, place=number)
    say(turn, contact, "desk.ask_place", number=number)


def takes(turn: Turn, contact: Contact, event: MessageReceived) -> bool:
    """Whether a message is the place that a referent was asked for."""
    writer = referent_chat.of(turn, contact)
    number = referent_chat.awaited(turn, writer, "place") if writer is not None else None
    if writer is None or number is None or event.reply_to is not None or not event.text.strip():
        return False
    writer.awaiting = None
    pass_on(turn, contact, writer, int(number), event.text)
    return True


def _target_and_note(turn: Turn, words: str) -> tuple[str, str]:
    """« Camille Martin merci de voir » → a colleague's longest name, else the territory, and the rest."""
    parts = words.split()
    starts = range(1, min(LONGEST_TARGET, len(parts)) + 1)
    heads = [" ".join(parts[:size]).rstrip(",:;") for size in starts]
    colleagues = [size for size in starts if directory.by_name(turn.session, heads[size - 1]) is not None]
    size = colleagues[-1] if colleagues else _territory_ends(turn, heads)
    if size is None:
        return words, ""
    note = words.split(maxsplit=size)[size] if len(parts) > size else ""
    return heads[size - 1], note.lstrip(" ,:;–—-")


def _territory_ends(turn: Turn, heads: list[str]) -> int | None:
    """After how many words a territory is named: « Loire-Atlantique », not « Loire »."""
    ends, code = None, None
    for size, head in enumerate(heads, start=1):
        found = turn.world.knowledge.territories.find(head)
        if len(found) == 1 and found[0].code != code:
            ends, code = size, found[0].code
    return ends
