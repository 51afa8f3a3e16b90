"""Absences are whole days, one at a time: against a model that knows for each day who stands in."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from storage import absences, directory
from storage.database import Database
from storage.tables import Absence
from tests.storage.passing import NOW

Days = dict[int, int | None]


def _at(day: int) -> datetime:
    return NOW + timedelta(days=day)


def _days(found: Sequence[Absence]) -> Days:
    """Who stands in on each day; a day that is there twice fails."""
    days: Days = {}
    for one in found:
        for day in range((one.starts_at - NOW).days, (one.ends_at - NOW).days):
            assert day not in days, f"day {day} is in two absences"
            days[day] = one.replacement_id
    return days


async def test_notes_and_returns_never_lose_or_double_a_day(database: Database) -> None:
    def work(session: Session) -> None:
        numbers = [
            directory.add(session, name=name, role="referent", national=False, email=None, now=NOW).id
            for name in ("Camille", "Sam", "Lou")
        ]
        camille, chance, model = numbers[0], random.Random(5), Days()
        for _ in range(150):
            first = chance.randrange(40)
            last = first + chance.randrange(1, 9)
            who = chance.choice([None, *numbers[1:]])
            if chance.random() < 0.2:
                for one in absences.overlapping(session, camille, _at(first), _at(last)):
                    for day in range((one.starts_at - NOW).days, (one.ends_at - NOW).days):
                        model.pop(day)
                    absences.end(session, one, now=NOW - timedelta(days=1))
            else:
                model |= dict.fromkeys(range(first, last), who)
                absences.note(session, camille, starts_at=_at(first), ends_at=_at(last), replacement_id=who)
            assert _days(absences.to_come(session, camille, now=NOW - timedelta(days=1))) == model

    await database.write(work)


async def test_an_absence_that_has_begun_keeps_what_is_over(database: Database) -> None:
    def work(session: Session) -> tuple[Days, Days]:
        camille = directory.add(session, name="Camille", role="referent", national=False, email=None, now=NOW)
        absence = absences.note(session, camille.id, starts_at=_at(0), ends_at=_at(9))
        absences.end(session, absence, now=_at(3))
        coming = _days(absences.to_come(session, camille.id, now=_at(3)))
        kept = _days(absences.between(session, _at(-1), _at(20)))
        absences.forget_older(session, before=_at(400))
        assert absences.between(session, _at(-1), _at(20)) == []
        return coming, kept

    assert await database.write(work) == ({}, {0: None, 1: None, 2: None})
