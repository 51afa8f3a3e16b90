"""What stands beside a demand to answer it with: near entries, solved demands, shared replies, templates."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from aiohttp import web
from markupsafe import Markup

from bot.web.console import wording
from bot.web.keys import LIBRARY
from bot.web.render import message_html
from handlers import answer, holds, routing, sharing, suggestions
from handlers.holds import Held
from handlers.suggestions import Shared, Solved
from handlers.turn import Turn
from knowledge.entries import Audience, KnowledgeBase
from knowledge.markup import plain
from knowledge.replies import ReplyTemplate
from knowledge.writing import light
from storage import questions, tickets
from storage.tables import Referent

_LIKELY = 5
"""Score from which on a further entry is worth a look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearEntry:
    id: str
    title: str
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NearSolved:
    """A solved demand as the page shows it."""

    number: int
    question: str
    reply: str
    confirmed: bool
    closed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NearShared:
    """A « réponse type » as pages show it."""

    id: int
    title: str
    text: str
    html: Markup
    origin: str
    uses: int
    withdrawable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    text: str | None
    """What the demand is about, masked."""
    audience: Audience | None
    held: Held
    today: date
    entries: tuple[NearEntry, ...] = ()
    solved: tuple[NearSolved, ...]
    shared: tuple[NearShared, ...]
    suiting: tuple[ReplyTemplate, ...]
    others: tuple[ReplyTemplate, ...]
    own_reply: str | None
    """What the reader wrote last to it, to be rewritten and shared."""


def gather(turn: Turn, who: Referent, number: int) -> Beside | None:
    """All of it as the database knows it; the entries are those that were near when it was asked."""
    ticket = tickets.for_referent(turn.session, number, who)
    if ticket is None:
        return None
    templates = turn.world.knowledge.templates.values()
    suiting = tuple(one for one in templates if one.suits(ticket.audience, ticket.theme))
    question = questions.get(turn.session, ticket.question_id) if ticket.question_id is not None else None
    found = Beside(
        text=suggestions.asked(turn, ticket),
        audience=answer.audience_named(ticket.audience),
        held=holds.current(turn),
        today=turn.today,
        solved=tuple(_solved(turn, one) for one in suggestions.solved_near(turn, who, ticket)),
        shared=tuple(shared(turn, one, who) for one in suggestions.shared_near(turn, ticket)),
        suiting=suiting,
        others=tuple(one for one in templates if one not in suiting),
        own_reply=sharing.own_reply(turn, who, number),
    )
    then = [(str(one["id"]), float(one["score"])) for one in question.candidates] if question else []
    return _with_entries(found, turn.world.knowledge, then)


async def looked_up(request: web.Request, found: Beside) -> Beside:
    """The same with the entries that are near today; the matcher looks them up off the loop."""
    library = request.app[LIBRARY]
    if found.text is None or not library.learnt:
        return found
    match = await asyncio.to_thread(library.find, found.text, found.audience, None)
    near = [(candidate.entry_id, candidate.score) for candidate in match.candidates]
    return _with_entries(found, library.base, near)


def shared(turn: Turn, one: Shared, who: Referent) -> NearShared:
    """One as `who` reads it."""
    place = routing.territory_name(turn, one.territory)
    day = wording.moment(one.shared_at, turn.world.timezone, turn.now)
    return NearShared(
        id=one.id,
        title=one.title,
        text=one.text,
        html=message_html(light(one.text, own=turn.world.public_url), markup=True),
        origin=f"{one.author or 'Un référent'}, {place}, {day}",
        uses=one.uses,
        withdrawable=sharing.may_withdraw(who, one.author_id),
    )


def _with_entries(found: Beside, base: KnowledgeBase, near: Sequence[tuple[str, float]]) -> Beside:
    """Those of them that may be said today; the first, and others that are not quite unlikely."""
    likely = [one for rank, one in enumerate(near) if not rank or one[1] >= _LIKELY]
    entries = ((base.entry(entry_id), score) for entry_id, score in likely)
    shown = tuple(
        NearEntry(id=entry.id, title=entry.title, score=round(score))
        for entry, score in entries
        if entry is not None and entry.in_force(found.today) and not found.held.covers(entry)
    )
    return replace(found, entries=shown)


def _solved(turn: Turn, one: Solved) -> NearSolved:
    return NearSolved(
        number=one.number,
        question=one.question,
        reply=plain(one.reply),
        confirmed=one.confirmed,
        closed=wording.moment(one.closed_at, turn.world.timezone, turn.now),
    )
