"""The fake Bot API itself: an HTTP server on a loopback port, strict about what it is sent."""

import asyncio
import itertools
import json
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fake_telegram import faults
from tests.fake_telegram.chats import Chats, Json, Refusal
from tests.fake_telegram.checks import violations
from tests.fake_telegram.effects import apply
from tests.fake_telegram.faults import Fault, FaultQueue
from tests.fake_telegram.person import Person
from tests.fake_telegram.updates import Updates, Webhook

TOKEN = "4242:AAFakeTokenThatMustNeverBeSeenInAnyLog0"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot, in the order they came; `delivered`: it took effect."""

    method: str
    parameters: Json
    delivered: bool
    status: int
    at: float


class FakeTelegram:
    """`async with FakeTelegram() as telegram:` — leaving fails if the bot broke a rule of the Bot API."""

    def __init__(self, *, port: int = 0, token: str = TOKEN, retry_pause: float = 0.05) -> None:
        self.token = token
        self.chats = Chats()
        self.updates = Updates()
        self.webhook: Webhook | None = None
        self.history: list[Call] = []
        self.violations: list[str] = []
        self.open_queries: set[str] = set()
        self.menus: dict[str, list[str]] = {}
        self.inline: dict[str, Json] = {}
        self.files: dict[str, bytes] = {}
        self.url = ""
        self._port = port
        self._retry_pause = retry_pause
        self._faults = FaultQueue()
        self.waited_for = 0
        """Slow answers for which the caller stayed to the end."""
        self._people: dict[int, Person] = {}
        self._queries = itertools.count(1)
        self._sent = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
        if error is None:
            assert not self.violations, f"the Bot API was used wrongly: {self.violations}"

    async def start(self, routes: list[web.RouteDef] | None = None) -> None:
        app = web.Application(client_max_size=1 << 26)
        app.add_routes([web.route("*", "/bot{token}/{method}", self._receive), *(routes or [])])
        app.add_routes([web.get("/file/bot{token}/{path:.+}", self._give)])
        # A poller that dies must not stay in the way of the next one.
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        """Nobody answers any more; chats and updates stay, `start` opens the same port again."""
        await self.use_webhook(None)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def person(self, chat_id: int) -> Person:
        if chat_id not in self._people:
            self._people[chat_id] = Person(self, self.chats[chat_id])
        return self._people[chat_id]

    def inject(self, update: object) -> None:
        """Gives the bot any JSON value as an update."""
        self.updates.inject(update)

    def fail(self, method: str, fault: Fault | str, *, value: float = 1, times: int | None = 1) -> None:
        """The next `times` calls of `method` (`*`: any) go wrong; None: until `mend`."""
        found = faults.fault(fault, value) if isinstance(fault, str) else fault
        self._faults.add(method, found, times)

    def mend(self) -> None:
        """No more faults."""
        self._faults.clear()

    def calls(self, method: str) -> list[Call]:
        return [call for call in self.history if call.method == method]

    def failures(self) -> str:
        refused = [(call.method, call.status) for call in self.history[-20:] if call.status != 200]
        return f"lately refused: {refused}; violations: {self.violations}"

    async def something_sent(self) -> None:
        """Waits for the next call that changes a chat."""
        await self._sent.wait()

    def sent(self) -> None:
        self._sent.set()
        self._sent = asyncio.Event()

    def now(self) -> int:
        return int(time.time())

    def new_query(self) -> str:
        query_id = str(next(self._queries))
        self.open_queries.add(query_id)
        return query_id

    def happened(self, kind: str, content: Json) -> int:
        """Something the bot should know; returns the update's id."""
        return self.updates.add(kind, json.loads(json.dumps(content)))

    async def use_webhook(self, parameters: Json | None) -> None:
        if self.webhook is not None:
            await self.webhook.close()
        self.webhook = None
        if parameters is not None and parameters["url"]:
            self.webhook = Webhook(self.updates, parameters, pause=self._retry_pause)

    async def _receive(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return _refused(401, "Unauthorized")
        method = request.match_info["method"]
        parameters = await _parameters(request)
        fault = self._faults.next(method)
        if fault is not None and not fault.delivered:
            self._note(method, parameters, delivered=False, status=0 if fault.reset else fault.status)
            return await faults.answer(request, fault, None)
        answered = await self._answer(method, parameters)
        if fault is None:
            return answered
        late = await faults.answer(request, fault, answered)
        self.waited_for += fault.wait > 0
        return late

    async def _give(self, request: web.Request) -> web.StreamResponse:
        """A file's bytes, where `getFile` said that they are."""
        fault = self._faults.next("file")
        if fault is not None:
            return await faults.answer(request, fault, None)
        content = self.files.get(request.match_info["path"].removeprefix("files/"))
        if request.match_info["token"] != self.token or content is None:
            return web.Response(status=404)
        return web.Response(body=content, content_type="application/octet-stream")

    async def _answer(self, method: str, parameters: Json) -> web.Response:
        if wrong := violations(method, parameters):
            self.violations += wrong
            self._note(method, parameters, delivered=False, status=400)
            return _refused(400, f"Bad Request: {wrong[0]}")
        try:
            result = await apply(self, method, parameters)
        except Refusal as refusal:
            self._note(method, parameters, delivered=False, status=refusal.status)
            return _refused(refusal.status, refusal.description, **refusal.parameters)
        self._note(method, parameters, delivered=True, status=200)
        return web.json_response({"ok": True, "result": result})

    def _note(self, method: str, parameters: Json, *, delivered: bool, status: int) -> None:
        self.history.append(Call(method, parameters, delivered, status, time.monotonic()))


def _refused(status: int, description: str, **parameters: int) -> web.Response:
    body: Json = {"ok": False, "error_code": status, "description": description}
    body |= {"parameters": parameters} if parameters else {}
    return web.json_response(body, status=status)


async def _parameters(request: web.Request) -> dict[str, Any]:
    """The JSON body, or the form of an upload; what is neither is shown to the checks as unknown."""
    if not request.can_read_body:
        return {}
    if request.content_type == "multipart/form-data":
        return {name: await _part(value) for name, value in (await request.post()).items()}
    try:
        found = await request.json()
    except ValueError:
        return {"a body that is not JSON": True}
    return found if isinstance(found, dict) else {"a body that is no object": True}


async def _part(value: object) -> Any:
    """A field of an upload: the file, or a parameter in JSON (a text that is no JSON is a text)."""
    if isinstance(value, web.FileField):
        return {"file_name": value.filename, "content": value.file.read()}
    try:
        return json.loads(str(value))
    except ValueError:
        return value
