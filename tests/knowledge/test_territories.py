import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entries import KnowledgeBase


def test_all_are_there(kb: KnowledgeBase) -> None:
    codes = [territory.code for territory in kb.territories.all()]
    assert len([code for code in codes if len(code) == 2]) == 96
    assert {"971", "972", "973", "974", "976"} <= set(codes)
    assert {"975", "977", "978", "986", "987", "988"} <= set(codes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("75", "75"),
        ("2A", "2A"),
        ("2a", "2A"),
        ("1", "01"),
        ("le Doubs", "25"),
        ("doub", "25"),
        ("Besançon 25000", "25"),
        ("93100", "93"),
        ("97400", "974"),
        ("20090", "2A"),
        ("20200", "2B"),
        ("97150", "978"),
        ("Seine st denis", "93"),
        ("haute garone", "31"),
        ("je suis à Strasbour", "67"),
        ("j'habite à marseile", "13"),
        ("haute loire", "43"),
        ("guadeloup", "971"),
        ("cotes d'armor", "22"),
    ],
)
def test_understood(kb: KnowledgeBase, text: str, code: str) -> None:
    assert [territory.code for territory in kb.territories.find(text)] == [code]


def test_ambiguous_names_give_several(kb: KnowledgeBase) -> None:
    assert {t.code for t in kb.territories.find("Saint-Denis")} == {"93", "974"}
    assert {t.code for t in kb.territories.find("en Bretagne")} == {"22", "29", "35", "56"}


@pytest.mark.parametrize("text", ["", "jsp", "99999", "bonjour", "???"])
def test_not_understood(kb: KnowledgeBase, text: str) -> None:
    assert kb.territories.find(text) == ()


def test_labels(kb: KnowledgeBase) -> None:
    doubs = kb.territories.by_code("25")
    assert doubs is not None
    assert (doubs.label, doubs.with_article) == ("Doubs (25)", "le Doubs")
    assert kb.territories.region_of("2b") == "Corse"
    assert kb.territories.by_code("96") is None


@given(text=st.text(max_size=300))
def test_finding_never_raises(kb: KnowledgeBase, text: str) -> None:
    kb.territories.find(text)
