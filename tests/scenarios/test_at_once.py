"""Two who do the same, or the opposite, in the same moment: on PostgreSQL their transactions overlap."""

import asyncio
import uuid
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.library import Library
from handlers import staff
from handlers.errors import Refused
from handlers.turn import Turn, World
from storage import contacts, directory, transcript
from storage.database import Database
from storage.tables import File, Referent, Transcript
from tests.actors import WebCitizen
from tests.scenarios.desk import Colleague, asks_for_a_human
from tests.scenarios.test_pieces import PNG
from tests.scenarios.test_uploads import attach
from tests.stage import Stage
from tests.storage.passing import NOW


@pytest.mark.both_databases
@pytest.mark.fault(68)
async def test_a_file_that_is_sent_twice_at_once_is_one_file(stage: Stage, camille: Colleague) -> None:
    anne = WebCitizen(stage)
    await asks_for_a_human(anne, "25")
    one = str(uuid.uuid4())
    answers = await asyncio.gather(*(attach(anne, PNG, "photo.png", id=one) for _ in range(4)))
    assert [status for status, _ in answers] == [202] * 4
    await stage.settle()

    def kept(turn: Turn) -> tuple[int, int]:
        rows = turn.session.scalars(select(Transcript.id).where(Transcript.client_id == one)).all()
        return len(rows), len(turn.session.scalars(select(File.id)).all())

    assert await stage.turn(kept) == (1, 1)


@pytest.mark.fault(74)
async def test_two_administrators_who_remove_each_other_at_once_leave_one(
    database: Database, library: Library
) -> None:
    world = World(knowledge=library.base, timezone=ZoneInfo("Europe/Paris"), public_url="")

    def hire(session: Session, name: str) -> int:
        return directory.add(session, name=name, role="admin", national=True, email=None, now=NOW).id

    def remove(session: Session, who: int) -> Refused | None:
        referent = session.get(Referent, who)
        assert referent is not None
        refused = staff.remove(Turn(session=session, now=NOW, world=world), referent)
        linger(session)
        return refused

    both = [await database.write(partial(hire, name=name)) for name in ("Nadia", "Driss")]
    ended = await asyncio.gather(*(database.write(partial(remove, who=who)) for who in both))
    assert sorted(one.text for one in ended if one is not None) == ["staff.last_admin"]
    assert (
        len(await database.read(lambda session: [one.id for one in directory.administrators(session)])) == 1
    )


@pytest.mark.fault(74)
async def test_what_is_said_to_somebody_who_is_erased_meanwhile_is_decided_again(database: Database) -> None:
    contact_id = await database.write(lambda session: contacts.at(session, "web:1", now=NOW).id)
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def erase(session: Session) -> None:
        contact = contacts.lock(session, contact_id)
        assert contact is not None
        loop.call_soon_threadsafe(begun.set)
        linger(session)
        contacts.remove(session, contact)

    def say(session: Session) -> bool:
        contact = contacts.get(session, contact_id)
        if contact is not None:
            transcript.add(session, contact, author="bot", text="Bonjour", at=NOW)
        return contact is not None

    erasing = asyncio.create_task(database.write(erase))
    await begun.wait()
    assert await database.write(say) is False
    await erasing


def linger(session: Session) -> None:
    """Leaves the other transaction time to come into the middle of this one; SQLite lets it wait anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_sleep(0.2)"))
