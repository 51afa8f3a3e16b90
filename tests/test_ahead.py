"""What is read before a turn: nothing, and by nobody, for what needs nothing."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from bot.ahead import Ahead, look_ahead
from handlers.events import ChoiceMade, CommandGiven, ContactBlocked, Event, TimerDue
from handlers.turn import Turn
from knowledge.outcomes import Match
from storage.database import Work

T = TypeVar("T")


class Unread:
    """A database that nobody may ask."""

    dialect = "none"

    async def write(self, work: Work[T], *, soon: bool = True) -> T:
        raise AssertionError("written to")

    async def read(self, work: Work[T]) -> T:
        raise AssertionError("read")

    async def close(self) -> None: ...


async def unlooked(*_: object) -> Match:
    raise AssertionError("looked up")


@pytest.mark.parametrize(
    "event",
    [
        ChoiceMade(address="telegram:1", choice="1.0", external_id="1"),
        CommandGiven(address="telegram:1", name="start", argument="", external_id="1", reply_to=None),
        ContactBlocked(address="telegram:1"),
        TimerDue(kind="route", arguments={"number": 1}),
    ],
)
def test_buttons_and_most_others_read_nothing_before_their_turn(event: Event) -> None:
    def turn(_: Session) -> Turn:
        raise AssertionError("begun")

    reader: Callable[[Session], Turn] = turn
    found = asyncio.run(look_ahead(Unread(), reader, unlooked, event))
    assert found == Ahead()
