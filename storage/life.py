"""The life of a ticket. Each step is one conditional update: no row changed = refused.

              take                    reply
    waiting ─────────▶ taken ──────────────────▶ answered      a reply to a waiting one takes it too
     ▲   ▲               │ ▲                       │  │
     │   └──── pass_on ──┤ └──────── ask ──────────┘  │        ask: the asker wrote again
     │         release   │                            │
     │                   ├────────── close ───────────┤        close: the referent (from waiting too)
     │                   │           confirm          │        confirm: its asker says that it is solved
     │                   ▼                            │        (from any state; again when closed already)
     │                 closed ◀─────── assume ────────┘        assume: seven days without a word
     │                   │
     └────── reopen ─────┘                                     to taken while its holder is present, or by it

    waiting, taken, answered ── lose ──▶ unreachable ── find ──▶ taken (held) or waiting (not held)
    any but closed ── erase ──▶ closed                          relocate changes the place, never the state

The word is with us in *waiting* (nobody has it) and *taken*, with the asker in *answered*. A ticket that was
passed on, taken over or reopened is in one of these states; that it was is an event of its history.
In the hands of somebody: always in taken and answered, never in waiting.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, bindparam, case, or_, update
from sqlalchemy.orm import Session

from storage import contacts
from storage.columns import rows_of
from storage.prepared import Prepared, Values
from storage.rows import as_read, read_again
from storage.tables import Ticket

State = Literal["waiting", "taken", "answered", "closed", "unreachable"]
Step = Literal[
    "take",
    "take_over",
    "reply",
    "ask",
    "close",
    "confirm",
    "assume",
    "pass_on",
    "hand_to",
    "relocate",
    "release",
    "reopen",
    "reopen_held",
    "lose",
    "find",
    "find_held",
    "erase",
]

OPEN: tuple[State, ...] = ("waiting", "taken", "answered", "unreachable")
HELD: tuple[State, ...] = ("taken", "answered")
"""States of a ticket that is in somebody's hands and whose asker can be reached."""

STEPS: Mapping[Step, Mapping[State, State]] = {
    "take": {"waiting": "taken", "unreachable": "unreachable"},
    "take_over": {"taken": "taken", "answered": "taken", "unreachable": "unreachable"},
    "reply": {"waiting": "answered", "taken": "answered", "answered": "answered"},
    "ask": {"waiting": "waiting", "taken": "taken", "answered": "taken"},
    "close": dict.fromkeys(OPEN, "closed"),
    "confirm": dict.fromkeys((*OPEN, "closed"), "closed"),
    "assume": {"answered": "closed"},
    "pass_on": {
        "waiting": "waiting",
        "taken": "waiting",
        "answered": "waiting",
        "unreachable": "unreachable",
    },
    "hand_to": {"waiting": "taken", "taken": "taken", "answered": "taken", "unreachable": "unreachable"},
    "relocate": {state: state for state in OPEN},
    "release": {"taken": "waiting", "answered": "waiting", "unreachable": "unreachable"},
    "reopen": {"closed": "waiting"},
    "reopen_held": {"closed": "taken"},
    "lose": {"waiting": "unreachable", "taken": "unreachable", "answered": "unreachable"},
    "find": {"unreachable": "waiting"},
    "find_held": {"unreachable": "taken"},
    "erase": dict.fromkeys(OPEN, "closed"),
}
"""All that can happen to a ticket's state: the step, the states it starts from, where each leads."""

_PAID: frozenset[Step] = frozenset({"reply", "close", "confirm", "assume", "lose", "erase"})
"""Steps after which the asker waits for nothing of ours: what was promised is over with them."""


def move(session: Session, number: int, step: Step, *where: ColumnElement[bool], **values: Any) -> bool:
    """Takes a step, and sets `values` with it; False if the ticket's state, or `where`, does not allow it.

    From here to the end of the transaction the ticket is ours: whoever comes at the same instant waits.
    """
    edges = STEPS[step]
    if step in _PAID:
        values = {"promised_at": None, "near_at": None, "due_at": None, "reminded": None, **values}
    if where:
        statement = (
            update(Ticket)
            .where(Ticket.number == number, Ticket.state.in_(edges), *where)
            .values(state=case(dict(edges), value=Ticket.state), **values)
        )
        return changed_one(session, number, statement)
    named = {f"new_{name}": value for name, value in values.items()}
    return changed_by(session, number, _plain_step(step, tuple(values)), named)


@cache
def _plain_step(step: Step, names: tuple[str, ...]) -> Prepared:
    """A step on no further condition: such as with each word of somebody who waits."""
    rows, edges = rows_of(Ticket), STEPS[step]
    here = update(rows).where(rows.c.number == bindparam("ticket"), or_(*(rows.c.state == e for e in edges)))
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return Prepared(here.values(state=case(dict(edges), value=rows.c.state), **values).returning(*rows.c))


def hold_still(session: Session, ticket: Ticket) -> None:
    """Until the transaction ends, nobody else takes a step with this ticket or says anything to its asker.

    What is read of it from here on stays true. The asker comes first: their own turns begin with them.
    """
    if ticket.contact_id is not None:
        contacts.lock(session, ticket.contact_id)
    session.flush()  # what is read again forgets what was not written yet
    session.refresh(ticket, with_for_update=True)


def changed_one(session: Session, number: int, statement: Any) -> bool:
    """Runs an update of one ticket; what is in memory of it is read again."""
    session.flush()
    changed = session.execute(statement.execution_options(synchronize_session=False))
    read_again(session, Ticket, number)
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE


def changed_by(session: Session, number: int, statement: Prepared, values: Values) -> bool:
    """The same by a prepared update of the row whose number is `ticket`, which returns it whole."""
    session.flush()
    row = statement(session, {"ticket": number, **values}).first()
    if row is None:
        read_again(session, Ticket, number)
        return False
    as_read(session, Ticket, row._asdict())
    return True


def held_by(referent_id: int | None) -> ColumnElement[bool]:
    """For `where`: the ticket is in these hands (None: in nobody's)."""
    return Ticket.referent_id.is_not_distinct_from(referent_id)


def free_for(referent_id: int) -> ColumnElement[bool]:
    """For `where`: nobody has the ticket, or this referent does."""
    return or_(Ticket.referent_id.is_(None), Ticket.referent_id == referent_id)


def unconfirmed() -> ColumnElement[bool]:
    """For `where`: its asker has not said that it is solved."""
    return Ticket.solution.is_distinct_from("confirmed")


def answered_then(moment: datetime) -> ColumnElement[bool]:
    """For `where`: the last reply went out at that moment."""
    return Ticket.answered_at == moment
