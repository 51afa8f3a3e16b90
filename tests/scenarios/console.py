"""A referent at the console of the same house in which people write by every door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from handlers import login
from handlers.turn import Turn
from storage import directory
from tests.scenarios.desk import Colleague
from tests.stage import Stage
from tests.web.office import SAME_ORIGIN, Desk


@asynccontextmanager
async def at_desk(stage: Stage, colleague: Colleague) -> AsyncIterator[Desk]:
    """A browser in which this referent has logged in."""

    def link(turn: Turn) -> str:
        referent = directory.get(turn.session, colleague.id)
        assert referent is not None
        return login.link(turn, referent).removeprefix(turn.world.public_url)

    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(stage.url, cookie_jar=jar, headers=SAME_ORIGIN) as client:
        answer = await client.post(await stage.turn(link), allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/console")
        yield Desk(client)
