"""As soon as a week is over some of its automatic answers are drawn to be judged, once.

An answer's rank is a hash of the week and of its number: nobody chooses, and who draws again draws the same.
"""

import hashlib
from heapq import nsmallest

from handlers import daily
from handlers.turn import Turn
from handlers.week import Week
from storage import quality, questions, queue, statistics

SIZE = 30
WEEKS = 13
"""Those that the rate is made of."""


def schedule(turn: Turn) -> None:
    """Asks for the sample of this week and of those that lack theirs, and for the same tomorrow."""
    for week in _lacking(turn):
        queue.put_timer(
            turn.session,
            key=f"sample:{week.id}",
            lane="timer:sample",
            kind="sample",
            now=turn.now,
            due_at=week.ends(turn.world.timezone),
            week=week.id,
        )
    daily.again_tomorrow(turn, "samples")


def _lacking(turn: Turn) -> list[Week]:
    """From the last one that was drawn on, after a downtime too; at first the week before this one."""
    this, drawn = Week.of(turn.today), quality.weeks(turn.session)
    last = Week.read(drawn[0]) if drawn else this.earlier(2)
    return [week for back in range(WEEKS) if last is not None and (week := this.earlier(back)) > last]


def draw(turn: Turn, week_id: str) -> None:
    """A timer's moment has come. A week without any answer has its sample, too; none of before the first."""
    week = Week.read(week_id)
    if week is None:
        raise ValueError(f"no week is called {week_id}")
    zone, first = turn.world.timezone, statistics.first(turn.session)
    if first is None or first >= week.ends(zone):
        return
    found = quality.answers(turn.session, week.begins(zone), week.ends(zone))
    numbers = nsmallest(SIZE, (number for number, held in found if held), key=lambda one: _rank(week, one))
    by_id = questions.by_ids(turn.session, numbers)
    drawn = [by_id[number] for number in numbers]
    quality.draw(turn.session, week.id, drawn, answers=len(found), now=turn.now)


def _rank(week: Week, number: int) -> bytes:
    return hashlib.sha256(f"{week.id} {number}".encode()).digest()
