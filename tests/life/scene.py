"""A small desk and one demand; what can be done to it, by whom; and all that can be seen of it afterwards."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table as SqlTable
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import (
    conversation,
    ending,
    escalation,
    presence,
    privacy,
    referent,
    reopening,
    routing,
    staff,
    transfer,
)
from handlers.errors import Refused, refused
from handlers.events import ContactBlocked, ContactReturned, Event, MessageReceived
from handlers.staff_details import Typed
from handlers.talk import Talk
from handlers.turn import Turn, World
from knowledge.entries import KnowledgeBase
from knowledge.outcomes import Unknown
from storage import contacts, directory, life
from storage.tables import OutboxItem, Referent, Table, Ticket, TicketEvent, Transcript

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = START + timedelta(hours=1)
OPEN = life.OPEN
ASKER = "telegram:1"
Act = Callable[[Turn], object]


def world(knowledge: KnowledgeBase) -> World:
    """Telegram for everybody, no mail."""
    zone = ZoneInfo("Europe/Paris")
    pages: Mapping[str, Any] = {"telegram": lambda text, markup: [text]}
    return World(knowledge=knowledge, timezone=zone, public_url="http://localhost", pages=pages)


Kept = list[tuple[SqlTable, list[dict[str, Any]]]]


def keep(session: Session) -> Kept:
    """All rows there are, to begin from them again."""
    rows = ((table, session.execute(table.select()).mappings()) for table in Table.metadata.sorted_tables)
    return [(table, [dict(row) for row in found]) for table, found in rows]


def restore(session: Session, kept: Kept) -> None:
    """As when it was kept; numbers go on."""
    for table, _ in reversed(kept):
        session.execute(table.delete())
    for table, rows in kept:
        if rows:
            session.execute(table.insert(), rows)


def open_desk(turn: Turn) -> None:
    """Camille and Sam in the Doubs, Lou in the Jura of the same region, Diane at the national desk."""
    people = (
        ("Diane", "admin", "", 100),
        ("Camille", "referent", "25", 101),
        ("Sam", "referent", "25", 102),
        ("Lou", "referent", "39", 103),
    )
    for name, role, places, account in people:
        typed = Typed(name=name, territories=places, role=role, national=role == "admin")
        added = staff.add(turn, typed, telegram_id=account)
        assert isinstance(added, Referent), added


def ask(turn: Turn) -> None:
    """A demand from Besançon, at the desk."""
    contact = contacts.at(turn.session, ASKER, now=turn.now)
    contact.territory, contact.informed_at = "25", turn.now
    talk = Talk.of(contact)
    escalation.hand_over(turn, contact, talk, question_id=None, theme=None)
    talk.save(contact)


BEGINNINGS: Mapping[str, tuple[str, ...]] = {
    "waiting": (),
    "taken": ("camille takes",),
    "answered": ("camille replies",),
    "closed": ("camille replies", "camille closes"),
    "unreachable": ("camille takes", "asker blocks"),
}
"""What is done before, so that the demand is in each state."""


def begin(turn: Turn, state: str) -> None:
    """The demand of a fresh desk, brought to a state."""
    open_desk(turn)
    ask(turn)
    for act in BEGINNINGS[state]:
        ACTS[act](turn)
    turn.session.flush()


def do(turn: Turn, act: str) -> str:
    """Does something; the reason if it was refused."""
    outcome = ACTS[act](turn)
    turn.session.flush()
    return outcome.text if isinstance(outcome, Refused) else "done"


def later(turn: Turn) -> Turn:
    return replace(turn, now=LATER)


@dataclass(frozen=True)
class Seen:
    """All that people and the database can tell of what happened."""

    demands: tuple[tuple[Any, ...], ...]
    """(state, holder, territory, solution, what the asker said, whether it follows another) of each."""
    said: frozenset[tuple[tuple[str, str], int]]
    """What is in the conversation, by author and text, and how often."""
    events: frozenset[tuple[tuple[str, str | None], int]]
    sent: frozenset[tuple[tuple[str, str], int]]
    """Who is told something, and what for, and how often."""


def seen(session: Session) -> Seen:
    names: dict[int | None, str | None] = {one.id: one.name for one in session.scalars(select(Referent))}
    found = session.scalars(select(Ticket).order_by(Ticket.number)).all()
    demands = tuple(
        (t.state, names.get(t.referent_id), t.territory, t.solution, t.solved, t.linked_to is not None)
        for t in found
    )
    spoken = select(Transcript).where(Transcript.author != "bot")
    said = Counter((row.author, row.text) for row in session.scalars(spoken))
    events = Counter((e.what, names.get(e.referent_id)) for e in session.scalars(select(TicketEvent)))
    sent = Counter((item.lane, item.purpose) for item in session.scalars(select(OutboxItem)))
    return Seen(demands, frozenset(said.items()), frozenset(events.items()), frozenset(sent.items()))


def _number(turn: Turn) -> int:
    return turn.session.scalars(select(Ticket.number).order_by(Ticket.number)).one()


def _who(turn: Turn, name: str) -> Referent | None:
    return directory.by_name(turn.session, name)


def _by(name: str, doing: Callable[[Turn, Referent, int], object]) -> Act:
    """In the name of a referent; out of office, they can do nothing."""

    def act(turn: Turn) -> object:
        who = _who(turn, name)
        return doing(turn, who, _number(turn)) if who is not None else refused("desk.not_found")

    return act


def _asker(doing: Callable[[Turn, Any, Talk, int], object]) -> Act:
    """As a button of the asker's does it; their turn begins with them. Who was forgotten is somebody new."""

    def act(turn: Turn) -> object:
        contact = contacts.at(turn.session, ASKER, now=turn.now)
        presence.found(turn, contact)
        talk = Talk.of(contact)
        outcome = doing(turn, contact, talk, _number(turn))
        talk.save(contact)
        return outcome

    return act


def _erase(turn: Turn) -> None:
    privacy.erase_contact(turn, contacts.at(turn.session, ASKER, now=turn.now))


def _notice_is_due(turn: Turn) -> None:
    routing.check_notice(turn, _number(turn), "first", since=START)


def _silence_is_over(turn: Turn) -> None:
    ending.assume(turn, _number(turn), START)


def _event(event: Event) -> Act:
    """As it comes in by the door."""
    return lambda turn: conversation.handle(event, turn, Unknown())


def _removed(turn: Turn) -> object:
    who = _who(turn, "Camille")
    return staff.remove(turn, who) if who is not None else None


ACTS: Mapping[str, Act] = {
    "asker writes": _event(MessageReceived(address=ASKER, text="encore un mot")),
    "asker says solved": _asker(ending.confirm),
    "asker says not yet": _asker(ending.deny),
    "asker corrects the place": _asker(lambda t, c, k, _: escalation.set_territory(t, c, k, "39")),
    "asker blocks": _event(ContactBlocked(address=ASKER)),
    "asker returns": _event(ContactReturned(address=ASKER)),
    "asker is forgotten": _erase,
    "camille takes": _by("Camille", referent.take),
    "sam takes": _by("Sam", referent.take),
    "sam takes over": _by("Sam", lambda t, r, n: referent.take(t, r, n, over=True)),
    "diane takes over": _by("Diane", lambda t, r, n: referent.take(t, r, n, over=True)),
    "camille replies": _by("Camille", lambda t, r, n: referent.reply(t, r, n, "la réponse de Camille")),
    "sam replies": _by("Sam", lambda t, r, n: referent.reply(t, r, n, "la réponse de Sam")),
    "camille closes": _by("Camille", referent.close),
    "sam closes": _by("Sam", referent.close),
    "camille opens it again": _by("Camille", reopening.reopen),
    "camille passes on to the Jura": _by("Camille", lambda t, r, n: transfer.pass_on(t, r, n, "39")),
    "camille hands to Sam": _by("Camille", lambda t, r, n: transfer.pass_on(t, r, n, "Sam", note="vois")),
    "camille corrects the place": _by("Camille", lambda t, r, n: transfer.correct_territory(t, r, n, "39")),
    "camille leaves office": _removed,
    "the notice's time is over": _notice_is_due,
    "the silence is over": _silence_is_over,
}
"""The table of contents of what can happen to a demand."""
