"""Gates: doors that stay shut until a moment of the database's clock, shared by all workers.

Back-off: `close` doubles the wait from 1 s to 60 s, `open` resets it at the first success.
Pacing: the `until` of a gate `…!pace` is the theoretical arrival time of the generic cell rate algorithm; a
lane or the whole channel may run ahead of it by a small burst.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, or_, select, update
from sqlalchemy.orm import Session

from storage.columns import database_now, insert_once, rows_of
from storage.prepared import Prepared
from storage.tables import Gate

FIRST_STEP_MS = 1_000
LAST_STEP_MS = 60_000


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a channel takes messages; intervals in milliseconds."""

    channel: str
    every_ms: int
    burst_ms: int
    lane_every_ms: int
    group_every_ms: int


TELEGRAM_PACE = Pace("telegram", every_ms=34, burst_ms=1_000, lane_every_ms=1_000, group_every_ms=3_000)
"""About 30 messages a second over all chats, 1 a second in a chat, 20 a minute in a group.

Source: Telegram's bot FAQ, « My bot is hitting limits ».
"""


def close(session: Session, name: str, *, reason: str, for_ms: int | None = None) -> None:
    """Shuts a gate, for as long as told or twice as long as the last time."""
    _ensure(session, name)
    gate = update(Gate).where(Gate.name == name)
    if for_ms is not None:
        # A success of a call that was under way must not open it: only a back-off ends by a success.
        until = _larger(Gate.until, database_now() + for_ms)
        session.execute(gate.values(step=0, until=until, reason=reason[:200]))
        return
    step = case((Gate.step == 0, FIRST_STEP_MS), else_=_smaller(Gate.step * 2, LAST_STEP_MS))
    # Of many calls that were under way and fail together, the first alone makes the wait longer.
    still_open = gate.where(Gate.until <= database_now())
    session.execute(still_open.values(step=step, until=database_now() + step, reason=reason[:200]))


def open_again(session: Session, names: Collection[str]) -> None:
    """A success: the gates open and their back-off starts anew."""
    # In order, as others may open the same ones.
    _OPEN_AGAIN.many(session, [{"of_name": name} for name in sorted(names)])


def closed(session: Session) -> dict[str, str]:
    """The gates that are shut by a failure now, with the reason."""
    shut = select(Gate.name, Gate.reason).where(Gate.until > database_now(), Gate.reason.is_not(None))
    return {name: reason or "" for name, reason in session.execute(shut)}


def hold(session: Session, name: str, holder: str, *, for_ms: int) -> bool:
    """Takes or renews a role (such as polling) for one process; False while somebody else holds it."""
    _ensure(session, name)
    mine = or_(Gate.holder == holder, Gate.holder.is_(None), Gate.until < database_now())
    values = {"holder": holder, "until": database_now() + for_ms}
    result = session.execute(update(Gate).where(Gate.name == name, mine).values(values))
    return bool(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE


def let_go(session: Session, name: str, holder: str) -> None:
    session.execute(update(Gate).where(Gate.name == name, Gate.holder == holder).values(holder=None, until=0))


def allowance(session: Session, pace: Pace) -> int:
    """How many messages the whole channel may take now; other workers wait until this is spent."""
    name = paced(pace.channel)
    _ensure(session, name)
    row = select(Gate.until, database_now()).where(Gate.name == name).with_for_update()
    until, now = session.execute(row).one()
    return int((now + pace.burst_ms - max(until, now)) // pace.every_ms)


def spend(session: Session, pace: Pace, lanes: Sequence[str]) -> None:
    """Notes that one message was taken for each of the lanes (and closes them for a moment)."""
    if not lanes:
        return
    _advance(session, paced(pace.channel), pace.every_ms * len(lanes), ahead_ms=0)
    for lane in sorted(set(lanes)):
        group = lane.split(":", 1)[1].startswith("-")
        every = pace.group_every_ms if group else pace.lane_every_ms
        # A greeting and an answer may follow each other at once; then one message per interval.
        _advance(session, paced(lane), every, ahead_ms=0 if group else 2 * every)


def paced(name: Any) -> Any:
    """The gate that paces a lane or a channel: apart from the one that failures shut."""
    return name + "!pace"


def forget(session: Session, name: str) -> None:
    """Takes a role away from whoever held it, or opens a gate as if it had never been shut."""
    session.execute(delete(Gate).where(Gate.name == name))


def stamp(session: Session, name: str, *, at: datetime) -> None:
    """Notes when something was last so, on the clock of who calls: a gate that shuts nothing."""
    _ensure(session, name)
    session.execute(update(Gate).where(Gate.name == name).values(until=int(at.timestamp() * 1000)))


def stamped(session: Session, name: str) -> datetime | None:
    """When it was last so; None if never."""
    until = session.scalar(select(Gate.until).where(Gate.name == name))
    return None if until is None else datetime.fromtimestamp(until / 1000, UTC)


def begin_anew(session: Session) -> None:
    """At the start, alone on a file: only what we were told to wait for is still waited for.

    A clock that was set back while nothing ran would make the rest last as long.
    """
    session.execute(delete(Gate).where(or_(Gate.step > 0, Gate.name.endswith("!pace"))))


def forget_idle(session: Session) -> None:
    """Drops the gates of lanes that are open: they hold addresses, and start anew when needed."""
    session.execute(delete(Gate).where(Gate.name.contains(":"), Gate.until <= database_now()))


def _advance(session: Session, name: str, by_ms: int, *, ahead_ms: int) -> None:
    """Moves a gate on; it counts as shut only once it is more than `ahead_ms` in the future."""
    _ensure(session, name)
    floor = database_now() - ahead_ms
    values = {"until": case((Gate.until > floor, Gate.until), else_=floor) + by_ms}
    session.execute(update(Gate).where(Gate.name == name).values(values))


def _ensure(session: Session, name: str) -> None:
    insert_once(session, Gate, "name", name=name)


def _smaller(left: Any, right: int) -> Any:
    return case((left < right, left), else_=right)


def _larger(left: Any, right: Any) -> Any:
    return case((left > right, left), else_=right)


_GATES = rows_of(Gate)
# Built once, since each delivery asks for it.
_OPEN_AGAIN = Prepared(
    update(_GATES)
    .where(_GATES.c.name == bindparam("of_name"), _GATES.c.step > 0)
    .values(step=0, until=0, reason=None)
)
