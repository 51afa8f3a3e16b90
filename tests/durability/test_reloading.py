"""The content changes under many processes: each of them notices, and none has to be told."""

import asyncio
from pathlib import Path

import pytest

from storage import migrations
from tests.durability.crew import PATIENCE, Crew, by_webhook, crew
from tests.durability.subjects import Subjects
from tests.fake_telegram import FakeTelegram, Person
from tests.postgres import Postgres


@pytest.mark.postgres
async def test_a_changed_content_is_told_by_every_worker(
    tmp_path: Path, telegram: FakeTelegram, subjects: Subjects, postgres: Postgres
) -> None:
    url = postgres.create("reloading")
    await migrations.migrate(url)
    settings = by_webhook(url, telegram.url, subjects.folder)
    async with crew(tmp_path / "house", "web", "worker", "worker", **settings) as house:
        house.set("BOT_PUBLIC_URL", house.url)
        await house.start()
        person = telegram.person(1001)
        person.write("/start sujet-1")
        assert await _told(person) == "Réponse au sujet 1."
        file = subjects.folder / "entries" / "sujets.yaml"
        changed = file.read_text(encoding="utf-8").replace("Réponse au sujet", "Autre réponse au sujet")
        file.write_text(changed, encoding="utf-8")
        subjects.learn()  # as the first of the workers would: the others find it on the shelf
        await _everybody_noticed(house)
        await house.stop("worker-2")  # so that it is the other one that tells
        person.write("/start sujet-2")
        assert await _told(person) == "Autre réponse au sujet 2."


async def _told(person: Person) -> str:
    """The first line of the next answer."""
    while "éponse au sujet" not in (said := (await person.next_message(PATIENCE)).text):
        pass
    return said.partition("\n")[0]


async def _everybody_noticed(house: Crew) -> None:
    async with asyncio.timeout(PATIENCE):
        while not all("content_reloaded" in one.errors() for one in house.running.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)  # their logs are all that other processes tell
