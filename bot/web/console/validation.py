"""« À valider »: what referents propose to learn, decided on one by one; and what became of one's own."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.web import turns
from bot.web.console import trial, wording
from bot.web.console.access import doing, field, not_found, number_of, reading
from bot.web.console.trial import Trial
from bot.web.forms import see_other, whole
from bot.web.keys import LIBRARY
from bot.web.render import page
from handlers import lessons, validation
from handlers.errors import Refused
from handlers.turn import Turn
from knowledge import overlay
from knowledge.outcomes import Explanation
from knowledge.overlay import Double
from storage import directory, proposals, repairs
from storage.tables import Proposal, Referent

KINDS: Mapping[str, str] = {
    "phrasing": "Formulation",
    "entry": "Nouvelle fiche",
    "off_topic": "Pas pour nous",
}
STATES: Mapping[str, str] = {
    "waiting": "En attente",
    "accepted": "Acceptée",
    "rejected": "Non retenue",
    "exported": "Dans le contenu",
}
DONE: Mapping[str, str] = {
    "acceptation": "C'est accepté : le robot s'en sert dès maintenant.",
    "refus": "Ce n'est pas retenu. L'auteur lira pourquoi.",
    "retrait": "C'est retiré : le robot ne s'en sert plus.",
}
_FIELDS = ("phrase", "cible", "titre", "theme", "public", "reponse", "raison")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One proposal in a list."""

    id: int
    kind: str
    kind_words: str
    text: str
    target: str
    title: str
    who: str
    since: str
    state: str
    state_words: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The proposal to decide on, with what speaks for and against it."""

    line: Line
    draft: Mapping[str, Any]
    obstacle: str | None
    """Why it cannot be accepted as it stands."""
    today: Trial
    doubles: tuple[tuple[str, Double], ...]
    """Phrasings that say nearly the same, with the titles of their entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    waiting: tuple[Line, ...]
    standing: tuple[Line, ...]
    mine: tuple[Line, ...]
    to_mend: int
    """Entries of which an answer was judged wrong or incomplete."""


async def show(request: web.Request) -> web.Response:
    number = whole(request.query.get("n", ""), 0)
    return await _page(request, number, done=DONE.get(request.query.get("fait", "")))


async def accept(request: web.Request) -> web.Response:
    """Accepts what the form says: the words may have been edited, and the target corrected."""
    number, typed = number_of(request), await _typed(request)
    match = await asyncio.to_thread(request.app[LIBRARY].find, typed["phrase"], None, None)
    draft = {
        "title": typed["titre"],
        "theme": typed["theme"],
        "audience": typed["public"] or "general",
        "answer": typed["reponse"],
    }

    def act(turn: Turn, who: Referent) -> Refused | None:
        target, text = typed["cible"] or typed["theme"], typed["phrase"]
        return validation.accept(turn, who, number, target=target, text=text, match=match, draft=draft)

    return await _decide(request, act, "acceptation")


async def reject(request: web.Request) -> web.Response:
    number, reason = number_of(request), await field(request, "raison")
    return await _decide(request, lambda turn, who: validation.reject(turn, who, number, reason), "refus")


async def withdraw(request: web.Request) -> web.Response:
    number, reason = number_of(request), await field(request, "raison")
    return await _decide(request, lambda turn, who: validation.withdraw(turn, who, number, reason), "retrait")


async def _decide(
    request: web.Request, act: Callable[[Turn, Referent], Refused | None], word: str
) -> web.Response:
    refusal = await doing(request, act)
    if refusal is None:
        return see_other("/console/validation?" + urlencode({"fait": word}))
    if refusal.text == "learning.not_found":
        raise not_found()
    conflict = refusal.text in ("learning.decided", "learning.in_content")
    number = 0 if conflict or word == "retrait" else number_of(request)
    return await _page(request, number, refusal=refusal, typed=await _typed(request))


async def _typed(request: web.Request) -> dict[str, str]:
    return {name: await field(request, name) for name in _FIELDS}


async def _page(
    request: web.Request,
    number: int,
    *,
    done: str | None = None,
    refusal: Refused | None = None,
    typed: Mapping[str, str] | None = None,
) -> web.Response:
    guest, lists = await reading(request, _lists)
    chosen = next((one for one in lists.waiting if one.id == number), None)
    chosen = chosen or (lists.waiting[0] if lists.waiting else None)
    shown = None
    if chosen is not None:
        text = (typed or {}).get("phrase") or chosen.text
        base, library = turns.world(request).knowledge, request.app[LIBRARY]
        # Off the loop: both look at the whole content.
        explained = await asyncio.to_thread(library.explain, text, None)
        doubles = await asyncio.to_thread(overlay.doubles, base, text)
        _, shown = await reading(request, lambda turn, _: _shown(turn, chosen, text, explained, doubles))
    return page(
        request,
        "console/validation.html",
        status=200 if refusal is None else 409 if number == 0 else 422,
        guest=guest,
        lists=lists,
        shown=shown,
        typed=typed or {},
        done=done,
        error=wording.sentence(turns.world(request), refusal) if refusal is not None else None,
        subjects=sorted(turns.world(request).knowledge.language.off_topic),
    )


def _lists(turn: Turn, who: Referent) -> Lists:
    editor = validation.may_validate(who)
    return Lists(
        waiting=_lines(turn, proposals.waiting(turn.session)) if editor else (),
        standing=_lines(turn, proposals.standing(turn.session)) if editor else (),
        mine=_lines(turn, proposals.of_referent(turn.session, who.id)),
        to_mend=repairs.count_standing(turn.session) if editor else 0,
    )


def _lines(turn: Turn, found: Sequence[Proposal]) -> tuple[Line, ...]:
    return tuple(_line(turn, proposal) for proposal in found)


def _line(turn: Turn, proposal: Proposal) -> Line:
    entry = turn.world.knowledge.entry(proposal.target or "") if proposal.kind == "phrasing" else None
    return Line(
        id=proposal.id,
        kind=proposal.kind,
        kind_words=KINDS.get(proposal.kind, proposal.kind),
        text=proposal.text,
        target=proposal.target or "",
        title=entry.title if entry is not None else str((proposal.draft or {}).get("title", "")),
        who=directory.name_of(turn.session, proposal.proposed_by_id) or "quelqu'un qui n'est plus là",
        since=wording.moment(proposal.proposed_at, turn.world.timezone, turn.now),
        state=proposal.state,
        state_words=STATES.get(proposal.state, proposal.state),
        reason=proposal.reason,
    )


def _shown(
    turn: Turn, line: Line, text: str, explained: Explanation, doubles: Sequence[Double]
) -> Shown | None:
    proposal, base = proposals.get(turn.session, line.id), turn.world.knowledge
    if proposal is None:
        return None
    fault = lessons.text_fault(turn, text)
    if fault is None and line.kind != "entry":
        fault = lessons.wording_fault(turn, line.kind, line.target, text)
    titles = ((base.entry(double.entry_id), double) for double in doubles)
    return Shown(
        line=line,
        draft=proposal.draft or {},
        obstacle=wording.sentence(turn.world, fault) if fault is not None else None,
        today=trial.tried(turn, text, explained),
        doubles=tuple((entry.title, double) for entry, double in titles if entry is not None),
    )
