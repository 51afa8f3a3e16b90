"""« @bot compte pro »: answers for referents to drop into any chat; nothing for others, nothing kept."""

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from handlers import holds
from handlers.turn import Turn
from storage.tables import InboxItem, Question
from tests.actors import TelegramCitizen
from tests.fake_telegram import Person
from tests.fake_telegram.chats import Json
from tests.scenarios.desk import Colleague
from tests.stage import Stage


async def answer(stage: Stage, person: Person, text: str) -> Json:
    """What the list shows for what was typed."""
    query_id = person.types_inline(text)
    while query_id not in stage.telegram.inline:
        await stage.telegram.something_sent()
    return stage.telegram.inline[query_id]


def rows(turn: Turn) -> tuple[int, int]:
    """Inbox items and logged questions."""
    count = select(func.count())
    found = [turn.session.scalar(count.select_from(table)) or 0 for table in (InboxItem, Question)]
    return found[0], found[1]


async def test_a_referent_gets_answers_to_drop(stage: Stage, camille: Colleague) -> None:
    await stage.settle()
    found = await answer(stage, camille.person, "comment ouvrir un compte pro")
    cards = found["results"]
    assert 1 <= len(cards) <= 8
    first = stage.house.library.base.entry(cards[0]["id"])
    assert first is not None
    assert "partenaire" in first.audiences
    assert cards[0]["title"] == first.title
    content = cards[0]["input_message_content"]
    assert content["message_text"].startswith(first.title)
    assert "Source" in content["message_text"]
    assert f"https://t.me/souffleur_bot?start={first.id}" in content["message_text"]
    assert "text_link" in {entity["type"] for entity in content["entities"]}
    assert content["link_preview_options"] == {"is_disabled": True}
    assert "button" not in found
    assert found["is_personal"] is True


async def test_before_a_word_is_typed_the_most_asked_are_offered(stage: Stage, camille: Colleague) -> None:
    found = await answer(stage, camille.person, " ")
    titles = [entry.title for entry in stage.house.library.base.frequent()]
    assert [card["title"] for card in found["results"]] == titles[:8]


async def test_others_get_a_button_to_the_bot_and_nothing_else(
    stage: Stage, camille: Colleague, nadia_on_telegram: TelegramCitizen
) -> None:
    found = await answer(stage, nadia_on_telegram.person, "compte pro")
    assert found["results"] == []
    assert found["button"]["start_parameter"] == "aide"


async def test_what_is_on_hold_is_no_card(stage: Stage, camille: Colleague) -> None:
    found = await answer(stage, camille.person, "comment ouvrir un compte pro")
    first = found["results"][0]["id"]
    await stage.turn(lambda turn: holds.freeze(turn, None, "entry", first, "nouveau décret"))
    again = await answer(stage, camille.person, "comment ouvrir un compte pro ?")
    assert first not in [card["id"] for card in again["results"]]


async def test_nothing_of_it_is_stored_or_logged(stage: Stage, camille: Colleague) -> None:
    await stage.settle()
    before = await stage.turn(rows)
    with capture_logs() as logs:
        await answer(stage, camille.person, "numéro secret 4242")
        await stage.settle()
    assert await stage.turn(rows) == before
    assert "secret" not in str(logs)


@pytest.mark.fault(51)
async def test_a_query_that_is_too_old_or_a_telegram_that_is_away_costs_nothing(
    stage: Stage, camille: Colleague
) -> None:
    await stage.settle()
    stage.telegram.fail("answerInlineQuery", "html")
    assert (await answer(stage, camille.person, "compte"))["results"] != []
    stage.telegram.inject({"update_id": 1, "inline_query": {"id": 3, "from": None}})
    stage.telegram.inject({"update_id": 2, "chosen_inline_result": {"query": "x"}})
    camille.person.types_inline("compte p")
    stage.telegram.open_queries.clear()
    found = await answer(stage, camille.person, "compte pro")
    assert found["results"] != []
    await stage.settle()
