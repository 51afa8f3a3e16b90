"""The web application as a real server on a real database, with a clock that a test can turn."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web

from bot.web.app import build_app, make_runner
from bot.web.changes import Changes
from bot.web.health import Readiness
from bot.web.keys import Network
from handlers import escalation
from handlers.delivery import Option, pass_on_reply, tell
from handlers.talk import Talk
from handlers.turn import Turn, World
from storage import contacts, tickets
from storage.database import Database, DatabaseUnavailable, Work, open_database
from storage.signals import Signal, Telling
from storage.tables import Contact, InboxItem, Referent
from tests.schema import lay
from tests.shelf import shipped

T = TypeVar("T")
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LIBRARY = shipped()
KNOWLEDGE = LIBRARY.base


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


class Switchable:
    """A database that can be taken away."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.dialect = database.dialect
        self.away = False
        self.broken = False

    async def write(self, work: Work[T], *, soon: bool = True) -> T:
        self._require()
        return await self.database.write(work, soon=soon)

    async def read(self, work: Work[T]) -> T:
        self._require()
        return await self.database.read(work)

    async def close(self) -> None:
        await self.database.close()

    def _require(self) -> None:
        if self.away:
            raise DatabaseUnavailable("taken away by the test")
        if self.broken:
            raise RuntimeError("secret detail 4242")


@dataclass
class Site:
    """What a test does to the server, and what stands for the worker behind it."""

    url: str
    database: Switchable
    telling: Database
    """The same, whose changes are heard here."""
    clock: Clock
    changes: Changes
    world: World
    woken: list[datetime]
    """When there was something for the worker."""

    def client(self, **headers: str) -> aiohttp.ClientSession:
        """A visitor's browser without JavaScript: keeps cookies, does not follow redirections by itself."""
        jar = aiohttp.CookieJar(unsafe=True)
        return aiohttp.ClientSession(self.url, cookie_jar=jar, headers=headers)

    async def turn(self, public_id: str, work: Callable[[Turn, Contact], T]) -> T:
        """Does something to a conversation as the worker would."""
        now, world = self.clock(), self.world

        def within(turn: Turn) -> T:
            contact = contacts.by_address(turn.session, f"web:{public_id}")
            assert contact is not None, public_id
            return work(turn, contact)

        return await self.telling.write(lambda session: within(Turn(session=session, now=now, world=world)))

    async def bot_says(self, public_id: str, markdown: str, *labels: str) -> None:
        options = [Option("human", label=label) for label in labels]
        await self.turn(public_id, lambda turn, contact: tell(turn, contact, markdown, options))

    async def hand_over(self, public_id: str) -> int:
        def open_ticket(turn: Turn, contact: Contact) -> int:
            talk = Talk.of(contact)
            ticket = escalation.hand_over(turn, contact, talk, question_id=None, theme=None)
            talk.save(contact)
            return ticket.number

        return await self.turn(public_id, open_ticket)

    async def referent_says(self, public_id: str, number: int, text: str) -> None:
        def reply(turn: Turn, contact: Contact) -> None:
            referent = Referent(name=f"Camille {number}", created_at=turn.now)
            turn.session.add(referent)
            turn.session.flush()
            ticket = tickets.get(turn.session, number)
            assert ticket is not None
            pass_on_reply(turn, contact, text, referent=referent, ticket=ticket)

        await self.turn(public_id, reply)

    async def inbox(self) -> list[tuple[str, dict[str, object]]]:
        """What was accepted so far."""
        return await self.database.read(
            lambda session: [(item.key, dict(item.payload or {})) for item in session.query(InboxItem)]
        )

    async def only_conversation(self) -> str:
        """The public id of the one conversation there is."""
        found = await self.database.read(lambda session: [c.address for c in session.query(Contact)])
        (address,) = found
        return address.removeprefix("web:")


@asynccontextmanager
async def running_site(
    folder: Path,
    *,
    public_url: str | None = None,
    proxies: tuple[Network, ...] = (),
    telegram_name: str | None = "souffleur_bot",
    mail: bool = True,
    database_url: str | None = None,
    changes: Changes | None = None,
) -> AsyncIterator[Site]:
    """Serves on a free port until left. `public_url` is the server's own address unless given."""
    url = database_url or f"sqlite:///{folder / 'souffleur.db'}"
    await lay(url)
    database = Switchable(open_database(url))
    world = World(
        knowledge=KNOWLEDGE,
        timezone=ZoneInfo("Europe/Paris"),
        public_url=public_url or "",
        telegram_name=telegram_name,
        mail=mail,
        controller="Association Exemple, dpo@exemple.fr",
    )
    clock, woken = Clock(), list[datetime]()
    changes = changes or Changes()

    def heard(signal: Signal) -> None:
        changes.heard(signal)
        if signal.work:
            woken.append(clock())

    site = Site(
        url="",
        database=database,
        telling=Telling(database, heard),
        clock=clock,
        changes=changes,
        world=world,
        woken=woken,
    )

    async def probe() -> Readiness:
        return Readiness(database=not database.away, schema=True, details={"inbox_oldest_s": 0})

    app = build_app(
        database=site.telling,
        clock=site.clock,
        world=lambda: site.world,
        changes=site.changes,
        library=LIBRARY,
        probe=probe,
        trusted_proxies=proxies,
    )
    app.router.add_get("/test/broken", _broken)
    runner = make_runner(app)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    if public_url is None:
        site.world = replace(world, public_url=site.url)
    try:
        yield site
    finally:
        await runner.cleanup()
        await database.close()


async def _broken(request: web.Request) -> web.Response:
    raise RuntimeError("secret detail 4242")
