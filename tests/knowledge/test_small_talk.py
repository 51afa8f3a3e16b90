"""Messages that are courtesies and nothing more, in the words of a pattern or in their writer's own."""

import pytest

from knowledge.matching import Matcher
from knowledge.outcomes import SmallTalk


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Bonjour", "bonjour"),
        ("slt", "bonjour"),
        ("merci beaucoup !", "merci"),
        ("mdrrr", "rire"),
        ("😂😂", "rire"),
    ],
)
def test_small_talk(matcher: Matcher, text: str, kind: str) -> None:
    match = matcher.match(text)
    assert isinstance(match, SmallTalk)
    assert match.kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("super, merci pour votre aide précieuse, je regarde ça demain matin", "merci"),
        ("oups pardon, ce message était pour ma cousine", "erreur"),
        ("t'es trop con comme bot, jamais vu ça de ma vie", "insulte"),
        ("c'est toi qui réponds ou c'est une machine ?", "qui_es_tu"),
        ("haha bien trouvé, tu m'as bien fait marrer", "rire"),
    ],
)
def test_small_talk_in_words_that_no_pattern_has(matcher: Matcher, text: str, kind: str) -> None:
    match = matcher.match(text)
    assert isinstance(match, SmallTalk), match
    assert match.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "merci, et pour mes 18 ans il se passe quoi ?",
        "bonjour, bonne année, le crédit arrive quand à 17 ans ?",
        "merci pour les places, mais elles ne s'affichent pas dans l'appli",
        "désolée de vous déranger, mon code de validation n'arrive pas par sms",
    ],
)
def test_a_question_among_courtesies_is_no_small_talk(matcher: Matcher, text: str) -> None:
    assert not isinstance(matcher.match(text), SmallTalk)
