import pytest

from knowledge.entries import KnowledgeBase
from knowledge.texts import Raw, Texts

TEXTS = Texts({"hello": ("Bonjour {name}", "Salut {name}"), "bye": "Au revoir"})


def test_values_are_escaped_unless_raw() -> None:
    assert TEXTS("hello", name="*A*") == "Bonjour \\*A\\*"
    assert TEXTS("hello", name=Raw("**A**")) == "Bonjour **A**"


def test_variants_follow_the_seed() -> None:
    assert TEXTS.variant("hello", 3, name="A") == "Salut A"
    assert TEXTS.variant("bye", 7) == "Au revoir"


@pytest.mark.parametrize(("key", "fields"), [("none", {}), ("hello", {})])
def test_a_missing_key_or_field_is_a_key_error(key: str, fields: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        TEXTS(key, **fields)


def test_fields_are_known_without_formatting() -> None:
    assert TEXTS.fields("hello") == {"name"}


def test_each_kind_of_small_talk_has_a_reply(kb: KnowledgeBase) -> None:
    kinds = {*kb.language.smalltalk, *kb.language.smalltalk_signs, *kb.language.smalltalk_said}
    assert {f"smalltalk.{kind}" for kind in kinds} <= kb.texts.keys()


@pytest.mark.parametrize("number", ["112", "15", "17", "114", "119", "3114", "3018", "3919"])
def test_distress_gives_every_emergency_number(kb: KnowledgeBase, number: str) -> None:
    assert number in kb.texts("distress")
