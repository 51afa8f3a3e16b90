"""Referents at work on Telegram: notices, replies to the right person only, and every command."""

import asyncio

import pytest

from tests.actors import CoreCitizen, TelegramCitizen, texts
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, history, said, ticket
from tests.stage import Stage

COMMANDS = (
    "/demandes",
    "/prendre 1",
    "/repondre 1 x",
    "/transmettre 1 25",
    "/clore 1",
    "/note 1 x",
    "/modeles",
    "/absent fin",
    "/console",
)


@pytest.fixture
async def zoe(stage: Stage) -> TelegramCitizen:
    """Somebody else with a question."""
    return TelegramCitizen(stage)


async def test_the_notice_is_short_and_holds_no_word_of_the_person(
    nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    await nadia_on_telegram.says("/start")
    await nadia_on_telegram.presses("Jeune")
    await nadia_on_telegram.says_and_waits("mon pass culture fait zigzag dans la nuit avec ma tante Ursule")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    notice = await camille.notice(number)
    assert "Public : Jeune" in notice.text
    assert "Territoire : Doubs (25)" in notice.text
    assert f"/console/demandes/{number}" in notice.text
    assert notice.buttons == ("Prendre", "Répondre")
    assert "Ursule" not in said(await camille.hears())


@pytest.mark.both_databases
async def test_the_reply_function_answers_the_notice(
    nadia_on_telegram: TelegramCitizen, zoe: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    first = await asks_for_a_human(nadia_on_telegram, "Besançon")
    second = await asks_for_a_human(zoe, "Besançon")
    heard = await camille.writes("Bonjour Nadia", reply_to=await camille.notice(first))
    assert f"Votre réponse à la demande n° {first} part vers la personne" in said(heard)
    assert "Réponse de votre référent" in texts(await nadia_on_telegram.hears())
    assert "Bonjour Nadia" not in texts(await zoe.hears())
    assert (await ticket(stage, first)).referent_id == camille.id
    assert (await ticket(stage, second)).state == "waiting"


@pytest.mark.parametrize(
    "form", ["/repondre {n} Bonjour Nadia", "/repondre n° {n} Bonjour Nadia", "/repondre {n}\nBonjour Nadia"]
)
async def test_the_command_with_its_text(
    nadia_on_telegram: TelegramCitizen, camille: Colleague, form: str
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(form.format(n=number))
    assert "Bonjour Nadia" in texts(await nadia_on_telegram.hears())


async def test_the_command_then_the_text_and_the_button_then_the_text(
    nadia_on_telegram: TelegramCitizen, zoe: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    first = await asks_for_a_human(nadia_on_telegram, "Besançon")
    second = await asks_for_a_human(zoe, "Besançon")
    assert f"Écrivez votre réponse à la demande n° {first}" in said(
        await camille.writes(f"/repondre {first}")
    )
    await camille.writes("Pour Nadia")
    assert "Pour Nadia" in texts(await nadia_on_telegram.hears())
    await camille.presses("Répondre", on=await camille.notice(second))
    await camille.writes("Pour Zoé")
    assert "Pour Zoé" in texts(await zoe.hears())
    assert await nadia_on_telegram.hears() == []
    await camille.writes("Et ceci ?")
    assert await zoe.hears() == []


async def test_a_reply_that_was_begun_long_ago_is_asked_about_again(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    await camille.writes(f"/repondre {number}")
    await nadia_on_telegram.hears()
    await stage.later(minutes=31)
    assert "À quelle demande répondez-vous ?" in said(await camille.writes("Ah, j'oubliais"))
    assert await nadia_on_telegram.hears() == []


@pytest.mark.fault(59)
async def test_a_plain_message_is_held_back_until_its_demand_is_known(
    nadia_on_telegram: TelegramCitizen, zoe: TelegramCitizen, camille: Colleague
) -> None:
    first = await asks_for_a_human(nadia_on_telegram, "Besançon")
    second = await asks_for_a_human(zoe, "Besançon")
    for number in (first, second):
        await camille.writes(f"/prendre {number}")
    await nadia_on_telegram.hears()
    await zoe.hears()
    heard = await camille.writes("Bonjour,")
    assert "À quelle demande répondez-vous ? Rien n'est encore envoyé." in said(heard)
    assert heard[-1].buttons == (f"Demande n° {first}", f"Demande n° {second}", "Ce n'est pas une réponse")
    await camille.writes("voici la suite")
    assert await nadia_on_telegram.hears() == []
    assert await zoe.hears() == []
    await camille.presses(f"Demande n° {second}")
    assert "Bonjour,\n\nvoici la suite" in texts(await zoe.hears())
    assert await nadia_on_telegram.hears() == []
    assert "déjà parti" in said(await camille.presses(f"Demande n° {first}"))
    assert await nadia_on_telegram.hears() == []


async def test_a_referent_may_ask_the_robot_too(
    nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    assert "Réponse automatique." in said(await camille.writes("comment créer un compte pass Culture Pro ?"))
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    await camille.writes("à quel âge a-t-on droit au pass ?")
    assert "rien n'a été envoyé" in said(await camille.presses("Ce n'est pas une réponse"))
    assert "à quel âge" not in texts(await nadia_on_telegram.hears())


async def test_a_referents_own_question_is_not_answered_to_themselves(
    stage: Stage, camille: Colleague
) -> None:
    await camille.writes("/referent")
    heard = await camille.writes("Besançon")
    number = int(said(heard).split("n° ")[1].split()[0].strip("."))
    own = next(one for one in camille.person.heard() if "Je passe la main" in one.text)
    assert "demande n°" in said(await camille.writes("je précise", reply_to=own))
    assert (await ticket(stage, number)).state == "waiting"


async def test_the_list(nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague) -> None:
    assert "Aucune demande ouverte" in said(await camille.writes("/demandes"))
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    heard = await camille.writes("/demandes")
    assert f"n° {number} (en attente)" in said(heard)
    assert f"Prendre la n° {number}" in heard[-1].buttons
    await camille.presses(f"Prendre la n° {number}")
    heard = await diane.writes("/demandes")
    assert f"n° {number} (prise en charge)" in said(heard)
    assert heard[-1].buttons == ()


async def test_the_second_who_takes_is_told_who_was_first_and_may_take_it_over(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert f"La demande n° {number} est à vous" in said(await camille.presses("Prendre"))
    heard = said(await diane.writes(f"/prendre {number}"))
    assert "déjà suivie par Camille Martin" in heard
    assert "déjà suivie par Camille Martin" in said(await diane.writes(f"/repondre {number} Bonjour"))
    assert "déjà suivie par Camille Martin" in said(await diane.writes(f"/repondre {number}"))
    assert "déjà suivie par Camille Martin" in said(await diane.writes(f"/clore {number}"))
    await diane.writes(f"/prendre {number} quand meme")
    assert (await ticket(stage, number)).referent_id == diane.id
    assert "Diane Roux a repris la demande" in said(await camille.hears())


@pytest.mark.both_databases
@pytest.mark.fault(61)
async def test_two_referents_at_once_and_only_one_has_it(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    heard = await asyncio.gather(camille.presses("Prendre"), diane.writes(f"/prendre {number}"))
    outcomes = [said(one) for one in heard]
    assert sum("est à vous" in one for one in outcomes) == 1
    assert sum("déjà suivie par" in one for one in outcomes) == 1
    assert texts(await nadia_on_telegram.hears()).count("prise en charge") == 1


@pytest.mark.both_databases
async def test_passing_on_to_a_territory_and_to_a_colleague(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="39")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    assert "est transmise : Sam Petit" in said(await camille.writes(f"/transmettre {number} le Jura"))
    assert "transmise à l'équipe de : Jura (39)" in texts(await nadia_on_telegram.hears())
    assert "Territoire : Jura (39)" in said(await sam.hears())
    assert "Je ne trouve pas de demande" in said(await camille.writes(f"/prendre {number}"))
    assert "est transmise : Diane Roux" in said(await sam.writes(f"/transmettre {number} diane roux"))
    assert f"Sam Petit vous a transmis la demande n° {number}" in said(await diane.hears())
    assert "le référent national" in texts(await nadia_on_telegram.hears())
    assert (await ticket(stage, number)).referent_id == diane.id
    assert "passed Diane Roux" in await history(stage, number)


async def test_passing_on_to_nobody_is_refused(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert "ni territoire ni référent « Zorglub »" in said(
        await camille.writes(f"/transmettre {number} Zorglub")
    )
    await diane.writes("/absent 23/11 30/11")
    heard = said(await camille.writes(f"/transmettre {number} Diane Roux"))
    assert "Diane Roux est absent jusqu'au lundi 30 novembre" in heard
    assert (await ticket(stage, number)).state == "waiting"


@pytest.mark.both_databases
async def test_closing(nadia_on_telegram: TelegramCitizen, camille: Colleague) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert f"La demande n° {number} est close" in said(await camille.writes(f"/clore {number}"))
    assert "est close" in said(await camille.writes(f"/clore {number}"))
    assert "est close" in said(await camille.writes(f"/prendre {number}"))
    assert "est close" in said(await camille.writes(f"/repondre {number} Encore un mot"))
    assert "Encore un mot" not in texts(await nadia_on_telegram.hears())


async def test_a_demand_that_is_not_theirs_reads_as_one_that_does_not_exist(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    stranger = await appoint(stage, "Sam Petit", territories="39")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    for command in ("/prendre {n}", "/repondre {n} x", "/repondre {n}", "/transmettre {n} 25", "/clore {n}"):
        theirs = said(await stranger.writes(command.format(n=number)))
        nobodys = said(await stranger.writes(command.format(n=987)))
        assert theirs.replace(str(number), "987") == nobodys
        assert "Je ne trouve pas de demande n° 987 dans vos territoires." in nobodys


async def test_how_a_command_is_written_is_said(camille: Colleague) -> None:
    for command in (
        "/prendre",
        "/prendre douze",
        "/repondre",
        "/transmettre",
        "/transmettre 12",
        "/clore n°",
    ):
        assert "Écrivez par exemple : /" in said(await camille.writes(command))


@pytest.mark.fault(66)
async def test_who_is_no_referent_has_no_such_commands(nadia_on_telegram: TelegramCitizen) -> None:
    for command in COMMANDS:
        heard = texts(await nadia_on_telegram.says(command))
        assert f"Je ne connais pas la commande « {command.split()[0][1:]} »" in heard


async def test_a_link_to_the_console_for_a_referent_alone(camille: Colleague) -> None:
    heard = said(await camille.writes("/console"))
    assert "/console/login/" in heard
    assert "dix minutes" in heard


async def test_an_empty_or_endless_reply_is_not_sent(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/repondre {number}")
    for part in ("a" * 4000, "b" * 4000):
        await camille.writes(part)
    assert "aaaa" in texts(await nadia_on_telegram.hears())
    await camille.writes("c" * 4000)
    await camille.writes("d" * 4000)
    assert "rien n'a été envoyé" in said(await camille.presses(f"Demande n° {number}"))
    assert "cccc" not in texts(await nadia_on_telegram.hears())


async def test_who_writes_from_the_site_is_answered_from_telegram(stage: Stage, camille: Colleague) -> None:
    ada = CoreCitizen(stage)
    number = await asks_for_a_human(ada, "Besançon")
    await camille.writes("Bonjour <Ada> & *merci*", reply_to=await camille.notice(number))
    assert "Bonjour <Ada> & *merci*" in texts(await ada.hears())
