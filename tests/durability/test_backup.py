"""Copies of a database in use, and a house that goes on from one after its disk was lost."""

import asyncio
import itertools
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.library import Library
from bot.register import Register
from storage import backups, contacts, directory, erasures, transcript
from storage.database import open_database
from tests.actors import TelegramCitizen
from tests.cli.program import Done, bot
from tests.durability.crew import PATIENCE, Crew, crew
from tests.durability.ledger import left_over, settled
from tests.durability.subjects import Subjects, things_to_say, without_copies
from tests.fake_telegram import FakeTelegram, Person
from tests.postgres import Postgres
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said, ticket
from tests.stage import open_stage

COPIES = 2


@pytest.mark.fault(76)
@pytest.mark.fault(65)
async def test_a_house_goes_on_from_a_copy_that_was_made_under_load_when_its_disk_is_lost(
    tmp_path: Path, telegram: FakeTelegram, subjects: Subjects
) -> None:
    data = tmp_path / "house" / "data"
    settings = {"BOT_TELEGRAM_API_URL": telegram.url, "BOT_KNOWLEDGE_DIR": str(subjects.folder)}
    people = [telegram.person(1001 + number) for number in range(4)]
    async with crew(tmp_path / "house", "run", **settings) as house:
        await house.start()
        nadia = telegram.person(1999)
        nadia.write("mon chapeau xylophone")
        writing = asyncio.create_task(_keep_writing(people, telegram))
        copies = [await _backed_up(house, tmp_path / f"copy-{number}.db") for number in range(COPIES)]
        writing.cancel()
        for copy in copies:
            backups.prove(copy)
        known = [_rows(copy) for copy in copies]
        assert known == sorted(known)
        assert known[-1] > 0
        assert any(b"xylophone" in copy.read_bytes() for copy in copies)
        await _erases(nadia, Register(data / "erasures.log"), telegram)
        await house.kill()
        for file in data.glob("souffleur.db*"):
            file.unlink()
        done = await asyncio.to_thread(bot, "restore", str(copies[-1]), folder=data, **_lower(settings))
        assert done.code == 0, done
        assert "Erased again: 1 person(s)" in done.err
        await house.start()
        heard = [len(person.heard()) for person in people]
        for person in people:
            for text in things_to_say(4):
                person.write(text)
        database = open_database(f"sqlite:///{data / 'souffleur.db'}")
        await settled(database, telegram)
        for person, before in zip(people, heard, strict=True):
            # What waited in the copy may be said once more: before what was written now.
            said = without_copies(subjects.outcomes([one.text for one in person.heard()[before:]]))
            assert said[-4:] == things_to_say(4)
        assert await left_over(database) == {"parked": 0, "failed": 0}
        assert {code for code, _ in await house.stop()} == {0}, house.errors()[-3000:]
        await database.close()
    assert b"xylophone" not in (data / "souffleur.db").read_bytes()


@pytest.mark.fault(65)
@pytest.mark.postgres
async def test_on_postgresql_a_dump_is_put_back_and_who_was_erased_stays_erased(
    tmp_path: Path, postgres: Postgres, library: Library
) -> None:
    url = postgres.create("dumped")

    async def types(*arguments: str) -> Done:
        done = await asyncio.to_thread(bot, *arguments, folder=tmp_path, database_url=url)
        assert done.code == 0, done
        return done

    async with open_stage(url, tmp_path, library) as stage:
        stage.clock.now = datetime.now(UTC) - timedelta(hours=1)  # what tests wait for passes quicker
        nadia, bob = TelegramCitizen(stage), TelegramCitizen(stage)
        for one in (nadia, bob):
            await one.says_and_waits("mon chapeau xylophone est bloqué sur le pass culture")
        number = await asks_for_a_human(nadia, "Besançon")
    dump = await asyncio.to_thread(postgres.dump, "dumped")
    await types("forget", nadia.address)
    await asyncio.to_thread(postgres.put_back, "dumped", dump)
    done = await types("restore", "--reapply-erasures")
    assert "Erased again: 1 person(s), 1 ticket(s)." in done.err
    async with open_stage(url, tmp_path, library) as stage:
        stage.telegram.updates.next_id += 1_000
        assert await stage.turn(lambda turn: contacts.by_address(turn.session, nadia.address)) is None
        assert (await ticket(stage, number)).erased_at is not None
        stays = await stage.turn(lambda turn: contacts.by_address(turn.session, bob.address))
        assert stays is not None
        said = await stage.turn(lambda turn: transcript.after(turn.session, stays.id, 0))
        assert any("xylophone" in row.text for row in said)
        later = await asks_for_a_human(TelegramCitizen(stage), "Besançon")
        assert later > number + 100
        assert len(await stage.turn(lambda turn: erasures.since(turn.session))) >= 2


@pytest.mark.postgres
async def test_a_sqlite_database_moves_to_an_empty_postgresql_and_goes_on(
    tmp_path: Path, postgres: Postgres, library: Library
) -> None:
    url = postgres.create("moved")
    async with open_stage(f"sqlite:///{tmp_path / 'souffleur.db'}", tmp_path, library) as stage:
        stage.clock.now = datetime.now(UTC) - timedelta(hours=1)  # what tests wait for passes quicker
        diane = await appoint(stage, "Diane Roux", role="admin", national=True)
        camille = await appoint(stage, "Camille Martin", territories="25", deputy="Diane Roux")
        nadia = TelegramCitizen(stage)
        await nadia.says_and_waits("mon chapeau xylophone est bloqué sur le pass culture")
        number = await asks_for_a_human(nadia, "Besançon")
        await camille.writes(f"/prendre {number}")

    async def types() -> Done:
        file = str(tmp_path / "souffleur.db")
        return await asyncio.to_thread(bot, "restore", file, folder=tmp_path, database_url=url)

    done = await types()
    assert done.code == 0, done
    async with open_stage(url, tmp_path, library) as stage:
        stage.telegram.updates.next_id += 1_000
        for account in (nadia.person.id, camille.person.id):
            stage.telegram.chats[account].state = "open"
        at_work = Colleague(stage, camille.id, camille.name, camille.person.id)
        await at_work.writes(f"/repondre {number} Votre xylophone est réparé")
        assert "réparé" in said(stage.telegram.person(nadia.person.id).heard())
        kept = await stage.turn(lambda turn: directory.get(turn.session, camille.id))
        assert kept is not None
        assert kept.deputy_id == diane.id
        assert await asks_for_a_human(TelegramCitizen(stage), "Besançon") > number
    again = await types()
    assert (again.code, "not empty" in again.err) == (1, True), again


async def _keep_writing(people: list[Person], telegram: FakeTelegram) -> None:
    """Somebody writes whenever somebody was answered: there is always something in hand."""
    for number in itertools.count():
        for person in people if number == 0 else [people[number % len(people)]]:
            person.write(things_to_say(8)[number % 8])
        await telegram.something_sent()


async def _backed_up(house: Crew, target: Path) -> Path:
    """By the command, from a process of its own, while the house works."""
    process = await house.types("backup", str(target))
    assert await process.said("/") == str(target)
    assert await process.ended() == 0, process.errors()
    return target


def _rows(copy: Path) -> int:
    with closing(sqlite3.connect(copy)) as connection:
        return int(connection.execute("SELECT count(*) FROM transcript").fetchone()[0])


async def _erases(person: Person, register: Register, telegram: FakeTelegram) -> None:
    """Until it is on the disk beside the database."""
    person.write("/effacer")
    async with asyncio.timeout(PATIENCE):
        while not any("Oui, tout effacer" in one.buttons for one in person.heard()):
            with suppress(TimeoutError):
                await asyncio.wait_for(telegram.something_sent(), 1)
        person.press("Oui, tout effacer")
        while not register.rows():  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # another process writes it: it tells us nothing


def _lower(settings: dict[str, str]) -> dict[str, str]:
    return {name.removeprefix("BOT_").lower(): value for name, value in settings.items()}
