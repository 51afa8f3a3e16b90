"""`demo seed`: an empty database becomes a marked year to look at, a used one is left alone."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.config import load_settings
from bot.library import Library
from bot.serving import only_one
from handlers import staff, timers
from handlers.demo.scene import Plan
from handlers.demo.seeding import seed
from handlers.turn import Turn, World
from storage import contacts, demo, directory, questions, tickets
from storage.database import open_database
from storage.tables import Contact, InboxItem, OutboxItem, Question, Referent, Ticket
from tests.cli.conftest import Terminal
from tests.schema import lay

T = TypeVar("T")
SMALL = ("demo", "seed", "--weeks", "6", "--scale", "0.4")
TINY = ("demo", "seed", "--weeks", "1", "--scale", "0.1")
"""Where any year will do."""
ACCOUNTS = 2**52
"""Telegram's numbers are below."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'souffleur.db'}"
    found: str = request.getfixturevalue("postgresql_url")
    return found


@pytest.fixture
def world(library: Library) -> World:
    return World(knowledge=library.base, timezone=ZoneInfo("Europe/Paris"), public_url="http://127.0.0.1")


def look(url: str, work: Callable[[Session], T]) -> T:
    async def go() -> T:
        database = open_database(url)
        try:
            return await database.write(work)
        finally:
            await database.close()

    return asyncio.run(go())


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_year_can_be_looked_at_and_nothing_of_it_is_sent(bot: Terminal, url: str) -> None:
    done = bot(*SMALL, database_url=url)
    assert done.code == 0, done
    assert 'python -m bot login-link "Référent national"' in done.out
    assert "Nothing of it is ever sent to anybody." in done.err

    def check(session: Session) -> None:
        assert demo.is_one(session)
        assert count(session, Question) > 200
        states = set(session.scalars(select(Ticket.state)))
        assert states == {"waiting", "taken", "answered", "closed"}
        assert (count(session, InboxItem), count(session, OutboxItem)) == (0, 0)
        people = session.scalars(select(Referent)).all()
        assert len(people) > 10
        assert {(one.telegram_id, one.email) for one in people} == {(None, None)}
        assert all(one.name.startswith("Démo ") for one in people if one.name != staff.FIRST)
        for address in session.scalars(select(Contact.address)):
            channel, _, account = address.partition(":")
            assert account.startswith("demo-") if channel == "web" else int(account) > ACCOUNTS, address

    look(url, check)


def test_whoever_writes_afterwards_comes_behind_it(bot: Terminal, url: str) -> None:
    """Numbers go on where the made-up ones end, on PostgreSQL too."""
    assert bot(*TINY, database_url=url).code == 0

    def write(session: Session) -> None:
        now = datetime(2026, 11, 30, 9, tzinfo=UTC)
        alice = contacts.at(session, "web:alice", now=now)
        asked = questions.log(
            session,
            alice,
            at=now,
            text="bonjour",
            outcome="handoff",
            candidates=[],
            entry_id=None,
            knowledge_hash="0",
        )
        before = count(session, Ticket)
        ticket = tickets.open_ticket(session, alice, question_id=asked.id, theme=None, now=now)
        assert ticket.number == before + 1

    look(url, write)


def test_its_pack_shows_what_grows_and_says_that_it_is_made_up(bot: Terminal) -> None:
    assert bot(*SMALL).code == 0
    done = bot("report")
    assert "Données de démonstration : tout est inventé." in done.out
    assert "Nouveau ou en hausse : « Je n'ai pas reçu mon virement, pourquoi ? » (" in done.out
    assert '"demonstration": true' in bot("report", "--json").out


def test_the_same_number_makes_the_same_year(tmp_path: Path, world: World) -> None:
    def made(name: str, number: int) -> list[tuple[datetime, str | None]]:
        url = f"sqlite:///{tmp_path / name}.db"
        asyncio.run(lay(url))
        return look(url, lambda session: _asked(session, world, number))

    one = made("one", 7)
    assert one == made("same", 7)
    assert one != made("other", 8)


def _asked(session: Session, world: World, number: int) -> list[tuple[datetime, str | None]]:
    turn = Turn(session=session, now=datetime(2026, 11, 23, tzinfo=UTC), world=world)
    seed(turn, Plan(seed=number, weeks=3, scale=0.2))
    return [(one.asked_at, one.text) for one in session.query(Question).order_by(Question.id)]


def _somebody_wrote(turn: Turn) -> None:
    contacts.at(turn.session, "web:alice", now=turn.now)


def _somebody_serves(turn: Turn) -> None:
    directory.add(turn.session, name="Camille", role="referent", national=False, email=None, now=turn.now)


def _somebody_left(turn: Turn) -> None:
    _somebody_serves(turn)
    for one in directory.everyone(turn.session):
        directory.remove(turn.session, one, now=turn.now)


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (_somebody_wrote, "Not empty: contacts"),
        (_somebody_serves, "In the directory: Camille"),
        (_somebody_left, "In the directory: Camille"),
    ],
)
def test_what_is_in_use_is_left_alone(
    bot: Terminal, tmp_path: Path, world: World, use: Callable[[Turn], None], said: str
) -> None:
    url, now = f"sqlite:///{tmp_path / 'souffleur.db'}", datetime(2026, 11, 23, tzinfo=UTC)
    look(url, lambda session: use(Turn(session=session, now=now, world=world)))
    done = bot(*TINY)
    assert (done.code, done.out) == (1, "")
    assert "This database is in use" in done.err
    assert said in done.err
    assert "BOT_DATA_DIR=data-demo" in done.err
    assert not look(url, demo.is_one)
    assert look(url, lambda session: count(session, Question)) == 0


def test_not_twice(bot: Terminal) -> None:
    assert bot(*TINY).code == 0
    again = bot(*TINY)
    assert (again.code, again.out) == (1, "")
    assert "holds a demonstration already" in again.err


def test_after_a_first_start_that_nobody_used(bot: Terminal, tmp_path: Path, world: World) -> None:
    """What `make run` puts there is no use: its administrator, its timers."""
    url, now = f"sqlite:///{tmp_path / 'souffleur.db'}", datetime(2026, 11, 23, tzinfo=UTC)

    def start(session: Session) -> None:
        turn = Turn(session=session, now=now, world=world)
        staff.first(turn)
        timers.begin(turn)

    look(url, start)
    assert bot(*TINY).code == 0


def test_not_beside_a_program_that_runs(bot: Terminal, tmp_path: Path) -> None:
    with only_one(load_settings(data_dir=tmp_path)):
        done = bot(*TINY)
    assert done.code == 1
    assert "Another Souffleur is running" in done.err
