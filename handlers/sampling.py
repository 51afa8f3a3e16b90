"""As soon as a week is over some of its automatic answers are drawn to be judged, once.

An answer's rank is a hash of the week and of its number: nobody chooses, and who draws again draws the same.
"""

import hashlib
from heapq import nsmallest

from handlers import daily
from handlers.turn import Turn
from handlers.week import Week
from storage import quality, questions, queue

SIZE = 30


def schedule(turn: Turn) -> None:
    """Asks for the sample of the last week and of this one, and for the same tomorrow."""
    this = Week.of(turn.today)
    for week in (this.earlier(1), this):
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


def draw(turn: Turn, week_id: str) -> None:
    """A timer's moment has come. A week without any answer has its sample, too: an empty one."""
    week = Week.read(week_id)
    if week is None:
        raise ValueError(f"no week is called {week_id}")
    zone = turn.world.timezone
    found = quality.answers(turn.session, week.begins(zone), week.ends(zone))
    numbers = nsmallest(SIZE, (number for number, held in found if held), key=lambda one: _rank(week, one))
    by_id = questions.by_ids(turn.session, numbers)
    drawn = [by_id[number] for number in numbers]
    quality.draw(turn.session, week.id, drawn, answers=len(found), now=turn.now)


def _rank(week: Week, number: int) -> bytes:
    return hashlib.sha256(f"{week.id} {number}".encode()).digest()
