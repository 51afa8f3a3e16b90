"""What is not about us: the right door where we know it, never the same words twice in a row."""

from itertools import pairwise

import pytest

from bot.library import Library
from knowledge.markup import parse, plain
from knowledge.outcomes import OutOfScope
from tests.actors import Citizen, buttons, texts

ABOUT_US = "C'est bien au sujet du pass Culture"
KINDS = ("bonjour", "merci", "au_revoir", "ok", "rire", "ca_va", "qui_es_tu", "erreur", "insulte", "voeux")


@pytest.mark.parametrize(
    ("message", "door"),
    [
        ("comment recharger mon pass navigo", "navigo"),
        ("je veux demander le pass'sport pour mon fils", "pass-sport"),
        ("pass sport 70 euros comment l'avoir", "pass-sport"),
        ("c'est quand le versement des apl", "caf"),
        ("comment faire une demande de rsa", "caf"),
        ("où demander la carte jeunes européenne", "carte-jeunes"),
        ("comment faire un passeport", "identite"),
        ("rdv mairie pour carte d'identité", "identite"),
        ("je dois confirmer mes voeux parcoursup", "parcoursup"),
        ("ma bourse crous n'est pas versée", "crous"),
        ("je n'arrive pas à m'actualiser sur france travail", "emploi"),
        ("contrat engagement jeune allocation", "mission-locale"),
        ("utiliser mon compte formation cpf", "formation"),
        ("déclarer mes cotisations urssaf", "urssaf"),
        ("déclarer un concert à la sacem", "sacem"),
        ("subvention cnl pour librairie", "cnl"),
        ("ma carte bancaire est bloquée", "banque"),
        ("billet sncf remboursé", "transports"),
        ("recette de crêpes", None),
    ],
)
def test_a_message_for_somebody_else_has_its_door(library: Library, message: str, door: str | None) -> None:
    match = library.find(message, None, None)
    assert isinstance(match, OutOfScope), match
    assert match.door == door


@pytest.mark.parametrize(
    "message",
    [
        "faut il un passeport pour le pass culture",
        "renouveler ma carte d'identité perdue",
        "cumul aide CNL et pass culture",
        "le pass culture et le pass navigo c'est pareil ?",
    ],
)
def test_a_door_takes_nothing_that_is_about_us(library: Library, message: str) -> None:
    assert not isinstance(library.find(message, None, None), OutOfScope)


def test_doors_are_one_sentence_with_safe_links(library: Library) -> None:
    for name, office in library.base.language.elsewhere.items():
        assert parse(office.says), name
        assert len(office.says) < 250, name
        assert office.says.count("](") == office.says.count("](https://"), name


async def test_the_decline_names_the_door_and_keeps_a_way_back(nadia: Citizen) -> None:
    heard = await nadia.says_and_waits("comment recharger mon pass navigo")
    assert "Île-de-France Mobilités" in texts(heard)
    assert ABOUT_US in buttons(heard)
    heard = await nadia.says_and_waits("où demander la carte jeunes européenne")
    assert "cartejeunes.fr" in texts(heard)
    assert "n° " in texts(await nadia.presses(ABOUT_US))


@pytest.mark.parametrize(
    "message", ["la recette des crêpes c'est quoi", "quelle est la date des prochains jeux olympiques"]
)
async def test_something_else_right_after_a_question_for_us_is_declined(nadia: Citizen, message: str) -> None:
    await nadia.says_and_waits("comment j'ouvre un compte pour ma librairie sur pass culture pro ?")
    assert ABOUT_US in buttons(await nadia.says_and_waits(message))


async def test_what_refers_back_is_answered_with_the_question_before(nadia: Citizen) -> None:
    message, unsure = "les profs peuvent la prendre directement alors ?", "Aucune de ces réponses"
    assert unsure in buttons(await nadia.says_and_waits(message))
    await nadia.says_and_waits("c'est quoi une offre vitrine")
    heard = await nadia.says_and_waits(message)
    assert "vitrine" in texts(heard)
    assert unsure not in buttons(heard)


async def test_a_decline_is_never_said_twice_in_the_same_words(nadia: Citizen) -> None:
    heard = [texts(await nadia.says_and_waits("recette de crêpes")) for _ in range(4)]
    # The first one comes with the privacy notice.
    assert len({one.splitlines()[-1] for one in heard}) == 3
    assert all(one != other for one, other in pairwise(heard))


async def test_small_talk_changes_its_words(nadia: Citizen) -> None:
    await nadia.says("bonjour")
    heard = [texts(await nadia.says("merci")) for _ in range(5)]
    assert len(set(heard)) == 4
    assert heard[4] == heard[0]


async def test_thanks_in_words_of_ones_own_are_answered_as_thanks(nadia: Citizen, library: Library) -> None:
    await nadia.says("bonjour")
    heard = texts(await nadia.says("super, merci pour votre aide précieuse, je regarde ça demain matin"))
    replies = [library.base.texts.variant("smalltalk.merci", seed) for seed in range(4)]
    assert any(plain(reply) in heard for reply in replies), heard


def test_each_kind_of_small_talk_has_four_wordings(library: Library) -> None:
    kb = library.base
    assert set(KINDS) == set(kb.language.smalltalk) == set(kb.language.smalltalk_said)
    for kind in KINDS:
        assert len({kb.texts.variant(f"smalltalk.{kind}", seed) for seed in range(4)}) == 4, kind
    assert len({kb.texts.variant("decline", seed) for seed in range(3)}) == 3
