from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.calibrating import study
from knowledge.loading import load_knowledge
from knowledge.matching import Matcher
from knowledge.outcomes import Found
from knowledge.zones import outside_limits
from tests.knowledge.conftest import SMALL
from tests.knowledge.contents import with_few_words


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("j'ai 15 ans", False),
        ("j'ai 17 ans", True),
        ("17ans", True),
        ("entre 15 et 17 ans, à 15 ans donc", False),
        ("j'ai 3 places", False),
        ("en 2024", True),
        ("en 2025", False),
        ("bonjour", False),
    ],
)
def test_numbers_outside_the_limits(folder: Callable[..., Path], text: str, outside: bool) -> None:
    content = SMALL.replace("  as_of", "  only: {ages: [15, 16], years: [2025]}\n  as_of")
    kb = load_knowledge(folder({"entries/essai.yaml": content}))
    assert outside_limits(text, kb.entries["forgotten-password"]) is outside


def test_a_number_outside_forbids_the_sure_answer(folder: Callable[..., Path]) -> None:
    shipped = "handoff: always"
    content = SMALL.replace("  as_of", f"  only: {{ages: [15]}}\n  {shipped}\n  as_of")
    kb = load_knowledge(with_few_words(folder({"entries/essai.yaml": content})))
    matcher = Matcher(kb, study(kb))
    inside = matcher.match("mot de passe oublié, jai perdu mon mdp à 15 ans")
    outside = matcher.match("mot de passe oublié, jai perdu mon mdp à 18 ans")
    assert not isinstance(outside, Found)
    if isinstance(inside, Found):
        assert inside.outcome == "handoff"
