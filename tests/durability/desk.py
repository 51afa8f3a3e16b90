"""Two referents at work, Camille by Telegram, Driss in the console; both end every second demand."""

import asyncio
import re
import uuid

import aiohttp
from sqlalchemy.orm import Session

from bot.app import utc_now
from storage import directory
from tests.durability.cast import Acts, Cast, OnTelegram
from tests.durability.parts import LAST, numbers

CAMILLE, DRISS = 500_001, 500_002
NOTICE = re.compile(r"Demande n° (\d+) :")
_LINK = re.compile(r"https?://[^/\s]+(/console/login/\S+)")


def hire(session: Session) -> None:
    """Camille in the Doubs, Driss in the Finistère; nobody at the national desk can be told anything.

    They are of two regions: a clock that jumps an hour brings a demand to the others of its own.
    """
    for name, account, code in (("Camille Martin", CAMILLE, "25"), ("Driss Benali", DRISS, "29")):
        added = directory.add(session, name=name, role="referent", national=False, email=None, now=utc_now())
        added.telegram_id = account
        directory.assign(session, added, [code])


async def works_on_telegram(cast: Cast) -> None:
    """Takes what she is told of, replies, and closes."""
    camille = cast.on_telegram(CAMILLE)
    done: set[int] = set()

    def waiting() -> set[int]:
        return (numbers(camille.hears(), NOTICE) & cast.demands.keys()) - done

    camille.says("/start", None)
    while await cast.until(lambda: bool(waiting())):
        number = min(waiting())
        done.add(number)
        acts = cast.demands[number]
        camille.says(f"/prendre {number}", f"taken {number}")
        acts.done["taken"] += 1
        if acts.left is not None:
            await acts.left.wait()
            camille.says(f"/repondre {number} Êtes-vous encore là ?", f"sent {number}")
            continue
        for reply in _replies(cast, acts):
            camille.says(f"/repondre {number} {reply}", f"sent {number}")
        if acts.closing:
            camille.says(f"/clore {number}", f"closed {number}")
            acts.done["closed"] += 1


async def works_in_the_console(cast: Cast, *, every: float) -> None:
    """Looks at the list, replies by form, the same form again until it counted, and closes."""
    async with Console(cast) as driss:
        done: set[int] = set()
        while not cast.over.is_set():
            waiting = ((await driss.listed()) & cast.demands.keys()) - done
            for number in sorted(waiting):
                done.add(number)
                acts = cast.demands[number]
                for reply in _replies(cast, acts):
                    await driss.sends(number, "reponse", text=reply)
                # A reply to a demand that nobody has takes it.
                acts.done["taken"] += 1
                if acts.closing:
                    await driss.sends(number, "cloture")
                    acts.done["closed"] += 1
            await cast.pause(every)


class Console:
    """Driss's browser. He asks the bot for a link whenever he is out."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._person: OnTelegram = cast.on_telegram(DRISS)

    async def __aenter__(self) -> "Console":
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            headers={"Sec-Fetch-Site": "same-origin"},
            timeout=aiohttp.ClientTimeout(total=10),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def listed(self) -> set[int]:
        """The numbers on the first page; empty when it is over before there is an answer."""
        _, page = await self._call("GET", "/console") or ("", "")
        return {int(number) for number in re.findall(r"/console/demandes/(\d+)", page)}

    async def sends(self, number: int, act: str, **fields: str) -> None:
        """A form; it is sent until it counts, even when it is over."""
        form = {"form": str(uuid.uuid4()), **fields}
        await self._call("POST", f"/console/demandes/{number}/{act}", form, to_the_end=True)

    async def _call(
        self, method: str, path: str, form: dict[str, str] | None = None, *, to_the_end: bool = False
    ) -> tuple[str, str] | None:
        while to_the_end or not self._cast.over.is_set():
            try:
                where, page = await self._once(method, path, form)
            except (aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(0.1)  # the server is gone: there is nothing to wait on
                continue
            if where.startswith("/console/login"):
                await self._enter()
                continue
            return where, page
        return None

    async def _once(self, method: str, path: str, form: dict[str, str] | None) -> tuple[str, str]:
        """Where an answer leads to, and its page; ClientError when it has to be asked again."""
        url = self._cast.url + path
        async with self._session.request(method, url, data=form, allow_redirects=False) as answer:
            page = await answer.text()
            if answer.status in (429, 503):
                raise aiohttp.ClientError(str(answer.status))
            if answer.status == 401:  # a clock that jumped has ended the session; the form is kept
                return "/console/login", page
            assert answer.status == (200 if method == "GET" else 303) or answer.status == 303, (
                path,
                answer.status,
                page[-1500:],
            )
            return answer.headers.get("Location", ""), page

    async def _enter(self) -> None:
        """By a link of the newest: one that was used up, or is too old, leads nowhere."""
        links = len(self._links())
        self._person.says("/console", None)
        while len(self._links()) == links:
            await self._cast.telegram.something_sent()
        try:
            async with self._session.post(self._cast.url + self._links()[-1], allow_redirects=False):
                pass
        except (aiohttp.ClientError, TimeoutError):
            await asyncio.sleep(0.1)  # the server is gone: there is nothing to wait on

    def _links(self) -> list[str]:
        return [found[1] for text in self._person.hears() if (found := _LINK.search(text))]


def _replies(cast: Cast, acts: Acts) -> list[str]:
    """What a demand gets, noted as given: one or two replies, of which the asker knows the last."""
    words = [f"Première réponse à la demande {acts.number}."] * cast.chance.randint(0, 1)
    acts.replies += (said := [*words, LAST.format(acts.number)])
    acts.done["replied"] += len(said)
    return said
