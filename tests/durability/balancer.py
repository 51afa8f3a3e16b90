"""The least that stands before several webs: each request to the next one, whoever came before."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from tests.durability.crew import free_port

_OF_THE_LINE = {"host", "connection", "transfer-encoding", "content-length", "keep-alive"}


class Balancer:
    """Round robin over the ports; one where nobody listens is passed over, as balancers do."""

    def __init__(self, session: aiohttp.ClientSession, ports: list[int]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.served: dict[int, int] = dict.fromkeys(ports, 0)
        self._session = session
        self._next = itertools.cycle(ports)

    async def pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OF_THE_LINE}
        for _ in self.served:
            port = next(self._next)
            url = f"http://127.0.0.1:{port}{request.raw_path}"
            try:
                async with self._session.request(
                    request.method, url, data=body, headers=headers, allow_redirects=False
                ) as answer:
                    self.served[port] += 1
                    kept = [(k, v) for k, v in answer.headers.items() if k.lower() not in _OF_THE_LINE]
                    return web.Response(status=answer.status, body=await answer.read(), headers=kept)
            except aiohttp.ClientConnectorError:
                continue  # certainly not received
            except aiohttp.ClientError:
                break  # perhaps received: whoever asks decides whether to ask again
        return web.Response(status=503)


@asynccontextmanager
async def balancer(ports: list[int]) -> AsyncIterator[Balancer]:
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(auto_decompress=False, cookie_jar=jar) as session:
        found = Balancer(session, ports)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", found.pass_on)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", found.port).start()
        try:
            yield found
        finally:
            await runner.cleanup()
