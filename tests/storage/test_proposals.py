"""Proposals are decided on once, whoever decides at the same time, and words belong to one target."""

import asyncio
from datetime import timedelta

from sqlalchemy.orm import Session

from storage import proposals
from storage.database import Database
from tests.clock import Clock


async def _add(database: Database, clock: Clock, words: str = "mot", target: str = "une-fiche") -> int:
    def add(session: Session) -> int:
        made = proposals.add(
            session,
            kind="phrasing",
            target=target,
            words=words,
            wording=words,
            referent_id=None,
            now=clock(),
        )
        return made.id

    return await database.write(add)


async def _accept(database: Database, clock: Clock, number: int) -> bool:
    return await database.write(lambda session: proposals.decide(session, number, to="accepted", now=clock()))


async def test_of_many_who_decide_at_once_one_does(database: Database, clock: Clock) -> None:
    number = await _add(database, clock)

    def reject(session: Session) -> bool:
        return proposals.decide(session, number, to="rejected", now=clock(), reason="non")

    decisions = [_accept(database, clock, number) if n % 2 else database.write(reject) for n in range(8)]
    assert sorted(await asyncio.gather(*decisions)) == [False] * 7 + [True]


async def test_the_same_words_are_accepted_once_even_at_the_same_time(
    database: Database, clock: Clock
) -> None:
    numbers = [await _add(database, clock, target=f"fiche-{n}") for n in range(6)]
    accepted = await asyncio.gather(*(_accept(database, clock, number) for number in numbers))
    assert sorted(accepted) == [False] * 5 + [True]

    def look(session: Session) -> tuple[int, int, str | None]:
        taught = proposals.taught(session, "mot")
        assert taught is not None
        return len(proposals.in_effect(session)), proposals.count_waiting(session), taught.target

    in_effect, waiting, target = await database.read(look)
    assert (in_effect, waiting) == (1, 5)
    assert target == f"fiche-{accepted.index(True)}"


async def test_it_is_heeded_until_the_files_say_it(database: Database, clock: Clock) -> None:
    number = await _add(database, clock)
    assert await database.read(lambda session: proposals.taught(session, "mot")) is None
    await _accept(database, clock, number)
    for move in (
        lambda session: None,
        lambda session: proposals.mark_joined(session, [number], now=clock()),
        lambda session: proposals.mark_exported(session, [number]),
    ):
        await database.write(move)
        assert await database.read(lambda session: proposals.taught(session, "mot")) is not None
    assert [one.id for one in await database.read(proposals.exported)] == [number]
    await database.write(lambda session: proposals.mark_joined(session, [number], now=clock()))
    assert await database.read(lambda session: proposals.taught(session, "mot")) is None
    assert await database.read(proposals.standing) == []
    again = await _add(database, clock)
    assert await _accept(database, clock, again), "taken out of the files, the words are free again"


async def test_what_is_over_goes_and_the_rest_stays(database: Database, clock: Clock) -> None:
    waiting, accepted, rejected, joined = [await _add(database, clock, word) for word in "abcd"]
    for number in (accepted, joined):
        await _accept(database, clock, number)

    def end(session: Session) -> None:
        assert proposals.decide(session, rejected, to="rejected", now=clock(), reason="non")
        proposals.mark_exported(session, [joined])
        proposals.mark_joined(session, [joined], now=clock())

    await database.write(end)
    before = clock() + timedelta(days=1)
    await database.write(lambda session: proposals.forget_older(session, before=before))

    def left(session: Session) -> list[bool]:
        return [proposals.get(session, n) is not None for n in (waiting, accepted, rejected, joined)]

    assert await database.read(left) == [True, True, False, False]
