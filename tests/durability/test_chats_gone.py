"""Chats that moved, people who blocked the bot, accounts that are gone: whoever is concerned hears of it."""

import pytest
from sqlalchemy import select

from handlers.turn import Turn
from storage import directory, receipts
from storage.tables import Contact, OutboxItem
from tests.actors import TelegramCitizen
from tests.fake_telegram import Person
from tests.stage import Stage


@pytest.mark.fault(55)
async def test_a_chat_that_moved_gets_its_messages_at_the_new_place(stage: Stage) -> None:
    nadia = stage.telegram.person(1001)
    stage.telegram.chats[2002].state = "open"
    stage.telegram.fail("sendMessage", "migrated", value=2002)
    nadia.write("bonjour")
    await stage.settle()
    assert nadia.texts() == []
    assert len(stage.telegram.person(2002).texts()) == 2
    assert await stage.turn(lambda turn: receipts.find(turn.session, "telegram:2002", "1") is not None)


@pytest.mark.fault(55)
async def test_what_was_written_before_a_chat_moved_belongs_to_the_same_talk(stage: Stage) -> None:
    nadia = stage.telegram.person(1001)
    nadia.write("bonjour")
    await stage.settle()
    moved = nadia.move(2002)
    stage.telegram.fail("sendMessage", "migrated", value=2002)
    nadia.write("merci")
    await stage.settle()
    nadia.write("bonne journée")  # on its way when the chat became another one
    await stage.settle()
    assert len(moved.texts()) == 2, "no greeting as to somebody new"
    addresses = await stage.turn(lambda turn: turn.session.scalars(select(Contact.address)).all())
    assert addresses == ["telegram:2002"]


def _referent(turn: Turn) -> None:
    alice = directory.add(
        turn.session, name="Alice", role="national", national=True, email=None, now=turn.now
    )
    alice.telegram_id = 77


async def _a_taken_ticket(stage: Stage) -> tuple[TelegramCitizen, Person]:
    """Nadia, who asked for a person, and the referent who took her ticket."""
    alice = stage.telegram.person(77)
    await stage.turn(_referent)
    alice.write("/start")
    nadia = TelegramCitizen(stage)
    await nadia.says("/referent")
    alice.write("/prendre 1")
    await stage.settle()
    return nadia, alice


@pytest.mark.fault(33)
async def test_somebody_who_blocks_the_bot_is_left_alone_and_the_referent_told(stage: Stage) -> None:
    nadia, alice = await _a_taken_ticket(stage)
    before = len(alice.texts())
    nadia.person.block()
    await stage.settle()
    assert "n° 1" in alice.texts()[before]
    tried = len(stage.telegram.calls("sendMessage"))
    alice.write("/repondre 1 Bonjour, je regarde.")
    await stage.settle()
    to_nadia = [
        call
        for call in stage.telegram.calls("sendMessage")[tried:]
        if call.parameters["chat_id"] == nadia.person.id
    ]
    assert to_nadia == []


@pytest.mark.fault(34)
@pytest.mark.fault(45)
async def test_a_reply_to_an_account_that_is_gone_is_reported_to_who_wrote_it(stage: Stage) -> None:
    nadia, alice = await _a_taken_ticket(stage)
    nadia.person.deactivate()
    alice.write("/repondre 1 Bonjour, voici ce qu'il faut faire.")
    await stage.settle()
    assert any("n° 1" in text and "plus" in text for text in alice.texts()[-2:])
    unreachable = await stage.turn(
        lambda turn: turn.session.scalar(
            select(Contact.unreachable_at).where(Contact.address == nadia.address)
        )
    )
    assert unreachable is not None
    assert await stage.turn(_nothing_open)


def _nothing_open(turn: Turn) -> bool:
    return turn.session.scalar(select(OutboxItem.id).where(OutboxItem.status == "waiting")) is None
