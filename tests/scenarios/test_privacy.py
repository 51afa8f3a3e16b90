"""What people are told, may see and may erase; and that nothing more than promised is kept."""

import asyncio
import json
import sys

import pytest

from storage import questions
from tests.actors import Citizen, CoreCitizen, TelegramCitizen, buttons, texts
from tests.environment import bare
from tests.scenarios.desk import Colleague, asks_for_a_human, said, ticket
from tests.scenarios.traces import in_files, traces
from tests.stage import Stage

SECRET = "mon chapeau xylophone est bloqué sur le pass culture"


async def test_the_notice_comes_before_the_first_answer_and_once(nadia_on_telegram: TelegramCitizen) -> None:
    heard = await nadia_on_telegram.says("comment créer un compte pass Culture Pro ?")
    first = heard[0].text
    for promise in ("robot", "référents", "trente jours", "ni mot de passe ni information de santé"):
        assert promise in first
    assert "Réponse automatique." in heard[1].text
    assert "trente jours" not in texts(await nadia_on_telegram.says("et ensuite ?"))


async def test_the_notice_comes_before_the_first_demand_too(nadia_on_telegram: TelegramCitizen) -> None:
    heard = await nadia_on_telegram.says("/referent")
    assert "trente jours" in heard[0].text
    assert "Je passe la main" in heard[1].text


async def test_who_reads_and_how_long(nadia: Citizen) -> None:
    heard = texts(await nadia.says("/confidentialite"))
    for promise in (
        "30 jours",
        "6 mois",
        "12 mois",
        "/mesdonnees",
        "/effacer",
        "même mineur",
        "/confidentialite",
    ):
        assert promise in heard


@pytest.mark.both_databases
async def test_ones_own_data_readable_and_as_a_file(
    nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    await nadia_on_telegram.says_and_waits(f"{SECRET} depuis le 06 12 34 56 78")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/repondre {number} Bonjour")
    heard = await nadia_on_telegram.says("/mesdonnees")
    assert "Doubs (25)" in texts(heard)
    assert f"n° {number}" in texts(heard)
    document = nadia_on_telegram.person.heard()[-1].document
    assert document is not None
    data = json.loads(document)
    assert data["adresse"] == nadia_on_telegram.address
    assert any("06 12 34 56 78" in row["texte"] for row in data["echanges"])
    assert any(row["auteur"] == "referent" for row in data["echanges"])
    assert "[téléphone]" in data["questions"][0]["texte_masque"]
    assert data["demandes"][0]["numero"] == number


@pytest.mark.both_databases
@pytest.mark.fault(65)
async def test_erasing_leaves_the_number_and_nothing_of_the_words(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    nadia = nadia_on_telegram
    await nadia.says("/start")
    await nadia.presses("Partenaire culturel")
    await nadia.says_and_waits(SECRET)
    number = await asks_for_a_human(nadia, "Besançon")
    await nadia.says("Xylophones et Compagnie")
    await camille.writes(f"/prendre {number}")
    await camille.writes(f"/repondre {number} Votre xylophone est réparé")
    await nadia.says("encore un mot de xylophone")
    nadia.person.send("photo", caption="xylophone")
    await nadia.hears()
    assert traces(stage, "xylophone")
    heard = await nadia.says("/effacer")
    assert {"Oui, tout effacer", "Non, garder"} == buttons(heard)
    await camille.hears()
    heard = await nadia.presses("Oui, tout effacer")
    assert "Tout est effacé" in texts(heard)
    assert "a fait effacer ses messages" in said(await camille.hears())
    assert traces(stage, "xylophone") == []
    found = await ticket(stage, number)
    assert (found.state, found.contact_id, found.structure) == ("closed", None, None)
    assert f"n° {number}" in said(await camille.writes(f"/repondre {number} Bonjour"))
    assert "n'avez pas de demande" in texts(await nadia.says("/mesdemandes"))


async def test_what_is_erased_is_in_no_copy_of_the_files_either(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    await nadia_on_telegram.says_and_waits(SECRET)
    await asks_for_a_human(nadia_on_telegram, "Besançon")
    await stage.settle()
    assert in_files(stage, "xylophone")
    await nadia_on_telegram.says("/effacer")
    await nadia_on_telegram.presses("Oui, tout effacer")
    await stage.settle()
    assert not in_files(stage, "xylophone")


async def test_erasing_finds_an_old_question_that_only_its_demand_leads_to(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    await nadia_on_telegram.says_and_waits(SECRET)
    await asks_for_a_human(nadia_on_telegram, "Besançon")

    await stage.turn(
        lambda turn: questions.forget_older(turn.session, contact_before=turn.now, text_before=turn.now)
    )
    await nadia_on_telegram.says("/effacer")
    await nadia_on_telegram.presses("Oui, tout effacer")
    assert traces(stage, "xylophone") == []


async def test_keeping_keeps(nadia: Citizen, stage: Stage) -> None:
    await nadia.says_and_waits(SECRET)
    await nadia.says("/effacer")
    assert "rien n'est effacé" in texts(await nadia.presses("Non, garder"))
    assert traces(stage, "xylophone")


@pytest.mark.fault(65)
async def test_erasing_stops_what_was_about_to_be_said(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    await nadia_on_telegram._send(SECRET)
    await nadia_on_telegram.says("/effacer")
    await nadia_on_telegram.presses("Oui, tout effacer")
    await stage.later(seconds=5)
    assert await nadia_on_telegram.hears() == []
    assert traces(stage, "xylophone") == []


async def test_only_the_account_number_is_kept(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    nadia = nadia_on_telegram
    await nadia.says("bonjour")
    number = await asks_for_a_human(nadia, "Besançon")
    nadia.person.send("contact")
    nadia.person.send("location")
    message = nadia.person.write("un mot")
    nadia.person.edit(message, "un autre mot")
    nadia.person.block()
    nadia.person.unblock()
    await camille.writes(f"/prendre {number}")
    await nadia.hears()
    assert traces(stage, "Dupont", f"camille_{nadia.person.id}", "+33612345678", "47.2378") == []
    assert traces(stage, str(nadia.person.id))


async def test_distress_is_counted_without_its_words(nadia: Citizen, stage: Stage) -> None:
    await nadia.says("j'ai envie de mourir avec mon xylophone")
    logged = [line for line in traces(stage, "distress") if line.startswith("questions.outcome")]
    assert logged == ["questions.outcome: distress"]
    assert [line for line in traces(stage, "xylophone") if not line.startswith("transcript.text")] == []


@pytest.mark.both_databases
async def test_what_names_a_person_is_masked_in_the_question_log(
    nadia_on_telegram: TelegramCitizen, stage: Stage
) -> None:
    await nadia_on_telegram.says_and_waits(
        "mon pass culture : 06 12 34 56 78, nadia@exemple.fr, FR76 3000 6000 0112 3456 7890 189, "
        "4970 1012 3456 7890 ou 2 84 05 88 302 108 94 ; "
        "SIRET 356 000 000 00048, 300 euros en 2026, dans le 93"
    )
    logged = await stage.turn(lambda turn: questions.get(turn.session, 1))
    assert logged is not None
    assert logged.text is not None
    for hidden in ("06 12", "nadia@", "3000 6000", "2 84 05"):
        assert hidden not in logged.text
    for kept in ("356 000 000 00048", "300 euros", "2026", "93"):
        assert kept in logged.text


async def test_a_person_at_the_site_erases_the_same_way(stage: Stage, camille: Colleague) -> None:
    ada = CoreCitizen(stage)
    await ada.says_and_waits(SECRET)
    await asks_for_a_human(ada, "Besançon")
    await ada.says("/effacer")
    await ada.presses("Oui, tout effacer")
    assert traces(stage, "xylophone") == []


async def test_an_operator_erases_by_address(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    await nadia_on_telegram.says_and_waits(SECRET)
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    folder = stage.house.settings.data_dir
    environment = bare() | {"BOT_DATA_DIR": str(folder)}

    async def forget(address: str) -> tuple[int | None, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "forget", address),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said_there, _ = await process.communicate()
        return process.returncode, said_there.decode()

    code, words = await forget(nadia_on_telegram.address)
    assert (code, "Erased" in words) == (0, True), words
    assert traces(stage, "xylophone") == []
    assert "a fait effacer ses messages" in said(await camille.hears())
    code, words = await forget("telegram:1")
    assert code == 1
    assert "Nothing is kept" in words
