"""Referents at work on Telegram, and what a test looks up about the demands they share with citizens."""

import itertools
import re

from handlers import staff
from handlers.staff_details import Typed
from handlers.turn import Turn
from storage import contacts, questions, tickets
from storage.tables import Question, Referent, Ticket
from tests.actors import Citizen, buttons
from tests.fake_telegram import Person
from tests.fake_telegram.person import Heard
from tests.stage import Stage

HUMAN = "Parler au référent"
_numbers = itertools.count(500_001)


class Colleague:
    """A referent with Telegram: reads notices, replies, commands."""

    def __init__(self, stage: Stage, referent_id: int, name: str, account: int) -> None:
        self.stage = stage
        self.id = referent_id
        self.name = name
        self.person: Person = stage.telegram.person(account)
        self._read = 0

    async def writes(self, text: str, *, reply_to: Heard | None = None) -> list[Heard]:
        self.person.write(text, reply_to=reply_to)
        return await self.hears()

    async def presses(self, label: str, *, on: Heard | None = None) -> list[Heard]:
        self.person.press(label, on=on)
        return await self.hears()

    async def hears(self) -> list[Heard]:
        """What came since the last time."""
        await self.stage.settle()
        heard = self.person.heard()
        news, self._read = heard[self._read :], len(heard)
        return news

    async def notice(self, number: int) -> Heard:
        """The newest message that is about a demand."""
        await self.stage.settle()
        return next(one for one in reversed(self.person.heard()) if f"n° {number}" in one.text)


async def appoint(
    stage: Stage,
    name: str,
    *,
    territories: str = "",
    role: str = "referent",
    national: bool = False,
    email: str | None = None,
    deputy: str | None = None,
    telegram: bool = True,
) -> Colleague:
    """Adds somebody to the directory; with `telegram` they have opened the bot's chat already."""
    account = next(_numbers)

    def work(turn: Turn) -> int:
        added = staff.add(
            turn,
            Typed(
                name=name, territories=territories, role=role, national=national, email=email, deputy=deputy
            ),
            telegram_id=account if telegram else None,
            reachable=True,
        )
        assert isinstance(added, Referent), added
        return added.id

    if telegram:
        stage.telegram.chats[account].state = "open"
    return Colleague(stage, await stage.turn(work), name, account)


async def asks_for_a_human(citizen: Citizen, place: str | None = None) -> int:
    """Presses the button for a human, says where they are if asked; the number of the demand."""
    heard = await citizen.says("/referent")
    number = number_in("\n".join(one.text for one in heard))
    if place is not None and "Je ne sais pas" in buttons(heard):
        await citizen.says(place)
    return number


async def ticket(stage: Stage, number: int) -> Ticket:
    """The demand as it stands."""

    def work(turn: Turn) -> Ticket:
        found = tickets.get(turn.session, number)
        assert found is not None
        turn.session.expunge(found)
        return found

    return await stage.turn(work)


async def history(stage: Stage, number: int) -> list[str]:
    """What happened to a demand, and to whom."""
    return await stage.turn(
        lambda turn: [
            f"{one.what} {one.detail or ''}".strip() for one in tickets.history(turn.session, number)
        ]
    )


def number_in(text: str) -> int:
    found = re.search(r"n° (\d+)", text)
    assert found is not None, text
    return int(found[1])


def said(heard: list[Heard]) -> str:
    """All that was heard, for looking a phrase up in it."""
    return "\n".join(one.text for one in heard)


async def logged(stage: Stage, citizen: Citizen) -> Question:
    """The newest question of a person."""

    def work(turn: Turn) -> Question:
        contact = contacts.by_address(turn.session, citizen.address)
        assert contact is not None
        newest = questions.of_contact(turn.session, contact.id)[-1]
        turn.session.expunge(newest)
        return newest

    return await stage.turn(work)
