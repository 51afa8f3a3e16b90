"""Blocking points: what stops people, whom, who looks after it, until it is solved and all are told.

The register belongs to the whole desk: it holds no words of people. A ticket behind a report opens only for
those who may see it. Its owner, leads and the national desk end a point.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from handlers import audit
from handlers.audit import Action
from handlers.delivery import say, send_mail_notice
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge.masking import mask
from storage import blocking, directory, tickets
from storage.blocking import State
from storage.rights import Right, may
from storage.tables import BlockingPoint, Referent, Ticket

SUBJECTS: Mapping[str, str] = {
    "app": "Application",
    "pro": "pass Culture Pro",
    "adage": "ADAGE",
    "remboursement": "Remboursement",
    "compte": "Compte et identité",
    "offre": "Offres et réservations",
    "autre": "Autre",
}
STATES: Mapping[str, str] = {
    "proposed": "proposé",
    "open": "ouvert",
    "raised": "remonté",
    "solved": "résolu",
    "dismissed": "écarté",
    "merged": "réuni à un autre",
}
LONGEST_TITLE = 200
LONGEST_WHO = 120
LONGEST_SOLUTION = 1_000
OLDEST = timedelta(days=730)


def note(
    turn: Turn,
    by: Referent,
    *,
    title: str,
    subject: str,
    since: date | None = None,
    number: int | None = None,
    who: str = "",
) -> BlockingPoint | Refused:
    """Opens a point, for the asker of a ticket, somebody who is named, or nobody yet; `by` looks after it."""
    title, since = " ".join(title.split()), since or turn.today
    problem = _problem(turn, title, subject, since)
    if problem is not None:
        return problem
    ticket = tickets.for_referent(turn.session, number, by) if number is not None else None
    if number is not None and ticket is None:
        return refused("desk.not_found", number=number)
    stopped = _named(who)
    if isinstance(stopped, Refused):
        return stopped
    point = blocking.add(turn.session, title=title, subject=subject, since=since, now=turn.now, by_id=by.id)
    if ticket is not None or stopped is not None:
        _report(turn, point, by, ticket, stopped)
    audit.note(turn, by, Action.BLOCKED, "blocking", point.id, detail=subject)
    return point


def join(
    turn: Turn, by: Referent, point_id: int, *, number: int | None = None, who: str = ""
) -> BlockingPoint | Refused:
    """Says that the asker of a ticket, or somebody who is named, is stopped by a known point."""
    point = blocking.get(turn.session, point_id)
    if point is None:
        return refused("blocking.unknown", number=point_id)
    if point.state in blocking.ENDED:
        return refused("blocking.over", number=point_id)
    ticket = tickets.for_referent(turn.session, number, by) if number is not None else None
    if number is not None and ticket is None:
        return refused("desk.not_found", number=number)
    stopped = _named(who)
    if isinstance(stopped, Refused):
        return stopped
    if ticket is None and stopped is None:
        return refused("blocking.nobody", limit=LONGEST_WHO)
    if not _report(turn, point, by, ticket, stopped):
        return refused("blocking.known_ticket", number=number, point=point_id)
    audit.note(turn, by, Action.JOINED, "blocking", point.id)
    return point


def accept(turn: Turn, by: Referent, point_id: int) -> BlockingPoint | Refused:
    """Keeps what the robot proposed; `by` looks after it from now on."""
    return _step(turn, by, point_id, "open", Action.ACCEPTED, "blocking.not_proposed", owner_id=by.id)


def dismiss(turn: Turn, by: Referent, point_id: int) -> BlockingPoint | Refused:
    return _step(turn, by, point_id, "dismissed", Action.DISMISSED, "blocking.not_proposed")


def raise_it(turn: Turn, by: Referent, point_id: int) -> BlockingPoint | Refused:
    """Notes that the national team knows of it."""
    return _step(turn, by, point_id, "raised", Action.RAISED, "blocking.over")


def take(turn: Turn, by: Referent, point_id: int) -> BlockingPoint | Refused:
    """Looks after a point that is not over, from now on."""
    point = blocking.get(turn.session, point_id)
    if point is None:
        return refused("blocking.unknown", number=point_id)
    if point.state not in blocking.OPEN:
        return refused("blocking.over", number=point_id)
    point.owner_id = by.id
    audit.note(turn, by, Action.TAKEN_OVER, "blocking", point_id)
    return point


def solve(turn: Turn, by: Referent, point_id: int, solution: str) -> int | Refused:
    """Ends a point and tells everybody concerned, each by their own door; how many were told."""
    solution = solution.strip()
    if not solution or len(solution) > LONGEST_SOLUTION:
        return refused("blocking.solution", limit=LONGEST_SOLUTION)
    if mask(solution) != solution:
        return refused("blocking.personal")
    outcome = _step(turn, by, point_id, "solved", Action.SOLVED, "blocking.over", solution=solution)
    return outcome if isinstance(outcome, Refused) else _tell_all(turn, point_id, solution)


def merge(turn: Turn, by: Referent, point_id: int, into: int) -> BlockingPoint | Refused:
    """Makes one of two: what was reported to `point_id` counts for `into` from now on."""
    other = blocking.get(turn.session, into)
    if other is None or into == point_id:
        return refused("blocking.unknown", number=into)
    if other.state not in blocking.OPEN:
        return refused("blocking.over", number=into)
    outcome = _step(turn, by, point_id, "merged", Action.MERGED, "blocking.over", merged_into=into)
    if isinstance(outcome, Refused):
        return outcome
    blocking.merge(turn.session, point_id, into)
    other.since = min(other.since, outcome.since)
    return other


def decides(who: Referent, point: BlockingPoint) -> bool:
    """Whether somebody may end a point: its owner, leads and the national desk."""
    wide = may(who, Right.ALL_TICKETS) or may(who, Right.REGION_TICKETS)
    return wide or point.owner_id == who.id


def days_old(turn: Turn, point: BlockingPoint) -> int:
    """For how many days people have been stopped, or were."""
    last = point.ended_at.astimezone(turn.world.timezone).date() if point.ended_at else turn.today
    return max((last - point.since).days, 0)


def owner_of(turn: Turn, point: BlockingPoint) -> str | None:
    return directory.name_of(turn.session, point.owner_id)


def _step(
    turn: Turn, by: Referent, point_id: int, to: State, action: Action, otherwise: str, **more: object
) -> BlockingPoint | Refused:
    point = blocking.get(turn.session, point_id)
    if point is None:
        return refused("blocking.unknown", number=point_id)
    if not decides(by, point):
        return refused("blocking.not_yours", number=point_id)
    if not blocking.move(turn.session, point_id, to, by_id=by.id, now=turn.now, **more):
        return refused(otherwise, number=point_id)
    audit.note(turn, by, action, "blocking", point_id)
    turn.session.refresh(point)
    return point


def _report(
    turn: Turn,
    point: BlockingPoint,
    by: Referent,
    ticket: Ticket | None,
    who: str | None,
) -> bool:
    """Somebody without a ticket is where the referent serves, if that is one place."""
    served = directory.territories_of(turn.session, by.id)
    place = served[0] if len(served) == 1 else None
    return blocking.report(
        turn.session, point.id, now=turn.now, by_id=by.id, ticket=ticket, who=who, territory=place
    )


def _tell_all(turn: Turn, point_id: int, solution: str) -> int:
    found = blocking.concerned(turn.session, point_id)
    for contact in found:
        say(turn, contact, "blocking.solved_for_you", solution=solution)
        mine = tickets.of_contact(turn.session, contact.id)
        if mine:
            send_mail_notice(turn, contact, mine[-1])
    return len(found)


def _problem(turn: Turn, title: str, subject: str, since: date) -> Refused | None:
    if not title or len(title) > LONGEST_TITLE:
        return refused("blocking.title", limit=LONGEST_TITLE)
    if mask(title) != title:
        return refused("blocking.personal")
    if subject not in SUBJECTS:
        return refused("blocking.subject", subjects=", ".join(SUBJECTS))
    if not turn.today - OLDEST <= since <= turn.today:
        return refused("blocking.since")
    return None


def _named(who: str) -> str | Refused | None:
    """Somebody without a ticket: a structure by its name, never a person's address."""
    who = " ".join(who.split())
    if len(who) > LONGEST_WHO:
        return refused("blocking.nobody", limit=LONGEST_WHO)
    return refused("blocking.personal") if mask(who) != who else who or None
