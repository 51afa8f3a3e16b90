"""What a message is: the one door to everything that decides it.

    kb = load_knowledge()
    matcher = Matcher(kb, study(kb))
    matcher.match("jai pas recu mes 150 euros", audience=Audience.JEUNE)

Doors first (distress, a wish for a human, small talk), then the ranking of the entries, then the
zones. Pure and thread-safe; the work is bounded whatever the text (`normalising.cut`).
"""

import math
from dataclasses import replace

from knowledge.doors import Doors
from knowledge.entries import Audience, KnowledgeBase
from knowledge.judging import Judge, Judged
from knowledge.leads import NONE, SMALL_TALK_DOOR
from knowledge.learned import Learned
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
from knowledge.parts import Double, double
from knowledge.ranking import Ranker

SHOWN = 5
_SAME = 0.99
"""Likeness of a message with a phrasing that has its very words, endings apart."""

_DOOR_WORDS = 2
"""Telling words under which a message is not taken for one of those that need a door."""

_CONTRADICTED = -3.0
"""Evidence under which words of distress mean something else: « à la rue avec vos explications ». Of 120
messages of distress by another hand, those with such words have 0.2 and more.
"""

_STORY = 22
"""Telling words from which on a message is a story, in which something always sounds like something…"""
_STORY_LEAD = {"distress": 3.5}
"""… and by how much a door must lead it at least. In 33 stories of distress by other hands it led by 4.5
or more; in 98 other stories ten times by as much as opens it for a short message, and twice by this.
"""

_PLAIN_LEAD = {"human": 4.0}
"""Evidence so much for a door that words of another meaning among the others do not count. Never for
distress: « je meurs de faim » has them."""


class Matcher:
    def __init__(self, kb: KnowledgeBase, learned: Learned) -> None:
        self._kb = kb
        self._judge = Judge(kb, learned)
        self._doors = Doors(kb.language, self.ranker.normaliser)
        self.confidence = learned.confidence

    @property
    def ranker(self) -> Ranker:
        return self._judge.ranker

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
            about_us=round(100 * judged.about_us, 1),
            near=tuple(self._near(candidate, judged) for candidate in match.candidates),
        )

    def _decide(
        self, text: str, audience: Audience | None, previous: str | None
    ) -> tuple[Match, str, Judged]:
        judged = self._judge.judge(text, audience, previous)
        query, candidates = judged.query, _candidates(judged)
        if self._distress(judged) or self._door_leads("distress", judged):
            return Distress(), "mots de détresse", judged
        if self._doors.human(query) or self._door_leads("human", judged):
            return HumanRequested(candidates=candidates), "la personne demande un humain", judged
        kind = self._doors.smalltalk(query) or self._small_talk(judged)
        if kind is not None:
            return SmallTalk(kind=kind), f"politesse ({kind})", judged
        match, reason = self._zone(judged, candidates, audience)
        if isinstance(match, OutOfScope):
            match = replace(match, door=self._judge.zones.door(query))
        return match, reason, judged

    def _distress(self, judged: Judged) -> bool:
        """Whether there are words of distress, unless all the rest of the message is about something else."""
        lead = judged.ranking.leads.doors.get("distress", NONE)
        return self._doors.distress(judged.query) and not NONE < lead < _CONTRADICTED

    def _door_leads(self, door: str, judged: Judged) -> bool:
        """Whether the message is like those that people write at that door, and like nothing else."""
        least = self.confidence.thresholds.doors.get(door, math.inf)
        lead, words = judged.ranking.leads.doors.get(door, -math.inf), len(judged.query.content)
        if words >= _STORY:
            least = max(least, _STORY_LEAD.get(door, least))
        if lead <= least or words < _DOOR_WORDS:
            return False
        return lead > _PLAIN_LEAD.get(door, math.inf) or not self._doors.harmless(door, judged.query)

    def _small_talk(self, judged: Judged) -> str | None:
        """Its kind, when the message is like small talk and like nothing else, and each word is known:
        « bonjour xylophone » may ask for something.
        """
        if not all(map(self.ranker.index.familiar, judged.query.content)):
            return None
        leads = judged.ranking.leads
        least = self.confidence.thresholds.doors.get(SMALL_TALK_DOOR, math.inf)
        return leads.kind if leads.doors.get(SMALL_TALK_DOOR, NONE) > least else None

    def _zone(self, judged: Judged, candidates: Candidates, audience: Audience | None) -> tuple[Match, str]:
        query, scope, limits = judged.query, judged.scope, self.confidence.thresholds
        if not query.content or not candidates:
            if scope.anchored:
                return Unknown(candidates=candidates), "rien de précis dans le message"
            return OutOfScope(candidates=candidates), "rien dans le message ne parle du pass Culture"
        if not scope.anchored and self._judge.zones.surely_elsewhere(query):
            return OutOfScope(candidates=candidates), "une démarche d'un autre guichet"
        if scope.foreign and not scope.anchored and judged.about_us < limits.decline_foreign:
            return OutOfScope(candidates=candidates), f"autre dispositif : {', '.join(sorted(scope.foreign))}"
        if self._judge.zones.casework(query) or self._door_leads("casework", judged):
            return Unknown(candidates=candidates), "la personne demande qu'on agisse pour elle"
        if self._door_leads("referent", judged):
            return Unknown(candidates=candidates), "aucune fiche ne peut le dire"
        if judged.about_us < (limits.decline_anchored if scope.anchored else limits.decline):
            return OutOfScope(candidates=candidates), "trop loin de toutes les fiches"
        both = double(self._judge, judged, audience)
        if both is not None:
            return self._settled(judged, _of_both(both, candidates), both.parts, sure=both.answers)
        if judged.sure < limits.propose:
            return Unknown(candidates=candidates), "au sujet du pass Culture, mais aucune fiche n'est proche"
        return self._settled(judged, candidates, (), sure=judged.sure >= limits.answer)

    def _settled(
        self, judged: Judged, candidates: Candidates, parts: Parts, *, sure: bool
    ) -> tuple[Match, str]:
        """Answered when that is sure and nothing forbids it, else proposed."""
        wanted = [part[0] for part in parts] or [candidates[0].entry_id]
        obstacle = self._obstacle(judged, wanted)
        if obstacle is None and sure:
            always = any(self._kb.entries[entry].handoff == "always" for entry in wanted)
            found = Found(candidates=candidates, parts=parts, outcome="handoff" if always else "answer")
            return found, "deux questions, chacune sûre" if parts else "une fiche est sûre"
        reason = "deux questions en une" if parts else "plusieurs fiches sont proches"
        return Unsure(candidates=candidates, parts=parts), obstacle or reason

    def _obstacle(self, judged: Judged, wanted: list[str]) -> str | None:
        """What forbids a sure answer with these entries, in French."""
        obstacles = (self._judge.zones.forbidden(judged.query, self._kb.entries[entry]) for entry in wanted)
        obstacle = next((found for found in obstacles if found), None)
        if obstacle is None and len(judged.query.stems) == 1 and judged.figures.likeness < _SAME:
            return "un mot seul, que personne n'écrit pour cette fiche"
        if obstacle is None and judged.scope.foreign:
            return f"autre dispositif cité : {', '.join(sorted(judged.scope.foreign))}"
        return obstacle

    def _near(self, candidate: Candidate, judged: Judged) -> Near:
        lines = (r.line for r in judged.ranking.entries if r.entry_id == candidate.entry_id)
        line = next(lines, None)
        words = self.ranker.words_for(candidate.entry_id, judged.query.whole)
        return Near(
            entry_id=candidate.entry_id,
            score=candidate.score,
            phrasing="" if line is None else self.ranker.text_of(line),
            words=words[:6],
        )


def _of_both(both: Double, candidates: Candidates) -> Candidates:
    """The first of each half, surest first, then what the whole message is near to.

    A half is as sure as it is by itself or in the whole message, whichever says more.
    """
    said = {candidate.entry_id: candidate.score for candidate in candidates}
    halves = zip((part[0] for part in both.parts), both.sure, strict=True)
    scored = [Candidate(entry, max(round(100 * sure, 1), said.get(entry, 0.0))) for entry, sure in halves]
    first = sorted(scored, key=lambda candidate: -candidate.score)
    least = first[-1].score
    named = {candidate.entry_id for candidate in first}
    rest = [
        Candidate(candidate.entry_id, min(candidate.score, least))
        for candidate in candidates
        if candidate.entry_id not in named
    ]
    return (*first, *rest)[:SHOWN]


def _candidates(judged: Judged) -> Candidates:
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
