"""`/infos`: nothing is sent to who did not say yes twice; the way out is one press, and proof is kept."""

from typing import Any

import pytest
from sqlalchemy import select

from handlers import privacy, retention
from handlers.turn import Turn
from storage import contacts
from storage.tables import Subscription
from tests.actors import Citizen, TelegramCitizen, WebCitizen, buttons, texts
from tests.scenarios.news import YES, YOUNG, erased, held, joins, known
from tests.stage import Stage


async def test_nothing_is_agreed_to_before_the_second_yes(stage: Stage, nadia: Citizen) -> None:
    await nadia.says("/start dep-25")
    heard = await nadia.says("/infos")
    assert "Vous n'en recevez aucune tant que vous ne l'avez pas demandé" in texts(heard)
    heard = await nadia.presses(YOUNG)
    assert "Encore une question avant de vous inscrire" in texts(heard)
    assert "pour : Doubs (25)" in texts(heard)
    assert "Ce n'est pas obligatoire" in texts(heard)
    assert await held(stage, nadia) == {}
    assert "vous ne recevrez rien" in texts(await nadia.presses("Non merci"))
    assert await held(stage, nadia) == {}
    await nadia.says("/infos")
    await nadia.presses(YOUNG)
    heard = await nadia.presses(YES)
    assert f"vous recevrez les infos « {YOUNG} » (Doubs (25))" in texts(heard)
    assert await held(stage, nadia) == {"jeunes": "25"}
    assert f"{YOUNG} (Doubs (25))" in texts(await nadia.says("/infos"))


async def test_who_has_said_no_place_chooses_one(stage: Stage, nadia: Citizen) -> None:
    await nadia.says("/infos")
    heard = await nadia.presses("pass Culture Pro")
    assert "Pour quelle région" in texts(heard)
    heard = await nadia.presses("Bourgogne-Franche-Comté")
    assert "Doubs (25)" in buttons(heard)
    await nadia.presses("Doubs (25)")
    await nadia.presses(YES)
    assert await held(stage, nadia) == {"pro": "25"}
    await nadia.says("/infos")
    await nadia.presses("Changer de département")
    heard = await nadia.presses("Mayotte")
    assert "pour : Mayotte (976)" in texts(heard)
    assert await held(stage, nadia) == {"pro": "25"}
    await nadia.presses(YES)
    assert await held(stage, nadia) == {"pro": "976"}


async def test_national_news_alone_may_be_chosen(stage: Stage, nadia: Citizen) -> None:
    await nadia.says("/infos")
    await nadia.presses("Part collective et ADAGE")
    heard = await nadia.presses("Seulement les infos nationales")
    assert "pour : toute la France" in texts(heard)
    await nadia.presses(YES)
    assert await held(stage, nadia) == {"scolaire": None}


async def test_stop_ends_everything_and_says_so(stage: Stage, nadia: Citizen) -> None:
    await joins(nadia)
    await joins(nadia, "pass Culture Pro")
    await nadia.says("/infos")
    heard = await nadia.presses("Arrêter : pass Culture Pro")
    assert "Vous recevez encore d'autres infos" in texts(heard)
    assert await held(stage, nadia) == {"jeunes": "25"}
    await joins(nadia, "pass Culture Pro")
    heard = await nadia.says("Stop !")
    assert f"vous ne recevrez plus rien sur « {YOUNG} », « pass Culture Pro »" in texts(heard)
    assert await held(stage, nadia) == {}
    heard = await nadia.says("/stop")
    assert "Vous n'êtes inscrit à aucune info" in texts(heard)


async def test_stop_of_somebody_who_gets_nothing_is_a_message_like_any_other(nadia: Citizen) -> None:
    assert "vous ne recevrez" not in texts(await nadia.says_and_waits("stop"))


async def test_the_proof_is_the_sentence_that_was_read(stage: Stage, nadia: Citizen) -> None:
    await nadia.says("/start dep-25")
    await nadia.says("/infos")
    asked = texts(await nadia.presses(YOUNG))
    await nadia.presses(YES)
    stage.clock.advance(minutes=5)
    await nadia.says("/stop")
    (proof,) = (await stage.turn(lambda turn: data_of(turn, nadia)))["infos"]
    assert proof["phrase_acceptee"] == asked
    assert proof["accord_donne_par"] == nadia.address.split(":")[0]
    assert (proof["sujet"], proof["departement"], proof["fin_par"]) == ("jeunes", "25", "command")
    assert proof["accord_donne_le"] < proof["fin_le"]


async def test_my_data_names_them_and_an_erasure_leaves_nothing(stage: Stage, nadia: Citizen) -> None:
    await joins(nadia)
    assert f"infos reçues : {YOUNG}" in texts(await nadia.says("/mesdonnees"))
    await nadia.says("/effacer")
    await erased(nadia)
    assert await stage.turn(lambda turn: turn.session.scalars(select(Subscription)).all()) == []


@pytest.mark.both_databases
async def test_who_gets_news_stays_without_their_words_and_proof_goes_after_half_a_year(
    stage: Stage, nadia_on_telegram: TelegramCitizen
) -> None:
    await joins(nadia_on_telegram)
    await nadia_on_telegram.says_and_waits("Comment créer mon compte pass Culture ?")
    stage.clock.advance(days=40)
    await stage.turn(retention.purge)
    kept = await stage.turn(lambda turn: data_of(turn, nadia_on_telegram))
    assert (kept["echanges"], kept["public"], len(kept["infos"])) == ([], None, 1)
    state = await stage.turn(lambda turn: known(turn, nadia_on_telegram).state)
    assert state == {}
    await nadia_on_telegram.says("/stop")
    stage.clock.advance(days=180)
    await stage.turn(retention.purge)
    assert len((await stage.turn(lambda turn: data_of(turn, nadia_on_telegram)))["infos"]) == 1
    stage.clock.advance(days=4)
    await stage.turn(retention.purge)
    await stage.turn(retention.purge)
    assert await stage.turn(lambda turn: contacts.by_address(turn.session, nadia_on_telegram.address)) is None


async def test_who_has_not_written_for_a_year_gets_no_news_any_more(
    stage: Stage, nadia_on_telegram: TelegramCitizen
) -> None:
    await joins(nadia_on_telegram)
    stage.clock.advance(days=366)
    await stage.turn(retention.purge)
    assert await stage.turn(lambda turn: contacts.by_address(turn.session, nadia_on_telegram.address)) is None


async def test_the_web_ends_with_its_conversation(stage: Stage, nadia: Citizen) -> None:
    await joins(nadia)
    stage.clock.advance(days=31)
    await stage.turn(retention.purge)
    gone = await stage.turn(lambda turn: contacts.by_address(turn.session, nadia.address)) is None
    assert gone is not nadia.address.startswith("telegram:")


async def test_who_blocks_the_bot_is_on_no_list(stage: Stage, nadia_on_telegram: TelegramCitizen) -> None:
    await joins(nadia_on_telegram)
    nadia_on_telegram.person.block()
    await stage.settle()
    assert await held(stage, nadia_on_telegram) == {}
    ended = (await stage.turn(lambda turn: data_of(turn, nadia_on_telegram)))["infos"][0]
    assert ended["fin_par"] == "blocked"


def data_of(turn: Turn, citizen: Citizen) -> dict[str, Any]:
    return privacy.my_data(turn.session, known(turn, citizen))


async def test_the_page_of_ones_data_leads_there(stage: Stage) -> None:
    """Without a script, and without knowing that there are commands."""
    nadia = WebCitizen(stage)
    await joins(nadia)
    page = await nadia.reads("/mes-donnees")
    assert "jeunes (25), accord du 23/11/2026" in page
    form = page[page.index('action="/chat"') : page.index("Choisir mes infos")]
    assert 'name="text" value="/infos"' in form
