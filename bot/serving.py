"""Processes: what starts, in which order, and how it stops."""

import asyncio
import fcntl
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import structlog
from aiohttp import web

from bot import schema
from bot.app import House
from bot.config import Settings
from bot.hands import GRACE
from bot.library import Library, watch
from bot.listening import connected
from bot.memory import keep_what_is_there
from bot.noticing import noticing
from bot.presence import POLLING_ROLE, attend
from bot.register import keep_register
from bot.schema import CannotStart
from bot.studying import StudyStopped
from bot.web.app import make_runner
from bot.worker import LOOK_AGAIN
from handlers import hours, login, staff, timers
from handlers.turn import Turn
from storage import gates, outbox, queue, secrets
from storage.database import DatabaseUnavailable, open_database
from storage.tables import Referent

log = structlog.get_logger(__name__)

FIRST_LINK = timedelta(days=3650)
"""The link printed at the start lives until it is used or until the process stops."""


async def run(settings: Settings, say: Callable[[str], None]) -> None:
    """Everything in one process, until a signal."""
    stop = _stop_signal()
    with only_one(settings):
        await schema.prepare(settings.database)
        async with _house(settings, works=True, serves=True) as house:
            if house.database.dialect == "sqlite":
                await house.turn(_void_leases)
            admin = await house.turn(staff.first)
            await house.turn(staff.place_all)
            async with (
                _listening(house.web_app(), settings.web_host, settings.web_port, "BOT_WEB_PORT") as port,
                _ops(house),
            ):
                url = settings.public_url or settings.url.rsplit(":", 1)[0] + f":{port}"
                link = await house.turn(lambda turn: _console_link(turn, admin))
                say(f"chat: {url}/")
                say(f"console: {link.replace(settings.url, url)}")
                await _until(stop, house, polling=settings.telegram_mode == "polling")
            with suppress(DatabaseUnavailable):  # the next start makes the link void too
                await house.turn(lambda turn: secrets.revoke_all(turn.session, "login", referent_id=admin.id))


async def web_only(settings: Settings) -> None:
    """Web and webhook; the turns are done by `worker` processes."""
    _require_shared(settings)
    stop = _stop_signal()
    async with _house(settings, works=False, serves=True) as house:
        await schema.require(house.database)
        await house.turn(staff.place_all)
        async with (
            _listening(house.web_app(), settings.web_host, settings.web_port, "BOT_WEB_PORT"),
            _ops(house),
        ):
            await _until(stop, house, working=False)


async def worker_only(settings: Settings) -> None:
    """The two loops; any number of these processes may run."""
    _require_shared(settings)
    stop = _stop_signal()
    async with _house(settings, works=True, serves=False) as house:
        await schema.require(house.database)
        async with _ops(house):
            await _until(stop, house)


@asynccontextmanager
async def _house(settings: Settings, *, works: bool, serves: bool) -> AsyncIterator[House]:
    library = Library(settings.knowledge_dir, settings.shelf)
    database = open_database(settings.database)
    house = House(settings=settings, database=database, library=library)
    try:
        if database.dialect == "sqlite":
            async with noticing(house.database, house):
                yield house
            return
        async with connected(settings.database, house, works=works, serves=serves) as house.switchboard:
            yield house
    finally:
        if house.bot is not None:
            await house.bot.request.shutdown()
        await database.close()


def _require_shared(settings: Settings) -> None:
    problems = []
    if settings.database.startswith("sqlite"):
        problems.append("BOT_DATABASE_URL: `web` and `worker` need PostgreSQL (postgresql+asyncpg://…)")
    if settings.telegram_token is not None and settings.telegram_mode == "polling":
        problems.append("BOT_TELEGRAM_MODE: `web` and `worker` need webhook; polling exists only in `run`")
    if problems:
        raise CannotStart("\n".join(problems))


def _stop_signal() -> asyncio.Event:
    """Set by SIGINT or SIGTERM; listened to from the start, so that an early one stops us cleanly too."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


async def _until(stop: asyncio.Event, house: House, *, polling: bool = False, working: bool = True) -> None:
    """Runs the loops until `stop`, then lets what is in hand end."""
    await _ready(house, stop)
    telegram: asyncio.Task[None] | None = None
    async with asyncio.TaskGroup() as group:
        if working:
            group.create_task(_work(house))
        else:
            keep_what_is_there()
        if house.bot is not None:
            telegram = group.create_task(attend(house, stop, polling=polling))
        group.create_task(watch(house.library, stop, house.taught))
        group.create_task(keep_register(house.settings, house.database, stop))
        await stop.wait()
        log.info("stopping")
        house.worker.stop()
        if house.switchboard is not None:
            house.switchboard.retire()
        house.library.stop()
        if telegram is not None:
            await asyncio.wait((telegram,), timeout=GRACE)
            telegram.cancel()


async def _ready(house: House, stop: asyncio.Event) -> None:
    """What comes before the first message. Pages are served by now: a database that goes is waited for."""
    while not stop.is_set():
        try:
            await house.turn(timers.begin)
            # The version of the content that holds what was accepted is learnt or on the shelf.
            house.library.teach(await house.taught())
            await asyncio.to_thread(house.library.look)
        except DatabaseUnavailable as error:
            log.warning("database_unavailable", loop="start", reason=str(error)[:200])
            house.metrics.unavailable.labels("start").inc()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_AGAIN)
        else:
            return


async def _work(house: House) -> None:
    """The queue's loops. Learning a new content takes longer than a lease: they begin after it.

    Pages are served meanwhile, and what arrives waits in the inbox.
    """
    await asyncio.to_thread(hours.read_calendars, house.clock().date())
    try:
        await house.beside.begin()
    except StudyStopped:
        return
    keep_what_is_there()
    await house.worker.run()


@asynccontextmanager
async def _listening(app: web.Application, host: str, port: int, variable: str) -> AsyncIterator[int]:
    """Serves an application; gives the port (of use when it was 0)."""
    runner = make_runner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise CannotStart(
            f"{variable}: cannot listen on {host}:{port} ({os.strerror(error.errno or 0)}). "
            f"Is another program, or another Souffleur, using it? Choose another port with {variable}."
        ) from None
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _ops(house: House) -> AsyncIterator[None]:
    settings = house.settings
    if settings.ops_port == 0:
        yield
        return
    async with _listening(house.ops_app(), settings.ops_host, settings.ops_port, "BOT_OPS_PORT"):
        yield


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """On SQLite one `run` at a time: it holds `run.lock` in the data folder."""
    if not settings.database.startswith("sqlite"):
        yield
        return
    path = Path(settings.data_dir) / "run.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise CannotStart(
            f"BOT_DATA_DIR: {path.parent} cannot be written ({os.strerror(error.errno or 0)})"
        ) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(f"Another Souffleur is running on {path.parent} (it holds run.lock).") from None
        yield


def _void_leases(turn: Turn) -> None:
    """Alone on the file: whatever is leased or held belongs to a process that is gone."""
    queue.note_dead(turn.session, now=turn.now, everything=True)
    outbox.note_dead(turn.session, everything=True)
    gates.forget(turn.session, POLLING_ROLE)
    gates.begin_anew(turn.session)


def _console_link(turn: Turn, admin: Referent) -> str:
    secrets.revoke_all(turn.session, "login", referent_id=admin.id)
    return login.link(turn, admin, lasts=FIRST_LINK)
