"""Marks of promised replies and what is set of hours, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from storage import contacts, deadlines, directory, life, schedules, tickets
from storage.database import Database
from storage.deadlines import Mark
from storage.tables import Ticket
from tests.clock import Clock


def _promised(session: Session, clock: Clock) -> int:
    contact = contacts.at(session, "web:a", now=clock.now)
    ticket = tickets.open_ticket(session, contact, question_id=None, theme=None, now=clock.now)
    ticket.stage = "territory"
    ticket.promised_at, ticket.near_at = clock.now, clock.now + timedelta(hours=3)
    ticket.due_at = clock.now + timedelta(hours=4)
    session.flush()
    return ticket.number


async def test_each_mark_is_reached_once_and_in_order(database: Database, clock: Clock) -> None:
    number = await database.write(lambda session: _promised(session, clock))
    due = clock.now + timedelta(hours=4)

    async def reach(mark: Mark) -> bool:
        return await database.write(lambda session: deadlines.reach(session, number, mark, due_at=due))

    assert not await reach("still")
    assert [await reach("near"), await reach("near")] == [True, False]
    assert [await reach("late"), await reach("late"), await reach("near")] == [True, False, False]
    assert [await reach("still"), await reach("still")] == [True, False]
    assert await database.read(lambda session: session.get_one(Ticket, number).stage) == "national"


async def test_a_promise_that_moved_is_not_reached(database: Database, clock: Clock) -> None:
    number = await database.write(lambda session: _promised(session, clock))
    before = clock.now + timedelta(hours=3)
    assert not await database.write(lambda s: deadlines.reach(s, number, "late", due_at=before))


@pytest.mark.parametrize("step", ["reply", "close", "lose", "erase"])
async def test_what_ends_our_debt_ends_the_promise(database: Database, clock: Clock, step: life.Step) -> None:
    number = await database.write(lambda session: _promised(session, clock))
    due = clock.now + timedelta(hours=4)
    values = {"referent_id": None, "closed_at": clock.now if step in ("close", "erase") else None}

    def end(session: Session) -> bool:
        if step == "reply":
            somebody = directory.add(
                session, name="Lou", role="referent", national=False, email=None, now=clock.now
            )
            values["referent_id"] = somebody.id  # type: ignore[assignment]  # a number or a moment
        return life.move(session, number, step, **values)

    assert await database.write(end)
    assert not await database.write(lambda session: deadlines.reach(session, number, "late", due_at=due))
    ticket = await database.read(lambda session: session.get_one(Ticket, number))
    assert (ticket.promised_at, ticket.near_at, ticket.due_at, ticket.reminded) == (None,) * 4


async def test_the_digest_is_noted_once_a_day(database: Database, clock: Clock) -> None:
    def twice(session: Session) -> list[bool]:
        lou = directory.add(session, name="Lou", role="referent", national=False, email=None, now=clock.now)
        midnight, later = clock.now - timedelta(hours=9), clock.now + timedelta(hours=1)
        tomorrow = midnight + timedelta(days=1)
        return [
            deadlines.digest_once(session, lou, since=midnight, now=clock.now),
            deadlines.digest_once(session, lou, since=midnight, now=later),
            deadlines.digest_once(session, lou, since=tomorrow, now=tomorrow),
        ]

    assert await database.write(twice) == [True, False, True]


async def test_schedules_are_kept_replaced_and_dropped(database: Database) -> None:
    def work(session: Session) -> list[object]:
        owner = schedules.of_territory("25")
        schedules.keep(session, owner, periods=[(0, 540, 720)], reply_days=None)
        schedules.keep(session, owner, periods=None, reply_days=1.5)
        schedules.keep(session, schedules.NATIONAL, periods=[(6, 0, 1440)], reply_days=2)
        session.expire_all()
        kept = schedules.territories(session)["25"]
        found: list[object] = [kept.periods, kept.reply_days, len(schedules.of_many(session, [owner]))]
        schedules.keep(session, owner, periods=None, reply_days=None)
        session.expire_all()
        return [*found, schedules.get(session, owner), list(schedules.territories(session))]

    assert await database.write(work) == [None, 1.5, 1, None, []]


async def test_who_leaves_office_leaves_no_hours_behind(database: Database, clock: Clock) -> None:
    def work(session: Session) -> bool:
        lou = directory.add(session, name="Lou", role="referent", national=False, email=None, now=clock.now)
        owner = schedules.of_referent(lou.id)
        schedules.keep(session, owner, periods=[(0, 540, 720)], reply_days=None)
        directory.remove(session, lou, now=clock.now)
        session.expire_all()
        return schedules.get(session, owner) is None

    assert await database.write(work)
