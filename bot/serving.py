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

from bot.app import House
from bot.config import Settings
from bot.delivery import DeliveryError
from bot.library import Library
from bot.telegram import commands
from bot.telegram.polling import poll
from bot.web.app import make_runner
from handlers import login, retention
from handlers.turn import Turn
from storage import directory, gates, migrations, outbox, queue, secrets
from storage.database import DatabaseUnavailable, open_database
from storage.tables import Referent

log = structlog.get_logger(__name__)

POLLING_ROLE = "telegram!polling"
POLLING_LEASE_MS = 45_000
"""Longer than a long poll and its grace, so that two processes never poll with one token."""
FIRST_LINK = timedelta(days=3650)
"""The link printed at the start lives until it is used or until the process stops."""


class CannotStart(Exception):
    """Why the program does not start, and what to do; said without a trace."""


async def run(settings: Settings, say: Callable[[str], None]) -> None:
    """Everything in one process, until a signal."""
    with _lock(settings):
        await _prepare(settings)
        async with _house(settings) as house:
            await house.turn(_void_leases)
            admin = await house.turn(_first_referent)
            async with _listening(
                house.web_app(), settings.web_host, settings.web_port, "BOT_WEB_PORT"
            ) as port:
                url = settings.public_url or settings.url.rsplit(":", 1)[0] + f":{port}"
                link = await house.turn(lambda turn: _console_link(turn, admin))
                say(f"chat: {url}/")
                say(f"console: {link.replace(settings.url, url)}")
                async with _ops(house):
                    await _until_signal(house, polling=settings.telegram_mode == "polling")
            await house.turn(lambda turn: secrets.revoke_all(turn.session, "login", referent_id=admin.id))


async def web_only(settings: Settings) -> None:
    """Web and webhook; the turns are done by `worker` processes."""
    _require_shared(settings)
    async with _house(settings) as house:
        await _require_schema(house)
        async with (
            _listening(house.web_app(), settings.web_host, settings.web_port, "BOT_WEB_PORT"),
            _ops(house),
        ):
            await _until_signal(house, working=False)


async def worker_only(settings: Settings) -> None:
    """The two loops; any number of these processes may run."""
    _require_shared(settings)
    async with _house(settings) as house:
        await _require_schema(house)
        async with _ops(house):
            await _until_signal(house)


@asynccontextmanager
async def _house(settings: Settings) -> AsyncIterator[House]:
    library = Library(settings.knowledge_dir)
    database = open_database(settings.database)
    house = House(settings=settings, database=database, library=library)
    try:
        yield house
    finally:
        if house.bot is not None:
            await house.bot.request.shutdown()
        await database.close()


async def _prepare(settings: Settings) -> None:
    """Brings the database to our schema; one from a later release is left alone."""
    database = open_database(settings.database)
    try:
        revision = await database.read(migrations.current)
    except DatabaseUnavailable as error:
        raise CannotStart(f"BOT_DATABASE_URL: the database cannot be opened ({error})") from None
    finally:
        await database.close()
    if revision is not None and revision not in migrations.known():
        raise CannotStart(
            f"The database has schema {revision}, which a later release made; this one knows up to "
            f"{migrations.head()}. Install that release again, or restore a backup."
        )
    try:
        await migrations.migrate(settings.database)
    except DatabaseUnavailable as error:
        raise CannotStart(f"BOT_DATABASE_URL: the database cannot be written ({error})") from None


async def _require_schema(house: House) -> None:
    try:
        revision = await house.database.read(migrations.current)
    except DatabaseUnavailable as error:
        raise CannotStart(f"BOT_DATABASE_URL: the database cannot be reached ({error})") from None
    if revision != migrations.head():
        raise CannotStart(
            f"The database has schema {revision}; this release needs {migrations.head()}. "
            "Type: python -m bot migrate"
        )


def _require_shared(settings: Settings) -> None:
    problems = []
    if settings.database.startswith("sqlite"):
        problems.append("BOT_DATABASE_URL: `web` and `worker` need PostgreSQL (postgresql+asyncpg://…)")
    if settings.telegram_token is not None and settings.telegram_mode == "polling":
        problems.append("BOT_TELEGRAM_MODE: `web` and `worker` need webhook; polling exists only in `run`")
    if problems:
        raise CannotStart("\n".join(problems))


async def _until_signal(house: House, *, polling: bool = False, working: bool = True) -> None:
    """Runs the loops until SIGINT or SIGTERM, then lets what is in hand end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await house.turn(retention.schedule)
    async with asyncio.TaskGroup() as group:
        if working:
            group.create_task(house.worker.run())
            # Building takes seconds: pages are served meanwhile, and the first question waits for it.
            group.create_task(asyncio.to_thread(house.library.find, "", None, None))
        if house.bot is not None:
            group.create_task(_telegram(house, stop, polling=polling))
        await stop.wait()
        log.info("stopping")
        house.worker.stop()


async def _telegram(house: House, stop: asyncio.Event, *, polling: bool) -> None:
    """Introduces the bot to Telegram, then polls if that is the mode."""
    await _introduce(house, stop)
    if not polling or stop.is_set():
        return
    holder = f"{os.getpid()}-{os.urandom(4).hex()}"
    while not stop.is_set():
        if await _holds_polling(house, holder):
            await _poll_while_held(house, stop, holder)
        else:
            log.info("polling_held_elsewhere")
            await _sleep(stop, 10)
    with suppress(DatabaseUnavailable):
        await house.database.write(lambda session: gates.let_go(session, POLLING_ROLE, holder))


async def _introduce(house: House, stop: asyncio.Event) -> None:
    """Asks the bot's name, sets the mode and the menus; a Telegram that is away is waited for."""
    bot, settings, wait = house.bot, house.settings, 1.0
    assert bot is not None  # noqa: S101  # only called with a token
    while not stop.is_set():
        try:
            house.telegram_name = await commands.username_of(bot)
            if settings.telegram_mode == "polling":
                await commands.use_polling(bot)
            else:
                secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
                await commands.use_webhook(bot, f"{settings.url}/telegram/webhook", secret)
        except DeliveryError as error:
            log.warning("telegram_not_ready", why=type(error).__name__, reason=error.reason)
            await _sleep(stop, wait)
            wait = min(wait * 2, 60.0)
            continue
        referents = await house.database.read(directory.everyone)
        await commands.announce(bot, [r.telegram_id for r in referents if r.telegram_id is not None])
        log.info("telegram_ready", name=house.telegram_name, mode=settings.telegram_mode)
        return


async def _holds_polling(house: House, holder: str) -> bool:
    try:
        return await house.database.write(
            lambda session: gates.hold(session, POLLING_ROLE, holder, for_ms=POLLING_LEASE_MS)
        )
    except DatabaseUnavailable:
        return False


async def _poll_while_held(house: House, stop: asyncio.Event, holder: str) -> None:
    """Polls, and stops polling when the role is lost."""
    assert house.bot is not None  # noqa: S101  # only called with a token
    assert house.telegram is not None  # noqa: S101
    lost = asyncio.Event()
    polling = asyncio.create_task(poll(house.bot, house.put, lost, house.telegram))
    try:
        while not stop.is_set() and not polling.done():
            await _sleep(stop, POLLING_LEASE_MS / 3000)
            if not stop.is_set() and not await _holds_polling(house, holder):
                log.warning("polling_role_lost")
                break
    finally:
        lost.set()
        await polling


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
def _lock(settings: Settings) -> Iterator[None]:
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
    """Alone on the file: whatever is leased belongs to a process that is gone."""
    queue.note_dead(turn.session, now=turn.now, everything=True)
    outbox.note_dead(turn.session, everything=True)


def _first_referent(turn: Turn) -> Referent:
    """The administrator who gets the printed link; an empty directory gets *Référent national*."""
    admins = directory.administrators(turn.session)
    if admins:
        return admins[0]
    return directory.add(
        turn.session, name="Référent national", role="admin", national=True, email=None, now=turn.now
    )


def _console_link(turn: Turn, admin: Referent) -> str:
    secrets.revoke_all(turn.session, "login", referent_id=admin.id)
    return login.link(turn, admin, lasts=FIRST_LINK)


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
