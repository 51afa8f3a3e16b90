"""The fake Telegram as a process of its own, driven over HTTP: for tests that kill the bot's process."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import aiohttp
from aiohttp import web

from tests.fake_telegram.chats import Json
from tests.fake_telegram.server import FakeTelegram


def routes(telegram: FakeTelegram) -> list[web.RouteDef]:
    """`POST /control/<action>` with a JSON object, `GET /control/state`."""

    async def act(request: web.Request) -> web.Response:
        action = _ACTIONS[request.match_info["action"]]
        return web.json_response({"result": action(telegram, await request.json())})

    async def state(request: web.Request) -> web.Response:
        return web.json_response(_state(telegram), dumps=partial(json.dumps, default=repr))

    return [web.post("/control/{action}", act), web.get("/control/state", state)]


def _state(telegram: FakeTelegram) -> Json:
    return {
        "waiting": len(telegram.updates.waiting),
        "confirmed": telegram.updates.confirmed,
        "violations": telegram.violations,
        "webhook": telegram.webhook.url if telegram.webhook else None,
        "history": [[call.method, call.parameters, call.delivered, call.status] for call in telegram.history],
        "heard": {
            str(chat_id): [
                {"id": m.id, "text": m.text, "buttons": m.buttons, "reply_to": m.reply_to}
                for m in telegram.person(chat_id).heard()
            ]
            for chat_id in telegram.chats.ids()
        },
    }


def _fail(telegram: FakeTelegram, order: Json) -> None:
    telegram.fail(order["method"], order["fault"], value=order.get("value", 1), times=order.get("times", 1))


_ACTIONS: dict[str, Callable[[FakeTelegram, Json], Any]] = {
    "write": lambda t, o: t.person(o["person"]).write(o["text"], reply_to=o.get("reply_to")),
    "press": lambda t, o: t.person(o["person"]).press(o["button"]),
    "edit": lambda t, o: t.person(o["person"]).edit(o["message"], o["text"]),
    "send": lambda t, o: t.person(o["person"]).send(o["kind"], caption=o.get("caption")),
    "block": lambda t, o: t.person(o["person"]).block(),
    "unblock": lambda t, o: t.person(o["person"]).unblock(),
    "deactivate": lambda t, o: t.person(o["person"]).deactivate(),
    "inject": lambda t, o: t.inject(o["update"]),
    "fail": _fail,
    "mend": lambda t, o: t.mend(),
}


class RemoteTelegram:
    """The other side of `routes`: `async with RemoteTelegram(url) as telegram:`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "RemoteTelegram":
        self._session = aiohttp.ClientSession(raise_for_status=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()

    async def do(self, action: str, **order: Any) -> Any:
        """One of the actions: `await telegram.do("write", person=1001, text="Bonjour")`."""
        assert self._session is not None
        async with self._session.post(f"{self.url}/control/{action}", json=order) as response:
            return (await response.json())["result"]

    async def state(self) -> Json:
        assert self._session is not None
        async with self._session.get(f"{self.url}/control/state") as response:
            found: Json = await response.json()
            return found

    async def texts(self, person: int) -> list[str]:
        """What the bot has said to somebody, oldest first."""
        return [message["text"] for message in (await self.state())["heard"].get(str(person), [])]
