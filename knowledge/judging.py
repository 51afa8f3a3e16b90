"""A message read, ranked and weighed: everything that deciding about it looks at."""

import math
from dataclasses import dataclass

from knowledge.confidence import Figures
from knowledge.entries import Audience, KnowledgeBase
from knowledge.following import is_short, leans, refers_back
from knowledge.learned import Learned
from knowledge.queries import Clause, Query
from knowledge.ranking import Ranker, Ranking
from knowledge.zones import Scope, Zones


@dataclass(frozen=True, slots=True)
class Judged:
    query: Query
    ranking: Ranking
    scope: Scope
    figures: Figures
    sure: float
    """P(the first entry answers the message), 0-1."""
    about_us: float
    """P(the message is about the pass Culture), 0-1."""


class Judge:
    def __init__(self, kb: KnowledgeBase, learned: Learned) -> None:
        self.ranker = Ranker(kb, learned)
        self.zones = Zones(kb.language, self.ranker.normaliser, self.ranker.says)
        self.confidence = learned.confidence

    def judge(self, text: str, audience: Audience | None = None, previous: str | None = None) -> Judged:
        """`previous`, the message before, is read when this one follows on it."""
        query = self.ranker.reader.read(text)
        alone = self._read(query, audience)
        if not previous or not self._may_follow(alone):
            return alone
        together = self._read(query, audience, self.ranker.reader.read(previous))
        follows = leans(query) or refers_back(query) or self._speaks_for(alone, together, audience)
        return together if follows else alone

    def sure_of(self, clause: Clause, audience: Audience | None) -> tuple[float, Ranking]:
        """The same for one clause by itself: P(right), and the entries."""
        query, ranking = self.ranker.rank_clause(clause, audience)
        return self._weighed(query, ranking, self._scope(query, ranking)).sure, ranking

    def _read(self, query: Query, audience: Audience | None, before: Query | None = None) -> Judged:
        ranking = self.ranker.rank(query, audience, before)
        scope = self._scope(query, ranking)
        if before is not None and not scope.foreign and self._about_us(self._read(before, audience)):
            scope = Scope(anchored=True, foreign=scope.foreign)
        return self._weighed(query, ranking, scope)

    def _weighed(self, query: Query, ranking: Ranking, scope: Scope) -> Judged:
        found, how = _figures(ranking, scope), self.confidence
        if not ranking.entries:
            return Judged(query, ranking, scope, found, 0.0, 0.0)
        return Judged(
            query, ranking, scope, found, how.sure.probability(found), how.about_us.probability(found)
        )

    def _scope(self, query: Query, ranking: Ranking) -> Scope:
        return self.zones.scope(query, ranking.entries[0].entry_id if ranking.entries else None)

    def _may_follow(self, alone: Judged) -> bool:
        """Put as a second half; or short, and not about something else by itself."""
        return leans(alone.query) or (is_short(alone.query) and self._about_us(alone))

    def _speaks_for(self, alone: Judged, together: Judged, audience: Audience | None) -> bool:
        """Whether a message says something itself for the entry that it leads to with the one before."""
        if not together.ranking.entries:
            return False
        found = self.ranker.entry_ids.index(together.ranking.entries[0].entry_id)
        evidence = float(self.ranker.evidence(alone.query.whole, audience)[found])
        return evidence > alone.ranking.other

    def _about_us(self, judged: Judged) -> bool:
        return judged.scope.anchored or judged.about_us >= self.confidence.thresholds.decline


def _figures(ranking: Ranking, scope: Scope) -> Figures:
    if not ranking.entries:
        return Figures(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    first = ranking.entries[0]
    others = [entry.evidence for entry in ranking.entries[1:]] + [ranking.rest]
    rest = sum(math.exp(min(max(other - first.evidence, -30.0), 30.0)) for other in others)
    return Figures(
        lead=min(max(-math.log(rest or 1e-9), -4.0), 6.0),
        gap=min(max(first.evidence - max(others), 0.0), 4.0),
        over_other=min(max(first.evidence - ranking.other, -6.0), 6.0),
        likeness=first.likeness,
        coverage=ranking.coverage,
        anchored=float(scope.anchored),
        native=float(not scope.foreign),
    )
