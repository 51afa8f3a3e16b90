"""A territory beside the average of comparable ones: those from which about as much is asked.

Averages only: no territory and no colleague stands for itself, and there are none of fewer than three.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.turn import Turn
from storage import statistics, statistics_desk
from storage.statistics import Scope, Tally
from storage.statistics_desk import Spread

LEAST = 3
_COMPARED_OVER = timedelta(weeks=5)
_AT_LEAST_ASKED = 5
"""Questions in those weeks, below which nothing is like anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    number: int
    """How many territories are averaged."""
    questions: float
    demands: float
    tally: Tally
    """All of theirs together: shares are of all their questions."""
    first_reply: Spread


def peers(turn: Turn, scope: Scope) -> Peers | None:
    """The average of those with half to twice as many questions in the last weeks."""
    if scope.territories is None or len(scope.territories) != 1:
        return None
    wider = Scope(start=scope.end - _COMPARED_OVER, end=scope.end)
    asked = statistics.asked(turn.session, wider, "territory")
    (own,) = scope.territories
    like = range(-(-asked[own] // 2), asked[own] * 2 + 1)
    alike = {code for code, times in asked.items() if code is not None and code != own and times in like}
    if len(alike) < LEAST or asked[own] < _AT_LEAST_ASKED:
        return None
    theirs = replace(scope, territories=frozenset(alike))
    tally = sum(statistics.tallies(turn.session, theirs, "audience").values(), Tally())
    return Peers(
        number=len(alike),
        questions=tally.total / len(alike),
        demands=statistics_desk.opened(turn.session, theirs) / len(alike),
        tally=tally,
        first_reply=statistics_desk.first_reply(turn.session, theirs),
    )
