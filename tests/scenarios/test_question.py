"""A question is asked: answered, proposed, declined or handed over."""

import pytest

from tests.actors import Citizen, buttons, texts

HUMAN = "Parler au référent"


@pytest.mark.both_databases
async def test_a_sure_question_is_answered_with_its_source(nadia: Citizen) -> None:
    heard = texts(await nadia.says("comment créer un compte pass Culture Pro ?"))
    assert "SIRET" in heard
    assert "Source" in heard
    assert "information de 2026" in heard
    assert "Réponse automatique." in heard
    assert {"Oui, merci", "Non", HUMAN} <= buttons(nadia.last)


async def test_a_misspelt_word_is_what_other_words_are_read_for(nadia: Citizen) -> None:
    heard = texts(await nadia.says("pirattage de mon compte"))
    assert "mot de passe" in heard
    assert "Source" in heard


async def test_feedback_is_asked_once_and_no_offers_neighbours(nadia: Citizen) -> None:
    await nadia.says("à quel âge a-t-on droit au pass ?")
    heard = await nadia.presses("Non")
    assert "Reformuler ma question" in buttons(heard)
    assert HUMAN in buttons(heard)
    assert len(buttons(heard)) > 2
    assert "déjà noté" in texts(await nadia.presses("Oui, merci"))


async def test_small_talk_gets_no_feedback_question(nadia: Citizen) -> None:
    heard = await nadia.says("bonjour")
    assert "robot" in texts(heard)
    assert "Oui, merci" not in buttons(heard)


async def test_what_is_not_about_us_is_declined_with_a_way_out(nadia: Citizen) -> None:
    heard = await nadia.says_and_waits("quel temps fera-t-il demain à Lille ?")
    assert "je ne connais que le pass Culture" in texts(heard)
    assert "C'est bien au sujet du pass Culture" in buttons(heard)
    assert "n° " in texts(await nadia.presses("C'est bien au sujet du pass Culture"))


async def test_unknown_is_rephrased_once_then_handed_over(nadia: Citizen) -> None:
    unknown = "le pass culture peut-il parrainer le nouveau label de notre quartier zztop ?"
    first = await nadia.says_and_waits(unknown)
    if "Aucune de ces réponses" in buttons(first):
        first = await nadia.presses("Aucune de ces réponses")
    assert "autrement" in texts(first)
    second = await nadia.says_and_waits(unknown)
    if "Aucune de ces réponses" in buttons(second):
        second = await nadia.presses("Aucune de ces réponses")
    assert "votre demande porte le n° " in texts(second)


@pytest.mark.both_databases
async def test_distress_gets_numbers_at_once_and_no_guess(nadia: Citizen) -> None:
    heard = await nadia.says("j'ai envie de mourir")
    assert "3114" in texts(heard)
    assert "114" in texts(heard)
    assert "pas un service d'urgence" in texts(heard)
    assert "Parler à une personne" in buttons(heard)


async def test_the_audience_is_kept_and_changeable(nadia: Citizen) -> None:
    await nadia.says("/start")
    heard = await nadia.presses("Partenaire culturel")
    assert "C'est noté : Partenaire culturel" in texts(heard)
    await nadia.says("/aide")
    await nadia.presses("Dire qui je suis")
    assert "C'est noté : Jeune" in texts(await nadia.presses("Jeune"))


async def test_three_quick_messages_are_one_thought(nadia: Citizen) -> None:
    await nadia._send("alors voila")
    await nadia._send("j'ai un souci avec l'appli")
    heard = await nadia.says_and_waits("j'ai oublié mon mot de passe pass culture")
    answered = [
        one for one in heard if "Oui, merci" in one.buttons or "Aucune de ces réponses" in one.buttons
    ]
    assert len(answered) == 1
    assert "mot de passe" in texts(heard) + " ".join(buttons(heard))
