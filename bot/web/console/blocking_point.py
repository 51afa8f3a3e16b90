"""One blocking point: who is stopped, who looks after it, and how it ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.web import turns
from bot.web.console import ticket, wording
from bot.web.console.access import doing, field, not_found, number_of, reading
from bot.web.console.blocking import Line, line
from bot.web.forms import see_other, whole
from bot.web.render import page
from handlers import blocking, routing
from handlers.errors import Refused, refused
from handlers.turn import Turn
from storage import blocking as stored
from storage import tickets
from storage.blocking import Wanted
from storage.tables import BlockingReport, Referent

CONFLICTS = frozenset({"blocking.over", "blocking.not_proposed", "blocking.known_ticket"})
"""Nothing that was typed is wrong: somebody did something meanwhile."""
DONE: Mapping[str, str] = {
    "note": "Le point bloquant est noté. Vous le suivez.",
    "ajout": "C'est ajouté au point bloquant.",
    "garde": "Le point bloquant est gardé. Vous le suivez.",
    "ecarte": "La proposition est écartée.",
    "remonte": "Le point bloquant est noté comme remonté à l'équipe nationale.",
    "suivi": "Le point bloquant est à vous.",
    "reuni": "Les deux points bloquants n'en font plus qu'un : celui-ci.",
    "resolu": "Le point bloquant est résolu, et les personnes concernées sont prévenues.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Somebody who is stopped; `ticket` is their demand, where the reader may open it."""

    words: str
    place: str
    when: str
    ticket: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What the page shows."""

    line: Line
    stopped: tuple[Stopped, ...]
    solution: str | None
    merged_into: int | None
    others: tuple[tuple[int, str], ...]
    """Open points that this one may be merged into."""
    decides: bool
    mine: bool


async def show(request: web.Request) -> web.Response:
    return await _page(request, number_of(request), done=DONE.get(request.query.get("fait", "")))


async def join(request: web.Request) -> web.Response:
    """Somebody more is stopped: a demand by its number, or a name."""
    words, who = await field(request, "demande"), await field(request, "qui")
    number = whole(words, None)

    def act(turn: Turn, by: Referent, point: int) -> object:
        if words and number is None:
            return refused("desk.not_found", number=words[:20])
        return blocking.join(turn, by, point, number=number, who=who)

    return await _do(request, act, "ajout", at="demande" if words else "qui")


async def keep(request: web.Request) -> web.Response:
    return await _do(request, blocking.accept, "garde")


async def dismiss(request: web.Request) -> web.Response:
    return await _do(request, blocking.dismiss, "ecarte")


async def raise_it(request: web.Request) -> web.Response:
    return await _do(request, blocking.raise_it, "remonte")


async def take(request: web.Request) -> web.Response:
    return await _do(request, blocking.take, "suivi")


async def solve(request: web.Request) -> web.Response:
    solution = await field(request, "solution")
    return await _do(
        request, lambda turn, by, point: blocking.solve(turn, by, point, solution), "resolu", at="solution"
    )


async def merge(request: web.Request) -> web.Response:
    """Leads to the point that is left."""
    chosen = await field(request, "avec")
    into = whole(chosen, 0)
    return await _do(
        request,
        lambda turn, by, point: blocking.merge(turn, by, point, into),
        "reuni",
        at="avec",
        leads_to=into,
    )


async def from_ticket(request: web.Request) -> web.Response:
    """« Point bloquant » on a demand's page: a new one, or a known one (`point`)."""
    number, chosen = number_of(request), await field(request, "point")
    title, subject = await field(request, "blocage"), await field(request, "sujet")

    def act(turn: Turn, who: Referent) -> object:
        if (point := whole(chosen, None)) is not None:
            return blocking.join(turn, who, point, number=number)
        return blocking.note(turn, who, title=title, subject=subject, number=number)

    return await ticket.do(request, act, "blocage", at="blocage")


async def _do(
    request: web.Request,
    act: Callable[[Turn, Referent, int], object],
    word: str,
    *,
    at: str = "",
    leads_to: int | None = None,
) -> web.Response:
    """303 to the page, or the page again with what is wrong."""
    point = number_of(request)

    def within(turn: Turn, who: Referent) -> Refused | None:
        outcome = act(turn, who, point)
        return outcome if isinstance(outcome, Refused) else None

    refusal = await doing(request, within)
    if refusal is None:
        return see_other(f"/console/blocages/{leads_to or point}?fait={word}")
    if refusal.text == "blocking.not_yours":
        raise not_found()
    message = wording.sentence(turns.world(request), refusal)
    conflict = refusal.text in CONFLICTS or not at
    typed = {name: await field(request, name) for name in ("demande", "qui", "solution")}
    return await _page(
        request,
        point,
        status=409 if conflict else 422,
        errors={"" if conflict else at: message},
        typed=typed,
    )


async def _page(
    request: web.Request,
    number: int,
    *,
    status: int = 200,
    done: str | None = None,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> web.Response:
    guest, found = await reading(request, lambda turn, who: _point(turn, who, number))
    if found is None:
        raise not_found()
    return page(
        request,
        "console/blocking_point.html",
        status=status,
        guest=guest,
        point=found,
        done=done,
        errors=errors or {},
        typed=typed or {},
    )


def _point(turn: Turn, who: Referent, number: int) -> Point | None:
    point = stored.get(turn.session, number)
    if point is None:
        return None
    extent = stored.extents(turn.session, [number]).get(number)
    others = stored.listed(turn.session, Wanted(states=stored.OPEN))
    return Point(
        line=line(turn, point, extent),
        stopped=tuple(_stopped(turn, who, one) for one in stored.reports(turn.session, number)),
        solution=point.solution,
        merged_into=point.merged_into,
        others=tuple((one.id, one.title) for one in others if one.id != number),
        decides=blocking.decides(who, point),
        mine=point.owner_id == who.id,
    )


def _stopped(turn: Turn, who: Referent, one: BlockingReport) -> Stopped:
    """A demand of which the reader may not know is told of by its place alone."""
    seen = (
        tickets.for_referent(turn.session, one.ticket_number, who) if one.ticket_number is not None else None
    )
    words = one.who or (f"Demande n° {seen.number}" if seen is not None else "Une demande")
    if seen is not None and seen.structure:
        words += f", {seen.structure}"
    return Stopped(
        words=words,
        place=routing.territory_name(turn, one.territory) if one.territory is not None else "",
        when=wording.moment(one.at, turn.world.timezone, turn.now),
        ticket=seen.number if seen is not None else None,
    )
