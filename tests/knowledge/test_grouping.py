"""Questions are grouped by what they say: the same groups in whatever order, and bounded."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.entries import KnowledgeBase
from knowledge.grouping import MOST, grouped

SAME = [
    "comment revendre ma place de concert",
    "je veux revendre ma place de concert",
    "revendre une place de concert c'est possible ?",
    "Comment revendre ma PLACE de concert !!",
    "puis-je revendre la place de concert",
]
OTHERS = ["le tournevis de mon oncle est rouillé", "quel est le numéro de la préfecture", ""]


def _said(kb: KnowledgeBase, texts: list[str]) -> list[list[str]]:
    return [[texts[number] for number in group.members] for group in grouped(texts, kb.language)]


def test_what_says_the_same_stands_together_and_the_rest_alone(kb: KnowledgeBase) -> None:
    groups = _said(kb, [*OTHERS, *SAME])
    assert sorted(groups[0]) == sorted(SAME)
    assert sorted(map(tuple, groups[1:])) == sorted((text,) for text in OTHERS)


def test_the_order_of_the_questions_changes_no_group(kb: KnowledgeBase) -> None:
    lines = [line for entry in list(kb.entries.values())[:6] for line in entry.phrasings]
    wanted = {frozenset(group) for group in _said(kb, lines)}
    random.Random(7).shuffle(lines)
    assert {frozenset(group) for group in _said(kb, lines)} == wanted
    assert any(len(group) > 2 for group in wanted)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=30))
def test_every_question_stands_in_one_group(kb: KnowledgeBase, texts: list[str]) -> None:
    members = [number for group in grouped(texts, kb.language) for number in group.members]
    assert sorted(members) == list(range(len(texts)))


def test_more_than_enough_is_cut(kb: KnowledgeBase) -> None:
    texts = ["où est ma place"] * (MOST + 10)
    (group,) = grouped(texts, kb.language)
    assert len(group.members) == MOST
    assert grouped([], kb.language) == ()
