"""Which messages want to be read with the one before."""

import pytest

from knowledge.entries import Audience
from knowledge.following import leans, refers_back
from knowledge.matching import Matcher
from knowledge.outcomes import Found

BEFORE = {
    Audience.PARTENAIRE: "comment j'ouvre un compte pour ma librairie sur pass culture pro",
    Audience.JEUNE: "j'ai 17 ans, j'ai droit à combien sur mon pass",
}
ELSEWHERE = (
    "c'est quoi la capitale du pérou",
    "quelle voiture acheter avec 5000 euros",
    "date des prochains jeux olympiques",
    "comment on dit merci en japonais",
    "qui a peint la chapelle sixtine",
    "quel téléphone choisir à 300 euros",
    "combien de pays dans l'union européenne",
    "combien de temps pour recevoir un colis de chine",
)


@pytest.mark.parametrize(
    "text",
    ["et à 17 ans ?", "ou juste certains", "Même à Wallis ?", "du coup ça change quoi", "pour deux ?", "oui"],
)
def test_a_second_half_leans_on_the_first(matcher: Matcher, text: str) -> None:
    assert leans(matcher.ranker.reader.read(text))


@pytest.mark.parametrize(
    "text", ["où faire une carte grise", "combien de mangas par mois", "du pain et du lait"]
)
def test_a_whole_question_leans_on_nothing(matcher: Matcher, text: str) -> None:
    assert not leans(matcher.ranker.reader.read(text))


@pytest.mark.parametrize(
    "text",
    [
        "elle est périmée depuis avril",
        "les profs peuvent la prendre directement ?",
        "jpeux mettre ceux de ma mère ?",
        "le trésorier doit-il la modifier ?",
        "qui la valide ensuite ?",
    ],
)
def test_a_pronoun_refers_back(matcher: Matcher, text: str) -> None:
    assert refers_back(matcher.ranker.reader.read(text))


@pytest.mark.parametrize("text", [*ELSEWHERE, "la carte du louvre", "il y a quoi au cinéma"])
def test_an_article_refers_to_nothing(matcher: Matcher, text: str) -> None:
    assert not refers_back(matcher.ranker.reader.read(text))


@pytest.mark.parametrize("audience", BEFORE)
@pytest.mark.parametrize("text", ELSEWHERE)
def test_what_says_nothing_for_it_is_not_answered_from_the_message_before(
    matcher: Matcher, text: str, audience: Audience
) -> None:
    assert not isinstance(matcher.match(text, audience=audience, previous=BEFORE[audience]), Found)


@pytest.mark.parametrize(
    ("before", "text", "entry"),
    [
        (
            "c'est quoi une offre vitrine",
            "les profs peuvent la prendre directement alors ?",
            "collective-vitrine",
        ),
        (
            "Notre atelier poterie a été déclaré non conforme hier",
            "je peux juste le retoucher ?",
            "pro-offer-refused",
        ),
        ("c koi mes codes educonnect", "jpeux mettre ceux de ma mere ?", "educonnect-find"),
    ],
)
def test_what_refers_back_is_read_with_the_message_before(
    matcher: Matcher, before: str, text: str, entry: str
) -> None:
    assert matcher.match(text, previous=before).candidates[0].entry_id == entry
