"""The composition root: settings in, a running house out. Nothing else reads settings or the clock."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from aiohttp import web
from sqlalchemy.orm import Session
from telegram import Bot

from bot import readiness
from bot.beside import Beside
from bot.config import Settings
from bot.counting import CountedLook, CountedSender
from bot.delivery import Sender
from bot.doors import TRANSLATIONS
from bot.library import Library
from bot.listening import Switchboard
from bot.mail.sender import MailSender
from bot.metrics import Metrics
from bot.telegram import render
from bot.telegram.files import TelegramFiles
from bot.telegram.inline import InlineAnswers
from bot.telegram.intake import Arrival, CallbackAnswers, Order, rank
from bot.telegram.intake import Contact as TelegramContact
from bot.telegram.sender import TelegramSender
from bot.telegram.standing import Standing
from bot.telegram.transport import AiohttpRequest, make_bot
from bot.telegram.webhook import webhook_handler
from bot.together import Together
from bot.turning import Taken
from bot.web.app import build_app, build_ops_app
from bot.web.changes import ALONE, CONNECTED, Changes
from bot.web.health import Readiness
from bot.worker import Worker
from handlers import cards, overlay
from handlers.turn import Patience, Retention, Turn, World
from knowledge.entries import KnowledgeBase
from knowledge.overlay import Overlay
from storage import files, gates, ordering, queue
from storage.database import Database, Spoilt
from storage.signals import Signal, Telling

log = structlog.get_logger(__name__)
T = TypeVar("T")
Clock = Callable[[], datetime]
FAR = 60.0
"""Seconds from which on a timer is left to whoever looks once a second."""
TICK = 0.002
"""Seconds more than a timer asked for, so that it is due for certain when it is looked for."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class House:
    """Everything one process is made of."""

    settings: Settings
    database: Database
    library: Library
    clock: Clock = utc_now
    changes: Changes = field(default_factory=Changes)
    metrics: Metrics = field(default_factory=Metrics)
    bot: Bot | None = None
    telegram: TelegramContact | None = None
    standing: Standing = field(default_factory=Standing)
    inline: InlineAnswers | None = None
    telegram_name: str | None = None
    hooked: bool = False
    """Whether this process serves the webhook."""
    switchboard: Switchboard | None = None
    """Where other processes work on the same database."""
    beside: Beside = field(init=False)
    worker: Worker = field(init=False)
    _world: World | None = None
    _order: Order = field(default_factory=Order)
    _accept: Together[tuple[Sequence[Arrival], set[str]], None] = field(init=False)

    def __post_init__(self) -> None:
        self._accept = Together(self._store)
        self.database = Telling(self.database, self._tell)
        token = self.settings.telegram_token
        senders: dict[str, Sender] = {}
        if token is not None:
            self.bot = make_bot(token.get_secret_value(), self.settings.telegram_api_url, AiohttpRequest())
            self.telegram = TelegramContact(time.monotonic)
            self.inline = InlineAnswers(self.bot, self._cards)
            senders["telegram"] = TelegramSender(self.bot, self._file_parts)
        if self.settings.smtp_url is not None and self.settings.mail_from is not None:
            senders["mail"] = MailSender(self.settings.smtp_url.get_secret_value(), self.settings.mail_from)
        self.beside = Beside(self.library)
        self.worker = Worker(
            database=self.database,
            world=self.world,
            clock=self.clock,
            translate=TRANSLATIONS,
            look=CountedLook(self.beside, self.metrics),
            senders={name: CountedSender(one, name, self.metrics) for name, one in senders.items()},
            metrics=self.metrics,
            paces={"telegram": gates.TELEGRAM_PACE} if self.settings.telegram_pacing else {},
        )

    def world(self) -> World:
        """What a turn knows besides the database, as of now."""
        known, base = self._world, self.library.base
        if known is None or known.knowledge is not base or known.telegram_name != self.telegram_name:
            known = self._world = _world(self.settings, base, self.telegram_name)
        return known

    async def put(self, arrivals: Sequence[Arrival]) -> None:
        """Writes raw updates into the inbox; returns once they are committed, with what came meanwhile."""
        await self._accept((arrivals, self._order.late(arrivals)))
        self.metrics.updates.inc(len(arrivals))

    async def _store(self, given: list[tuple[Sequence[Arrival], set[str]]]) -> None:
        now = self.clock()
        bot_id = self.bot.token.partition(":")[0] if self.bot is not None else "0"

        # Another bot on the same database counts its updates anew: its keys must not look known.
        events = [
            (f"{bot_id}:{one['key']}", one["lane"], one["payload"])
            for arrivals, _ in given
            for one in arrivals
        ]

        def store(session: Session, room: int) -> Sequence[Taken]:
            queue.put_all(session, events, now=now)
            for lane in sorted({lane for _, late in given for lane in late}):
                ordering.restore(session, lane, rank)
            return self.worker.claim(session, lanes, room)

        lanes = {lane for _, lane, _ in events}
        try:
            taken = await self.database.write(partial(store, room=self.worker.room))
        except Spoilt as error:  # by what was read ahead: accepting must not depend on it
            log.warning("nothing_taken_along", reason=str(error))
            taken = await self.database.write(partial(store, room=0))
        self.worker.take(taken)

    async def turn(self, work: Callable[[Turn], T]) -> T:
        """One turn outside the queue, for commands and the start."""
        now, world = self.clock(), self.world()
        return await self.database.write(lambda session: work(Turn(session=session, now=now, world=world)))

    async def taught(self) -> Overlay:
        """What was accepted beside the content; what its files say by now is noted."""
        content = self.library.content
        if await self.database.read(lambda session: overlay.said_by_now(session, content)):
            await self.turn(lambda turn: overlay.join(turn, content))
        return await self.database.read(overlay.current)

    async def _cards(self, account: int, text: str) -> Sequence[cards.Card] | None:
        """Answers for a referent who types in some chat; None for anybody else. Nothing is written."""
        if not await self._reads(lambda turn: cards.may_ask(turn, account)):
            return None
        if text.strip():
            explained = await asyncio.to_thread(self.library.explain, text, None)
            found = [one.entry_id for one in explained.near]
        else:
            found = await self._reads(cards.frequent)
        return await self._reads(lambda turn: cards.of(turn, found))

    async def _reads(self, work: Callable[[Turn], T]) -> T:
        now, world = self.clock(), self.world()
        return await self.database.read(lambda session: work(Turn(session=session, now=now, world=world)))

    async def _file_parts(self, file_id: int) -> AsyncIterator[bytes]:
        """The bytes of a file that is kept here, a chunk at a time."""
        position = 0
        while (part := await self.database.read(partial(_chunk, file_id, position))) is not None:
            yield part
            position += 1

    def heard(self, signal: Signal) -> None:
        """Something was committed, here or by another process."""
        if signal.inbox:
            self.worker.inbox_wake()
        if signal.outbox:
            self.worker.outbox_wake()
        self.changes.heard(signal)

    def connected(self, connected: bool) -> None:
        """Whether other processes are heard: then nobody has to look often."""
        self.changes.look_again = CONNECTED if connected else ALONE

    def _tell(self, signal: Signal) -> None:
        self.heard(signal)
        for seconds in signal.timers:
            if seconds < FAR:
                asyncio.get_running_loop().call_later(seconds + TICK, self.worker.inbox_wake)
        if self.switchboard is not None:
            self.switchboard.tell(signal)

    async def probe(self) -> Readiness:
        return await readiness.measure(self.database, self.clock, self.metrics, self.telegram, self.standing)

    def web_app(self) -> web.Application:
        """The public application, the webhook included where it is used."""
        app = build_app(
            database=self.database,
            clock=self.clock,
            world=self.world,
            changes=self.changes,
            library=self.library,
            probe=self.probe,
            metrics=self.metrics,
            trusted_proxies=self.settings.proxies,
            remote=TelegramFiles(self.bot) if self.bot is not None else None,
        )
        secret = self.settings.webhook_secret
        if (
            self.bot is None
            or self.telegram is None
            or secret is None
            or self.settings.telegram_mode == "polling"
        ):
            return app
        handler = webhook_handler(
            self.put,
            secret=secret.get_secret_value(),
            contact=self.telegram,
            answers=CallbackAnswers(self.bot),
            inline=self.inline,
        )
        app.router.add_post("/telegram/webhook", handler)
        self.hooked = True
        return app

    def ops_app(self) -> web.Application:
        return build_ops_app(probe=self.probe, registry=self.metrics.registry)


def _world(settings: Settings, base: KnowledgeBase, telegram_name: str | None) -> World:
    return World(
        knowledge=base,
        timezone=settings.zone,
        public_url=settings.url,
        telegram_name=telegram_name,
        mail=settings.smtp_url is not None,
        notices=settings.telegram_notices,
        controller=settings.controller,
        retention=Retention(
            conversation=settings.keep_conversation_days,
            ticket=settings.keep_ticket_days,
            question=settings.keep_question_days,
            backup=settings.keep_backup_days,
        ),
        patience=Patience(silence=timedelta(days=settings.assume_solved_days)),
        broadcast_rate=settings.broadcast_rate,
        pages={"telegram": _telegram_pages},
    )


def _chunk(file_id: int, position: int, session: Session) -> bytes | None:
    return files.chunk(session, file_id, position)


def _telegram_pages(text: str, markup: bool) -> list[str]:
    return render.pages(text, light_markdown=markup)
