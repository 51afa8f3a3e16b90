"""Whoever calls, and however: no rights for strangers, edits are read, what was missed is caught up with."""

import asyncio
import os
from typing import Any

import pytest
from sqlalchemy import select

from handlers.turn import Turn
from storage import contacts, gates, outbox, queue, transcript
from storage.tables import Question, Transcript
from tests.actors import TelegramCitizen, WebCitizen, texts
from tests.durability.test_telegram_faults import recovered
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said
from tests.stage import PATIENCE, Stage

TIMES = 50 if os.environ.get("SOUFFLEUR_CHAOS") else 3
"""How often each of twenty people said two things during an outage."""
ANONYMOUS_ADMIN = 1087968824
"""Telegram's account that stands for anonymous administrators of any group."""


@pytest.fixture
async def camille(stage: Stage) -> Colleague:
    return await appoint(stage, "Camille Martin", territories="25", national=True)


def inject(stage: Stage, kind: str, **content: Any) -> None:
    updates = stage.telegram.updates
    updates.next_id += 1
    stage.telegram.inject({"update_id": updates.next_id - 1, kind: {"message_id": 900, "date": 1} | content})


@pytest.mark.fault(27)
async def test_what_was_changed_before_the_answer_is_answered_once_as_it_is_now(stage: Stage) -> None:
    nadia = TelegramCitizen(stage)
    await nadia.says("bonjour")
    first = nadia.person.write("truc zinzin du machin")
    await stage.settle()
    nadia.person.edit(first, "comment créer un compte pass Culture Pro ?")
    await stage.later(seconds=3)
    heard = texts(await nadia.hears())
    assert heard.count("Source") == 1
    assert "reformul" not in heard
    assert await stage.turn(lambda t: list(t.session.scalars(select(Question.text)))) == [
        "comment créer un compte pass Culture Pro ?"
    ]
    kept = select(Transcript.text).where(Transcript.author == "visitor").order_by(Transcript.id)
    assert (await stage.turn(lambda t: list(t.session.scalars(kept))))[1:] == [
        "comment créer un compte pass Culture Pro ?"
    ]


@pytest.mark.fault(27)
async def test_what_was_changed_before_it_was_even_read_is_answered_as_it_is_now_too(stage: Stage) -> None:
    nadia = TelegramCitizen(stage)
    await nadia.says("bonjour")
    first = nadia.person.write("truc zinzin du machin")
    nadia.person.edit(first, "comment créer un compte pass Culture Pro ?")
    await stage.later(seconds=3)
    assert texts(await nadia.hears()).count("Source") == 1


@pytest.mark.fault(29)
async def test_a_number_or_a_place_that_somebody_sends_is_written_nowhere(stage: Stage) -> None:
    nadia = TelegramCitizen(stage)
    for kind in ("contact", "location", "venue"):
        nadia.person._say(
            None,
            **{
                kind: {
                    "phone_number": "+33612345678",
                    "first_name": "Xylo",
                    "latitude": 47.2378,
                    "longitude": 6.0241,
                }
            },
        )
        await nadia.hears()
    written = await stage.turn(_everything)
    for trace in ("612345678", "Xylo", "47.23", "6.02"):
        assert trace not in written


def _everything(turn: Turn) -> str:
    """All that the database holds, as text."""
    tables = turn.session.connection().exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
    names = [name for (name,) in tables]
    rows = [turn.session.connection().exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in names]
    return repr(rows)


@pytest.mark.fault(36)
@pytest.mark.fault(37)
@pytest.mark.fault(66)
async def test_in_a_group_nobody_is_a_referent_and_no_entry_is_said(stage: Stage, camille: Colleague) -> None:
    nadia = TelegramCitizen(stage)
    number = await asks_for_a_human(nadia, "Besançon")
    await nadia.hears()
    group = {"id": -1001234, "type": "supergroup", "title": "Référents"}
    stage.telegram.chats[-1001234].state = "open"
    admin = {"id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    person = {"id": camille.person.id, "is_bot": False, "first_name": "Camille"}
    channel = {"id": -1009, "type": "channel", "title": "Chaîne"}
    command = f"/repondre {number} Bonjour"
    inject(stage, "message", chat=group, **{"from": admin}, sender_chat=group, text=command)
    inject(stage, "message", chat=group, **{"from": person}, text=command)
    inject(
        stage, "message", chat=group, **{"from": person}, text="comment créer un compte pass Culture Pro ?"
    )
    inject(stage, "channel_post", chat=channel, sender_chat=channel, text=command)
    private = {"id": camille.person.id, "type": "private", "first_name": "Camille"}
    bot = {"id": camille.person.id, "is_bot": True, "first_name": "Camille"}
    inject(stage, "message", chat=private, **{"from": bot}, text=command)
    assert await nadia.hears() == [], "nothing of it reached the asker"
    heard = " ".join(one.text for one in stage.telegram.person(-1001234).heard())
    assert "conversation privée" in heard
    assert "Source" not in heard
    assert stage.telegram.chats[-1001234].left
    assert await stage.turn(lambda turn: contacts.by_address(turn.session, "telegram:-1001234")) is None
    assert await stage.turn(lambda turn: len(transcript.of_ticket(turn.session, number))) > 0
    assert "part vers la personne" in said(await camille.writes(command))


@pytest.mark.fault(61)
async def test_of_two_who_reply_at_once_one_is_heard_and_the_other_reads_who(
    stage: Stage, camille: Colleague
) -> None:
    diane, nadia = await appoint(stage, "Diane Roux", territories="25"), TelegramCitizen(stage)
    number = await asks_for_a_human(nadia, "Besançon")
    await nadia.hears()
    camille.person.write(f"/repondre {number} Par ici")
    diane.person.write(f"/repondre {number} Par là")
    heard = {"Par ici": said(await camille.hears()), "Par là": said(await diane.hears())}
    (reply,) = [words for words, answer in heard.items() if "part vers la personne" in answer]
    (other,) = [words for words in heard if words != reply]
    assert f"La demande n° {number} est déjà suivie par" in heard[other]
    assert reply in texts(news := await nadia.hears())
    assert other not in texts(news)
    second = diane if other == "Par là" else camille
    await second.writes(f"/prendre {number} quand même")
    await second.writes(f"/repondre {number} {other}")
    assert other in texts(await nadia.hears())


@pytest.mark.fault(44)
async def test_what_is_said_while_telegram_cannot_be_reached_arrives_later(
    stage: Stage, camille: Colleague
) -> None:
    anne = WebCitizen(stage)
    number = await asks_for_a_human(anne, "Besançon")
    await camille.writes(f"/prendre {number}")
    await stage.telegram.stop()
    await anne._send("J'ai encore une précision.")
    async with asyncio.timeout(PATIENCE):
        while not (await stage.house.probe()).details["gates_closed"]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # until it was tried in vain
    details = (await stage.house.probe()).details
    assert "telegram" in details["gates_closed"]  # type: ignore[operator]
    assert details["outbox"]["waiting"] >= 1  # type: ignore[index]
    await stage.telegram.start()
    await recovered(stage)
    assert f"n° {number}" in said(await camille.hears())
    assert await stage.turn(lambda turn: list(outbox.failures(turn.session))) == []
    assert await stage.turn(lambda turn: gates.closed(turn.session)) == {}


@pytest.mark.fault(23)
@pytest.mark.timeout(900)
async def test_after_an_outage_the_oldest_are_answered_first_and_everybody_in_order(stage: Stage) -> None:
    # A matcher that has found nothing yet takes long for its first word: all others would overtake whoever
    # says it beside the first.
    early = TelegramCitizen(stage)
    await early.says("bonjour")
    await early.says("merci")
    people = [stage.telegram.person(9001 + number) for number in range(20)]
    for _ in range(TIMES):
        for person in people:
            person.write("bonjour")
            person.write("merci")
    assert len(stage.telegram.updates.waiting) == 40 * TIMES
    async with asyncio.timeout(PATIENCE * TIMES):
        while bool(stage.telegram.updates.waiting) or await stage.turn(_busy):  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # as long as it takes
    for person in people:
        assert len(person.heard()) == 2 * TIMES + 1, "the notice, and an answer each time"
    answered = [call.parameters["chat_id"] for call in stage.telegram.calls("sendMessage")]
    answered = [chat for chat in answered if chat >= people[0].id]
    first_time = sorted({chat: answered.index(chat) for chat in answered}.items(), key=lambda one: one[1])
    # Several are in hand at once, so that neighbours may change places, and no more than that.
    places = {chat: place for place, (chat, _) in enumerate(first_time)}
    assert max(abs(places[person.id] - index) for index, person in enumerate(people)) <= 16
    assert await stage.turn(lambda turn: queue.counts(turn.session)) == {"done": 40 * TIMES + 2}
    assert not [call for call in stage.telegram.calls("sendMessage") if call.status == 429]


def _busy(turn: Turn) -> bool:
    return (queue.oldest(turn.session, now=turn.now) or outbox.oldest(turn.session)) is not None
