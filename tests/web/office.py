"""A desk at work for the console's tests: people of the directory, and demands that came in by the doors."""

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import TypeVar

import aiohttp

from handlers import escalation, holds, login, privacy
from handlers.delivery import Option, tell
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.markup import plain
from knowledge.overlay import wording
from storage import contacts, directory, life, proposals, questions, tickets, transcript
from storage import holds as stored_holds
from storage.tables import Referent
from tests.web.site import Site

T = TypeVar("T")
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
QUESTION = "Mon compte est bloqué depuis la vérification d'identité, comment faire ?"


@dataclass(frozen=True, slots=True)
class Office:
    """The site, and the people at the desk: Nadia administers, Camille has 25 and 70, Driss 71."""

    site: Site
    nadia: int
    camille: int
    driss: int

    async def turn(self, work: Callable[[Turn], T]) -> T:
        now, world = self.site.clock(), self.site.world
        return await self.site.telling.write(
            lambda session: work(Turn(session=session, now=now, world=world))
        )

    async def link(self, referent_id: int) -> str:
        """The path of a fresh login link."""

        def make(turn: Turn) -> str:
            referent = directory.get(turn.session, referent_id)
            assert referent is not None
            return login.link(turn, referent)

        return (await self.turn(make)).removeprefix(self.site.world.public_url)

    @asynccontextmanager
    async def at_desk(self, referent_id: int) -> AsyncIterator["Desk"]:
        """A browser in which this referent has logged in."""
        async with self.site.client(**SAME_ORIGIN) as client:
            answer = await client.post(await self.link(referent_id), allow_redirects=False)
            assert (answer.status, answer.headers["Location"]) == (303, "/console")
            yield Desk(client)

    async def demand(
        self,
        question: str = QUESTION,
        *,
        territory: str | None = "25",
        audience: str | None = "jeune",
        address: str | None = None,
        candidates: Sequence[str] = ("id-verification-refusee", "compte-bloque"),
        minutes_ago: int = 0,
    ) -> int:
        """Somebody asks, gets no good answer and is handed over; the demand's number."""

        def ask(turn: Turn) -> int:
            turn.now = _ago(turn, minutes_ago)
            contact = contacts.at(turn.session, address or f"web:{token_hex(8)}", now=turn.now)
            contact.territory, contact.audience, contact.informed_at = territory, audience, turn.now
            transcript.add(turn.session, contact, author="visitor", text=question, at=turn.now)
            asked = questions.log(
                turn.session,
                contact,
                at=turn.now,
                text=question,
                outcome="propose",
                candidates=_scored(turn, candidates),
                entry_id=None,
                knowledge_hash="0" * 64,
            )
            options = [Option("none"), Option("human")]
            tell(turn, contact, turn.texts("propose"), options)
            talk = Talk.of(contact)
            theme = next(iter(turn.world.knowledge.themes))
            ticket = escalation.hand_over(turn, contact, talk, question_id=asked.id, theme=theme)
            talk.save(contact)
            return ticket.number

        return await self.turn(ask)

    async def hold(self, tag: str) -> int:
        """The national desk puts a tag on hold, unless it is; the hold's number."""

        def place(turn: Turn) -> int:
            holds.freeze(turn, None, "tag", tag, "nouveau décret")
            return next(hold.id for hold in stored_holds.active(turn.session) if hold.target == tag)

        return await self.turn(place)

    async def question(
        self,
        text: str | None,
        *,
        territory: str | None = "25",
        audience: str = "jeune",
        outcome: str = "handoff",
        entry_id: str | None = None,
        near: str | None = None,
        feedback: str | None = None,
        days_ago: int = 0,
    ) -> int:
        """Somebody asked the robot, and this became of it; the question's number."""

        def ask(turn: Turn) -> int:
            contact = contacts.at(turn.session, f"web:{token_hex(8)}", now=turn.now)
            contact.territory, contact.audience = territory, audience
            asked = questions.log(
                turn.session,
                contact,
                at=turn.now - timedelta(days=days_ago),
                text=text,
                outcome=outcome,
                candidates=_scored(turn, (near,)) if near is not None else [],
                entry_id=entry_id,
                knowledge_hash="0" * 64,
            )
            asked.feedback = feedback
            return asked.id

        return await self.turn(ask)

    async def proposal(
        self, text: str, *, entry_id: str = "pro-create-account", by: int | None = None
    ) -> int:
        """Somebody proposed a wording, unless it waits already; the proposal's number."""

        def propose(turn: Turn) -> int:
            said = wording(text)
            known = proposals.waiting_for(turn.session, said, kind="phrasing", target=entry_id)
            made = known or proposals.add(
                turn.session,
                kind="phrasing",
                target=entry_id,
                words=text,
                wording=said,
                referent_id=by or self.camille,
                now=turn.now,
            )
            return made.id

        return await self.turn(propose)

    async def writes(self, number: int, text: str) -> None:
        """The asker adds something to their demand."""

        def write(turn: Turn) -> None:
            ticket = tickets.get(turn.session, number)
            assert ticket is not None
            assert ticket.contact_id is not None
            contact = contacts.get(turn.session, ticket.contact_id)
            assert contact is not None
            transcript.add(
                turn.session, contact, author="visitor", text=text, at=turn.now, ticket_number=number
            )

        await self.turn(write)

    async def close_quietly(self, number: int) -> None:
        """The demand ended, some way or other."""

        def close(turn: Turn) -> None:
            life.move(turn.session, number, "close", closed_at=turn.now)
            ticket = tickets.get(turn.session, number)
            contact = contacts.get(turn.session, ticket.contact_id) if ticket and ticket.contact_id else None
            assert contact is not None
            contact.state = {}

        await self.turn(close)

    async def forget(self, number: int) -> None:
        """The asker has everything of theirs erased."""

        def erase(turn: Turn) -> None:
            ticket = tickets.get(turn.session, number)
            contact = contacts.get(turn.session, ticket.contact_id) if ticket and ticket.contact_id else None
            assert contact is not None
            privacy.erase_contact(turn, contact)

        await self.turn(erase)

    async def state(self, number: int) -> tuple[str, int | None, str | None]:
        """State, holder and territory of a demand."""

        def look(turn: Turn) -> tuple[str, int | None, str | None]:
            ticket = tickets.get(turn.session, number)
            assert ticket is not None
            return ticket.state, ticket.referent_id, ticket.territory

        return await self.turn(look)

    async def replies(self, number: int) -> list[str]:
        """What referents said about a demand, as it is read without markup."""

        def look(turn: Turn) -> list[str]:
            rows = transcript.of_ticket(turn.session, number)
            return [plain(row.text) if row.markup else row.text for row in rows if row.author == "referent"]

        return await self.turn(look)


@dataclass(frozen=True, slots=True)
class Desk:
    """A referent's browser without JavaScript."""

    client: aiohttp.ClientSession

    async def read(self, path: str, *, status: int = 200) -> str:
        answer = await self.client.get(path, allow_redirects=False)
        text = await answer.text()
        assert answer.status == status, (path, answer.status, text[-2000:])
        return text

    async def send(
        self,
        path: str,
        fields: Mapping[str, str] | None = None,
        *,
        form: str | None = None,
        status: int = 303,
        **more: str,
    ) -> str:
        """Sends a form; where it led to, or the page that came back."""
        data = {**(fields or {}), **more, **({"form": form} if form is not None else {})}
        answer = await self.client.post(path, data=data, allow_redirects=False)
        text = await answer.text()
        assert answer.status == status, (path, answer.status, text[-2000:])
        return answer.headers["Location"] if status == 303 else text


def words(html: str) -> str:
    """What a page says, without its markup."""
    text = re.sub(r"<(script|style).*?</\1>", " ", html, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", text)
    for entity, char in (("&nbsp;", " "), ("&#39;", "'"), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")):
        text = text.replace(entity, char)
    return " ".join(text.replace("\u00a0", " ").replace("\u2019", "'").split())


async def open_office(site: Site) -> Office:
    """The people of the directory; no Telegram account, so that a web chat's demand stays on the web."""
    site.world = replace(site.world, pages={"telegram": lambda text, markup: [text]})

    def hire(turn: Turn) -> list[int]:
        nadia = _hire(turn, "Nadia Ferrand", "admin", (), national=True)
        camille = _hire(turn, "Camille Martin", "referent", ("25", "70"))
        driss = _hire(turn, "Driss Benali", "referent", ("71",))
        camille.deputy_id = driss.id
        return [nadia.id, camille.id, driss.id]

    office = Office(site, 0, 0, 0)
    return Office(site, *await office.turn(hire))


def _hire(turn: Turn, name: str, role: str, codes: Sequence[str], *, national: bool = False) -> Referent:
    email = f"{name.split()[0].lower()}@exemple.fr"
    referent = directory.add(turn.session, name=name, role=role, national=national, email=email, now=turn.now)
    directory.assign(turn.session, referent, codes)
    return referent


def _ago(turn: Turn, minutes: int) -> datetime:
    return turn.now - timedelta(minutes=minutes)


def _scored(turn: Turn, ids: Sequence[str]) -> list[dict[str, object]]:
    known = [entry_id for entry_id in ids if turn.world.knowledge.entry(entry_id) is not None]
    filled = known or list(turn.world.knowledge.entries)[:2]
    return [{"id": entry_id, "score": 61.5 - 14 * rank} for rank, entry_id in enumerate(filled)]
