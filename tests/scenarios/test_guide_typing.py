"""What is typed into a guide decides to the day, and is forgotten."""

import pytest

from tests.actors import Citizen, CoreCitizen, TelegramCitizen, texts
from tests.scenarios.desk import Colleague, logged, number_in, ticket
from tests.scenarios.traces import traces
from tests.stage import Stage

RIGHT = "Ai-je droit au pass Culture, et à combien ?"
BACK, LEAVE = "Revenir", "Quitter le parcours"
BORN = "24/11/2007"
"""Nineteen on the day after the stage's first."""


@pytest.mark.parametrize(
    ("born", "step"),
    [
        (BORN, "Où habitez-vous"),
        ("23 novembre 2007", "avant vos 19 ans"),
        ("né le 2007-11-22", "avant vos 19 ans"),
        ("18 ans", "Où habitez-vous"),
        ("19", "avant vos 19 ans"),
    ],
)
async def test_the_age_is_exact_to_the_day(stage: Stage, born: str, step: str) -> None:
    ada = CoreCitizen(stage)
    await ada.says("/start parcours-droit-et-montant")
    assert step in texts(await ada.says(born))


async def test_the_birthday_begins_at_midnight_in_paris(nadia: Citizen, stage: Stage) -> None:
    stage.clock.advance(hours=13, minutes=59)
    await nadia.says("/start parcours-droit-et-montant")
    assert "Où habitez-vous" in texts(await nadia.says(BORN))
    stage.clock.advance(minutes=1)
    await nadia.says("/start parcours-droit-et-montant")
    assert "avant vos 19 ans" in texts(await nadia.says(BORN))


async def test_nothing_is_kept_of_a_birth_date(nadia: Citizen, stage: Stage) -> None:
    await nadia.says("/start parcours-droit-et-montant")
    assert "pas reconnu de date" in texts(await nadia.says("24/13/2007"))
    assert "Où habitez-vous" in texts(await nadia.says(BORN))
    await nadia.presses("Autre territoire, ou à l'étranger")
    assert ": " + RIGHT + " — 18 · Autre" in ((await logged(stage, nadia)).text or "")
    await stage.settle()
    assert traces(stage, "24/11", "24/13", "/2007") == []
    assert traces(stage, "[date de naissance]")
    if not isinstance(nadia, TelegramCitizen):
        assert "/2007" not in texts(await nadia.says("/mesdonnees"))


async def test_a_birth_date_that_is_corrected_in_place_is_forgotten_too(
    nadia_on_telegram: TelegramCitizen, stage: Stage
) -> None:
    nadia = nadia_on_telegram
    await nadia.says("/start parcours-droit-et-montant")
    message = nadia.person.write(BORN)
    assert "Où habitez-vous" in texts(await nadia.hears())
    nadia.person.edit(message, "24/11/2006")
    assert "avant vos 19 ans" in texts(await nadia.hears())
    nadia.person.edit(message, "24/11/206")
    assert "ne change rien" in texts(await nadia.hears())
    await nadia.presses(LEAVE)
    nadia.person.edit(message, BORN)
    assert "est terminé" in texts(await nadia.hears())
    assert traces(stage, "24/11", "/2006", "/2007") == []


async def test_a_birth_date_may_be_a_reply_to_its_question(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    nadia = nadia_on_telegram
    await nadia.says("/start parcours-droit-et-montant")
    nadia.person.write(BORN, reply_to=nadia.person.heard()[-1])
    assert "Où habitez-vous" in texts(await nadia.hears())
    assert traces(stage, "/2007") == []
    number = number_in(texts(await nadia.says("/referent")))
    about_it = nadia.person.heard()[-1]
    await nadia.says("/start parcours-droit-et-montant")
    nadia.person.write("dans le 25", reply_to=about_it)
    assert "Doubs" in texts(await nadia.hears())
    assert (await ticket(stage, number)).territory == "25"


async def test_a_doubtful_siret_goes_on_and_is_not_kept(nadia: Citizen, stage: Stage) -> None:
    await nadia.says("/start parcours-ouvrir-compte-pro")
    await nadia.presses("Association ou entreprise")
    await nadia.presses("Culturelle (livre, spectacle, musée, cinéma…)")
    assert "quatorze chiffres" in texts(await nadia.says("552 100"))
    assert "un chiffre est peut-être mal tapé" in texts(await nadia.says("552 100 554 00014"))
    assert "déjà un espace" in texts(await nadia.says("356 000 000 00048"))
    await nadia.presses(BACK)
    await nadia.says("552 100 554 00014")
    await nadia.presses("Je l'ai vérifié, je continue")
    await nadia.presses("Non")
    written = await logged(stage, nadia)
    assert written.entry_id == "pro-create-account"
    assert "SIRET à vérifier" in (written.text or "")
    assert traces(stage, "552 100", "356 000") == []
