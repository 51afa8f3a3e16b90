"""A ticket's transitions are conditional: of several at once one succeeds. On both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from storage import contacts, directory, life, tickets
from storage.database import Database
from tests.storage.passing import NOW


async def a_ticket(database: Database) -> int:
    def open_one(session: Session) -> int:
        asker = contacts.at(session, "web:1", now=NOW)
        return tickets.open_ticket(session, asker, question_id=None, theme=None, now=NOW).number

    return await database.write(open_one)


async def referents(database: Database, *names: str) -> list[int]:
    def add(session: Session) -> list[int]:
        return [
            directory.add(session, name=name, role="referent", national=False, email=None, now=NOW).id
            for name in names
        ]

    return await database.write(add)


@pytest.mark.fault(61)
async def test_of_two_referents_who_take_a_ticket_at_once_one_has_it(database: Database) -> None:
    number = await a_ticket(database)
    alice, bob, charlie = await referents(database, "Alice", "Bob", "Charlie")

    async def take(referent: int) -> bool:
        return await database.write(lambda s: life.move(s, number, "take", referent_id=referent))

    took = await asyncio.gather(take(alice), take(bob), take(charlie))
    assert sorted(took) == [False, False, True]
    holder = await database.read(lambda s: getattr(tickets.get(s, number), "referent_id", None))
    assert holder == [alice, bob, charlie][took.index(True)]


async def test_of_taking_and_closing_at_once_by_different_hands_one_succeeds(database: Database) -> None:
    number = await a_ticket(database)

    async def move(step: life.Step) -> bool:
        return await database.write(lambda s: life.move(s, number, step, life.held_by(None), referent_id=1))

    await referents(database, "Alice")
    assert sorted(await asyncio.gather(move("take"), move("close"))) == [False, True]


async def test_a_refused_transition_changes_nothing(database: Database) -> None:
    number = await a_ticket(database)
    later = NOW + timedelta(hours=1)
    assert not await database.write(lambda s: life.move(s, number, "reopen", closed_at=later))
    assert not await database.write(lambda s: life.move(s, 999, "close"))
    state = await database.read(lambda s: [(t.state, t.closed_at) for t in tickets.of_contact(s, 1)])
    assert state == [("waiting", None)]


async def test_the_circle_of_those_told_is_widened_once(database: Database) -> None:
    number = await a_ticket(database)

    async def widen() -> bool:
        return await database.write(lambda s: tickets.advance_stage(s, number, of="unrouted", to="territory"))

    assert sorted(await asyncio.gather(widen(), widen(), widen())) == [False, False, True]


async def test_a_taken_ticket_is_not_passed_around_by_a_late_timer(database: Database) -> None:
    number = await a_ticket(database)
    await database.write(lambda s: life.move(s, number, "take"))
    assert not await database.write(lambda s: tickets.advance_stage(s, number, of="unrouted", to="territory"))


async def test_a_number_is_never_given_twice(database: Database) -> None:
    first = await a_ticket(database)
    await database.write(lambda s: s.delete(tickets.get(s, first)))
    assert await a_ticket(database) > first


async def test_not_found_and_not_theirs_read_the_same(database: Database) -> None:
    number = await a_ticket(database)
    (alice,) = await referents(database, "Alice")

    def look(session: Session) -> list[bool]:
        referent = directory.get(session, alice)
        assert referent is not None
        return [tickets.for_referent(session, n, referent) is None for n in (number, number + 1)]

    assert await database.read(look) == [True, True]
