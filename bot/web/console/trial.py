"""« Essayer une phrase »: what the bot would make of a message, with scores and why. Nothing is written."""

import asyncio
from dataclasses import dataclass

from aiohttp import web

from bot.library import Library
from bot.web import turns
from bot.web.console import wording
from bot.web.console.access import field, reading
from bot.web.keys import LIBRARY
from bot.web.render import page
from handlers import overlay
from handlers.turn import Turn
from knowledge.entries import Audience
from knowledge.outcomes import Explanation
from storage.tables import Referent

LIMIT = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    id: str
    title: str
    score: int
    phrasing: str
    words: str
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One message that was tried."""

    outcome: str
    reason: str
    kept_back: bool
    """Whether a hold turns what would be said into a hand-over, or shortens the choice."""
    sure: int
    about_us: int
    words: str
    near: tuple[Near, ...]


async def show(request: web.Request) -> web.Response:
    """The empty form, or one for a message sent with POST: what is tried may come from a person."""
    text, audience = "", ""
    if request.method == "POST":
        text, audience = (await field(request, "phrase"))[:LIMIT], await field(request, "public")
        await reading(request, lambda turn, who: None)  # nobody builds the matcher before the login
    explained = await _explained(request.app[LIBRARY], text, audience)

    def look(turn: Turn, who: Referent) -> Trial | None:
        return tried(turn, text, explained) if explained is not None else None

    guest, trial = await reading(request, look)
    return page(
        request,
        "console/trial.html",
        guest=guest,
        text=text,
        audience=audience,
        audiences=wording.audiences(turns.world(request)),
        limit=LIMIT,
        trial=trial,
    )


async def _explained(library: Library, text: str, audience: str) -> Explanation | None:
    """Off the loop: the first one may have to build the matcher."""
    if not text.strip():
        return None
    asker = Audience(audience) if audience in set(Audience) else None
    return await asyncio.to_thread(library.explain, text, asker)


def tried(turn: Turn, text: str, explained: Explanation) -> Trial:
    """What the bot would make of a text now, holds and accepted wordings heeded."""
    base, live = turn.world.knowledge, overlay.live(turn)
    held, exact = live.held, live.added.exact(base, text)
    match = live.heeded(base, text, explained.match)
    near = []
    for one in explained.near:
        entry = base.entry(one.entry_id)
        if entry is None:  # the content was replaced between the two
            continue
        near.append(
            Near(
                id=entry.id,
                title=entry.title,
                score=round(one.score),
                phrasing=one.phrasing,
                words=", ".join(one.words),
                held=held.covers(entry),
            )
        )
    return Trial(
        outcome=wording.TRIALS.get(match.outcome, match.outcome),
        reason=explained.reason if exact is None else "formulation acceptée, mot pour mot",
        kept_back=match != (exact or explained.match),
        sure=round(explained.sure),
        about_us=round(explained.about_us),
        words=" ".join(explained.words),
        near=tuple(near),
    )
