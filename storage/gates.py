"""Gates: doors that stay shut until a moment of the database's clock, shared by all workers.

Back-off: `close` doubles the wait from 1 s to 60 s, `open` resets it at the first success.
Pacing: a gate's `until` is the theoretical arrival time of the generic cell rate algorithm; a lane or the
whole channel may run ahead of it by a small burst.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.columns import database_now
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
    step = case((Gate.step == 0, FIRST_STEP_MS), else_=_smaller(Gate.step * 2, LAST_STEP_MS))
    wait: Any = step if for_ms is None else for_ms
    values = {
        "step": step if for_ms is None else Gate.step,
        "until": database_now() + wait,
        "reason": reason[:200],
    }
    session.execute(update(Gate).where(Gate.name == name).values(values))


def open_again(session: Session, name: str) -> None:
    """A success: the gate opens and its back-off starts anew."""
    session.execute(update(Gate).where(Gate.name == name, Gate.step > 0).values(step=0, until=0, reason=None))


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
    """How many messages the whole channel may take now."""
    name = _pace_name(pace)
    row = session.execute(select(Gate.until, database_now()).where(Gate.name == name)).first()
    if row is None:
        return pace.burst_ms // pace.every_ms
    until, now = row
    return int((now + pace.burst_ms - max(until, now)) // pace.every_ms)


def spend(session: Session, pace: Pace, lanes: Sequence[str]) -> None:
    """Notes that one message was taken for each of the lanes (and closes them for a moment)."""
    if not lanes:
        return
    _advance(session, _pace_name(pace), pace.every_ms * len(lanes), ahead_ms=0)
    for lane in set(lanes):
        group = lane.split(":", 1)[1].startswith("-")
        every = pace.group_every_ms if group else pace.lane_every_ms
        # A greeting and an answer may follow each other at once; then one message per interval.
        _advance(session, lane, every, ahead_ms=0 if group else 2 * every)


def forget(session: Session, name: str) -> None:
    gate = session.get(Gate, name)
    if gate is not None:
        session.delete(gate)


def _advance(session: Session, name: str, by_ms: int, *, ahead_ms: int) -> None:
    """Moves a gate on; it counts as shut only once it is more than `ahead_ms` in the future."""
    _ensure(session, name)
    floor = database_now() - ahead_ms
    values = {"until": case((Gate.until > floor, Gate.until), else_=floor) + by_ms}
    session.execute(update(Gate).where(Gate.name == name).values(values))


def _ensure(session: Session, name: str) -> None:
    dialect = session.get_bind().dialect.name
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    session.execute(
        insert(Gate).values(name=name, until=0, step=0).on_conflict_do_nothing(index_elements=["name"])
    )


def _pace_name(pace: Pace) -> str:
    return f"{pace.channel}!pace"


def _smaller(left: Any, right: int) -> Any:
    return case((left < right, left), else_=right)
