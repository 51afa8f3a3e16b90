"""Scores that mean what they say, and thresholds that do what they are named for."""

from dataclasses import fields, replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from knowledge.calibrating import study
from knowledge.confidence import DEFAULT, Figures
from knowledge.loading import load_knowledge
from knowledge.matching import Matcher
from knowledge.reliability import Judged, halves, reliability
from tests.knowledge.contents import medium

FIGURES = st.builds(
    Figures,
    lead=st.floats(-4, 6),
    gap=st.floats(0, 4),
    over_other=st.floats(-6, 6),
    likeness=st.floats(0, 1),
    coverage=st.floats(0, 1),
    anchored=st.sampled_from([0.0, 1.0]),
    native=st.sampled_from([0.0, 1.0]),
)


@given(figures=FIGURES, name=st.sampled_from([field.name for field in fields(Figures)]), more=st.floats(0, 1))
def test_more_evidence_never_lowers_a_score(
    matcher: Matcher, figures: Figures, name: str, more: float
) -> None:
    raised = replace(figures, **{name: getattr(figures, name) + more})
    for judgement in (matcher.confidence.sure, matcher.confidence.about_us):
        assert judgement.probability(raised) >= judgement.probability(figures)


def test_the_shipped_content_is_calibrated(matcher: Matcher) -> None:
    confidence = matcher.confidence
    assert confidence is not DEFAULT
    limits = confidence.thresholds
    assert 0 < limits.propose < limits.answer < 1
    assert limits.decline_anchored <= limits.decline < limits.decline_foreign < 1
    wide = [one for one in confidence.curve if one.count >= 100]
    assert len(wide) >= 6
    assert all(abs(one.said - one.right) < 0.12 for one in wide)
    mass = sum(one.mass for one in confidence.curve)
    assert sum(one.mass * abs(one.said - one.right) for one in confidence.curve) / mass < 0.04


def test_a_small_content_is_judged_by_what_the_shipped_one_taught(tmp_path: Path) -> None:
    kb = load_knowledge(medium(tmp_path))
    small, enough = (replace(kb, entries=dict(list(kb.entries.items())[:number])) for number in (9, 10))
    assert study(small).confidence == DEFAULT  # of 180 phrasings; of 200 it can be learnt
    assert study(enough).confidence.curve


def test_reliability_weighs_both_halves_alike() -> None:
    ours = [Judged(0.9, True), Judged(0.9, True), Judged(0.9, True), Judged(0.9, False)]
    others = [Judged(0.1, False)]
    found = reliability(halves(ours, others))
    assert found.error is not None
    assert abs(found.error - (0.5 * 0.15 + 0.5 * 0.1)) < 1e-9
    assert [one.count for one in found.bins] == [1, 4]
    assert reliability([]).error is None
