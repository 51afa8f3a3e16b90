"""What a message is: the one door to everything that decides it.

    matcher = Matcher(load_knowledge())
    matcher.match("jai pas recu mes 150 euros", audience=Audience.JEUNE)

Doors first (distress, a wish for a human, small talk), then the ranking of the entries, then the
zones. Pure and thread-safe; the work is bounded whatever the text (`normalising.cut`).
"""

from dataclasses import dataclass, replace

from knowledge.confidence import in_scope, sure
from knowledge.doors import Doors
from knowledge.entries import Audience, KnowledgeBase
from knowledge.outcomes import (
    Candidate,
    Candidates,
    Distress,
    Explanation,
    Found,
    HumanRequested,
    Match,
    Near,
    OutOfScope,
    Parts,
    SmallTalk,
    Unknown,
    Unsure,
)
from knowledge.queries import Query
from knowledge.ranking import Ranker, Ranking
from knowledge.zones import (
    ANSWER_FROM,
    DECLINE_FOREIGN_UNDER,
    DECLINE_UNDER,
    PART_AMONG,
    PART_ANSWER_FROM,
    PART_FROM,
    PROPOSE_FROM,
    Scope,
    Zones,
)

SHOWN = 5
_FOLLOW_UP_WORDS = 5
_FOLLOW_UP_STARTS = frozenset({"et", "ou", "meme", "ca", "sinon", "mais", "pareil", "du"})


@dataclass(frozen=True, slots=True)
class _Judged:
    query: Query
    ranking: Ranking
    sure: float
    in_scope: float
    scope: Scope


class Matcher:
    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._ranker = Ranker(kb)
        self._doors = Doors(kb.language, self._ranker.normaliser)
        self._zones = Zones(kb.language, self._ranker.normaliser, self._ranker.own_words)

    def match(self, text: str, *, audience: Audience | None = None, previous: str | None = None) -> Match:
        """What this message is. `previous`, the message before, is read when this one follows on it."""
        match, _, _ = self._decide(text, audience, previous)
        return match

    def explain(
        self, text: str, *, audience: Audience | None = None, previous: str | None = None
    ) -> Explanation:
        match, reason, judged = self._decide(text, audience, previous)
        return Explanation(
            match=match,
            words=judged.query.stems,
            reason=reason,
            sure=round(100 * judged.sure, 1),
            in_scope=round(100 * judged.in_scope, 1),
            near=tuple(self._near(candidate, judged) for candidate in match.candidates),
        )

    def _decide(
        self, text: str, audience: Audience | None, previous: str | None
    ) -> tuple[Match, str, _Judged]:
        query = self._ranker.reader.read(text)
        before = self._ranker.reader.read(previous) if previous and _follows_on(query) else None
        judged = self._judge(query, self._ranker.rank(query, audience, before))
        if before is not None and not judged.scope.foreign and self._about_us(before, audience):
            judged = replace(judged, scope=Scope(anchored=True, foreign=judged.scope.foreign))
        candidates = _candidates(judged)
        if self._doors.distress(query):
            return Distress(), "mots de détresse", judged
        if self._doors.human(query):
            return HumanRequested(candidates=candidates), "la personne demande un humain", judged
        kind = self._doors.smalltalk(query)
        if kind is not None:
            return SmallTalk(kind=kind), f"politesse ({kind})", judged
        match, reason = self._zone(judged, candidates, audience)
        if isinstance(match, OutOfScope):
            match = replace(match, door=self._zones.door(query))
        return match, reason, judged

    def _judge(self, query: Query, ranking: Ranking) -> _Judged:
        first = ranking.entries[0].entry_id if ranking.entries else None
        scope = self._zones.scope(query, first)
        return _Judged(query, ranking, sure(ranking), in_scope(ranking), scope)

    def _about_us(self, query: Query, audience: Audience | None) -> bool:
        judged = self._judge(query, self._ranker.rank(query, audience))
        return judged.scope.anchored or judged.in_scope >= DECLINE_UNDER

    def _zone(self, judged: _Judged, candidates: Candidates, audience: Audience | None) -> tuple[Match, str]:
        query, scope = judged.query, judged.scope
        if not query.content or not candidates:
            if scope.anchored:
                return Unknown(candidates=candidates), "rien de précis dans le message"
            return OutOfScope(candidates=candidates), "rien dans le message ne parle du pass Culture"
        if not scope.anchored and self._zones.surely_elsewhere(query):
            return OutOfScope(candidates=candidates), "une démarche d'un autre guichet"
        if scope.foreign and not scope.anchored and judged.in_scope < DECLINE_FOREIGN_UNDER:
            return OutOfScope(candidates=candidates), f"autre dispositif : {', '.join(sorted(scope.foreign))}"
        if self._zones.casework(query):
            return Unknown(candidates=candidates), "la personne demande qu'on agisse pour elle"
        if not scope.anchored and judged.in_scope < DECLINE_UNDER:
            return OutOfScope(candidates=candidates), "trop loin de toutes les fiches"
        if judged.sure < PROPOSE_FROM:
            return Unknown(candidates=candidates), "au sujet du pass Culture, mais aucune fiche n'est proche"
        parts, least = self._parts(judged, audience)
        wanted = [part[0] for part in parts] or [candidates[0].entry_id]
        obstacle = self._obstacle(judged, wanted)
        if obstacle is None and (least >= PART_ANSWER_FROM if parts else judged.sure >= ANSWER_FROM):
            always = any(self._kb.entries[entry].handoff == "always" for entry in wanted)
            found = Found(candidates=candidates, parts=parts, outcome="handoff" if always else "answer")
            return found, "plusieurs questions, chacune sûre" if parts else "une fiche est sûre"
        return Unsure(candidates=candidates, parts=parts), obstacle or "plusieurs fiches sont proches"

    def _obstacle(self, judged: _Judged, wanted: list[str]) -> str | None:
        """What forbids a sure answer with these entries, in French."""
        obstacles = (self._zones.forbidden(judged.query, self._kb.entries[entry]) for entry in wanted)
        obstacle = next((found for found in obstacles if found), None)
        if obstacle is None and judged.scope.foreign:
            return f"autre dispositif cité : {', '.join(sorted(judged.scope.foreign))}"
        return obstacle

    def _parts(self, judged: _Judged, audience: Audience | None) -> tuple[Parts, float]:
        """Entries of each question and the least sureness, when clauses are about different entries.

        The first of each must be near the whole message too: a clause by itself says little.
        """
        near = {ranked.entry_id for ranked in judged.ranking.entries[:PART_AMONG]}
        found: dict[str, tuple[str, ...]] = {}
        least = 1.0
        for question in judged.query.questions:
            ranking = self._ranker.rank_clause(question, audience)
            first = ranking.entries[0].entry_id if ranking.entries else ""
            least = min(least, sure(ranking))
            if least < PART_FROM or first not in near:
                return (), 0.0
            found.setdefault(first, tuple(ranked.entry_id for ranked in ranking.entries[:3]))
        return (tuple(found.values()), least) if len(found) > 1 else ((), 0.0)

    def _near(self, candidate: Candidate, judged: _Judged) -> Near:
        ranked = next(r for r in judged.ranking.entries if r.entry_id == candidate.entry_id)
        words = self._ranker.index.contributions(candidate.entry_id, judged.query.whole.stems)
        return Near(
            entry_id=candidate.entry_id,
            score=candidate.score,
            phrasing="" if ranked.line is None else self._ranker.text_of(ranked.line),
            words=tuple(word for word, _ in words[:6]),
        )


def _candidates(judged: _Judged) -> Candidates:
    """The first entries; the score of one that follows falls with its distance from the first."""
    entries = judged.ranking.entries[:SHOWN]
    if not entries or not judged.query.content:
        return ()
    first = entries[0].evidence
    left = 1.0
    candidates: list[Candidate] = []
    for entry in entries:
        share = judged.sure * 2.0 ** (entry.evidence - first)
        share = min(share, left)
        left -= share
        candidates.append(Candidate(entry.entry_id, round(100 * share, 1)))
    return tuple(candidates)


def _follows_on(query: Query) -> bool:
    """Short, or begun like the second half of a sentence."""
    if len(query.content) < _FOLLOW_UP_WORDS:
        return True
    return bool(query.stems) and query.stems[0] in _FOLLOW_UP_STARTS and len(query.content) <= 8
