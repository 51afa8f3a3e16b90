"""One structure: how far it has come, its demands, who changed what; and what one does with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from bot.web.console import ticket, wording
from bot.web.console.access import Problems, doing, field, not_found, number_of, reading
from bot.web.console.structure_form import FIELDS, at_fields, places, sentences, typed_of
from bot.web.console.structures import Line, line
from bot.web.forms import see_other
from bot.web.render import page
from handlers import structure_links, structure_words, structures
from handlers.errors import refused
from handlers.structure_words import KINDS, STAGES
from handlers.structures import Typed
from handlers.turn import Turn
from storage import directory, tickets
from storage import structure_links as links
from storage import structures as stored
from storage.tables import Referent, Structure, StructureEvent

DONE: Mapping[str, str] = {
    "ajout": "La structure est dans l'annuaire.",
    "modification": "La structure est modifiée.",
    "etape": "L'étape est notée.",
    "effacement": "Le contact est effacé.",
}
EVENTS: Mapping[str, str] = {
    "added": "Ajoutée",
    "changed": "Modifiée",
    "stage": "Étape",
    "erased": "Contact effacé",
}
_CHANGED: Mapping[str, str] = {
    "name": "nom",
    "kind": "type",
    "territory": "département",
    "siret": "SIRET",
    "contact_name": "contact",
    "contact_email": "e-mail",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stage of the way: behind, where it is now, or ahead."""

    id: str
    words: str
    where: str
    reached: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    at: str
    time: str
    words: str
    who: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A demand of theirs, as far as the reader may know."""

    number: int
    words: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page shows."""

    line: Line
    stage: str
    following: tuple[str, str] | None
    typed: Mapping[str, str]
    way: tuple[Step, ...]
    asked: tuple[Asked, ...]
    hidden: int
    """Demands that are not the reader's."""
    history: tuple[Happened, ...]
    places: list[tuple[str, str]]


async def show(request: web.Request) -> web.Response:
    return await _page(request, done=DONE.get(request.query.get("fait", "")))


async def change(request: web.Request) -> web.Response:
    typed = await typed_of(request)
    wanted = Typed(**{FIELDS[name]: text for name, text in typed.items()})

    def act(turn: Turn, who: Referent, one: Structure) -> Problems | None:
        outcome = structures.change(turn, who, one.id, wanted)
        return at_fields(outcome) if isinstance(outcome, Mapping) else None

    return await _do(request, act, "modification", typed)


async def advance(request: web.Request) -> web.Response:
    """To a stage, from the one that the page showed."""
    of, to, day = await field(request, "de"), await field(request, "vers"), await field(request, "le")
    since = structure_words.day_of(day)

    def act(turn: Turn, who: Referent, one: Structure) -> Problems | None:
        if day and since is None:
            return Problems({"le": refused("structures.day")})
        refusal = structures.advance(turn, who, one, of=of, to=to, since=since)
        if refusal is None:
            return None
        return Problems({"" if refusal.text == "structures.moved" else "le": refusal})

    return await _do(request, act, "etape", {"le": day})


async def erase(request: web.Request) -> web.Response:
    """The contact's name and address."""

    def act(turn: Turn, who: Referent, one: Structure) -> None:
        structures.erase_contact(turn, who, one.id)

    return await _do(request, act, "effacement", {})


async def remove(request: web.Request) -> web.Response:
    """After a ticked box."""
    sure = bool(await field(request, "sure"))

    def act(turn: Turn, who: Referent, one: Structure) -> Problems | None:
        if not sure:
            return Problems({"sure": refused("structures.tick")})
        structures.remove(turn, who, one)
        return None

    return await _do(request, act, "suppression", {}, leads_to="/console/structures")


async def link(request: web.Request) -> web.Response:
    """« Structure » on a demand's page: by its number or its name."""
    number, named = number_of(request), await field(request, "structure")
    return await ticket.do(
        request, lambda turn, who: structure_links.link(turn, who, number, named), "structure", at="structure"
    )


async def unlink(request: web.Request) -> web.Response:
    number = number_of(request)
    return await ticket.do(
        request, lambda turn, who: structure_links.unlink(turn, who, number), "sans-structure"
    )


async def _do(
    request: web.Request,
    act: Callable[[Turn, Referent, Structure], Problems | None],
    word: str,
    typed: Mapping[str, str],
    *,
    leads_to: str | None = None,
) -> web.Response:
    """303 to the page, or the page again with what is wrong and nothing typed lost."""
    number = number_of(request)

    def within(turn: Turn, who: Referent) -> Problems | None:
        one = stored.for_referent(turn.session, number, who, now=turn.now)
        if one is None:
            raise not_found()
        return act(turn, who, one)

    problems = await doing(request, within)
    if problems is None:
        return see_other(f"{leads_to or f'/console/structures/{number}'}?fait={word}")
    return await _page(request, problems=problems, typed=typed)


async def _page(
    request: web.Request,
    *,
    done: str | None = None,
    problems: Problems | None = None,
    typed: Mapping[str, str] | None = None,
) -> web.Response:
    number = number_of(request)
    guest, found = await reading(request, lambda turn, who: _shown(turn, who, number))
    if found is None:
        raise not_found()
    return page(
        request,
        "console/structure.html",
        status=200 if problems is None else 409 if "" in problems.by_field else 422,
        guest=guest,
        one=found,
        kinds=[(kind, known.words) for kind, known in KINDS.items()],
        stages=STAGES.items(),
        typed={"le": "", **found.typed, **(typed or {})},
        errors=sentences(request, problems),
        done=done,
    )


def _shown(turn: Turn, who: Referent, number: int) -> Shown | None:
    one = stored.for_referent(turn.session, number, who, now=turn.now)
    if one is None:
        return None
    events = stored.history(turn.session, number)
    theirs = links.tickets_of(turn.session, number)
    asked = tuple(found for t in theirs if (found := _asked(turn, who, t.number)) is not None)
    following = structure_words.following(one.stage)
    return Shown(
        line=line(turn, one, len(theirs)),
        stage=one.stage,
        following=(following, STAGES[following]) if following is not None else None,
        typed={name: getattr(one, code) or "" for name, code in FIELDS.items() if name != "depuis"},
        way=_way(one, events),
        asked=asked,
        hidden=len(theirs) - len(asked),
        history=tuple(_happened(turn, event) for event in reversed(events)),
        places=places(turn, who),
    )


def _way(one: Structure, events: Sequence[StructureEvent]) -> tuple[Step, ...]:
    """All stages in their order; those behind with the last day on which it came to them, if it did."""
    reached = {event.stage: event.reached for event in events if event.stage is not None}
    steps = []
    for stage, words in STAGES.items():
        behind = structure_words.is_behind(stage, one.stage)
        where = "now" if stage == one.stage else "behind" if behind else "ahead"
        day = one.since if where == "now" else reached.get(stage) if behind else None
        steps.append(Step(id=stage, words=words, where=where, reached=day))
    return tuple(steps)


def _asked(turn: Turn, who: Referent, number: int) -> Asked | None:
    found = tickets.for_referent(turn.session, number, who)
    if found is None:
        return None
    words = f"{turn.texts(f'ticket.state.{found.state}')}, {wording.theme(turn, found)}"
    when = wording.moment(found.opened_at, turn.world.timezone, turn.now)
    return Asked(number=number, words=words, when=when)


def _happened(turn: Turn, event: StructureEvent) -> Happened:
    words = EVENTS.get(event.what, event.what)
    if event.stage is not None and event.reached is not None:
        words = f"{words} : {STAGES[event.stage]}, le {event.reached:%d/%m/%Y}"
    elif event.detail:
        words += " : " + ", ".join(_CHANGED.get(name, name) for name in event.detail.split(", "))
    return Happened(
        at=event.at.isoformat(timespec="seconds"),
        time=wording.moment(event.at, turn.world.timezone, turn.now),
        words=words,
        who=directory.name_of(turn.session, event.by_id),
    )
