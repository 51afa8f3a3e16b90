"""`/blocage` in the chat: lists what stops people, notes a new point, joins a demand to a known one."""

from handlers import blocking, blocking_watch, blocking_words
from handlers.blocking_words import Meant
from handlers.delivery import say, say_refused
from handlers.errors import Refused
from handlers.events import CommandGiven
from handlers.turn import Turn
from knowledge.texts import Raw
from storage import blocking as stored
from storage import tickets
from storage.blocking import Extent, Wanted
from storage.tables import BlockingPoint, Contact, Referent

LISTED = 10


def give(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    """What stands after `/blocage`; nothing lists what is open."""
    words = event.argument.strip()
    if not words:
        _list(turn, contact)
        return
    meant = blocking_words.read(words, blocking.SUBJECTS, turn.today)
    outcome = _note(turn, writer, meant) if meant.joins is None else _join(turn, writer, meant)
    if isinstance(outcome, Refused):
        say_refused(turn, contact, outcome)
        return
    say(
        turn,
        contact,
        "blocking.noted" if meant.joins is None else "blocking.joined",
        number=outcome.id,
        title=outcome.title,
        subject=blocking.SUBJECTS[outcome.subject],
        url=_url(turn, outcome),
    )


def _note(turn: Turn, writer: Referent, meant: Meant) -> BlockingPoint | Refused:
    """A subject that was not said is that of the demand's theme."""
    subject = meant.subject or _subject_of(turn, writer, meant.number)
    return blocking.note(
        turn,
        writer,
        title=meant.title,
        subject=subject,
        since=meant.since,
        number=meant.number,
        who=meant.who,
    )


def _join(turn: Turn, writer: Referent, meant: Meant) -> BlockingPoint | Refused:
    assert meant.joins is not None  # noqa: S101  # asked before
    return blocking.join(turn, writer, meant.joins, number=meant.number)


def _subject_of(turn: Turn, writer: Referent, number: int | None) -> str:
    ticket = tickets.for_referent(turn.session, number, writer) if number is not None else None
    return blocking_watch.subject_of(ticket.theme if ticket is not None else None)


def _list(turn: Turn, contact: Contact) -> None:
    found = stored.listed(turn.session, Wanted(states=(*stored.OPEN, "proposed")))
    if not found:
        say(turn, contact, "blocking.none")
        return
    extents = stored.extents(turn.session, [point.id for point in found])
    lines = Raw("\n".join(_line(turn, point, extents.get(point.id)) for point in found[:LISTED]))
    url = Raw(f"{turn.world.public_url}/console/blocages")
    say(turn, contact, "blocking.list", lines=lines, count=len(found), url=url)


def _line(turn: Turn, point: BlockingPoint, extent: Extent | None) -> str:
    return turn.texts(
        "blocking.line",
        number=point.id,
        subject=blocking.SUBJECTS[point.subject],
        title=point.title,
        state=blocking.STATES[point.state],
        days=blocking.days_old(turn, point),
        people=extent.people if extent is not None else 0,
    )


def _url(turn: Turn, point: BlockingPoint) -> Raw:
    return Raw(f"{turn.world.public_url}/console/blocages/{point.id}")
