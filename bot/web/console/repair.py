"""One entry to mend: why, who had its answer, telling them, and saying it again."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.web import turns
from bot.web.console import wording
from bot.web.console.access import doing, field, not_found, number_of, reading
from bot.web.forms import see_other
from bot.web.render import page
from handlers import corrections, holds, pack_places, repairs
from handlers.errors import Refused
from handlers.pack_growth import name_of
from handlers.routing import territory_name
from handlers.turn import Turn
from knowledge.markup import plain
from storage import directory
from storage import repairs as stored
from storage.repairs import Receiver
from storage.tables import Referent, Repair

SHOWN = 20
"""Conversations that are listed; the others are counted."""
DONE: Mapping[str, str] = {
    "fausse": "C'est noté : fausse. La fiche est suspendue et les rédacteurs sont prévenus.",
    "message": "Les personnes sont prévenues, chacune là où elle nous a écrit.",
    "fin": "La fiche est corrigée ; si elle était suspendue, elle est dite à nouveau.",
}
_CHANNELS: Mapping[str, str] = {"web": "Web", "telegram": "Telegram"}
_CONFLICTS = frozenset({"repair.corrected_already", "repair.ended_already", "repair.not_wrong"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Somebody who had the answer: nothing that says who."""

    when: str
    channel: str
    audience: str
    territory: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the page shows."""

    id: int
    entry_id: str
    title: str
    known: bool
    """Whether the entry is still there."""
    wrong: bool
    held: bool
    note: str | None
    since: str
    by: str
    ended: str | None
    channels: tuple[tuple[str, int], ...]
    total: int
    lines: tuple[Line, ...]
    elsewhere: int
    """Conversations that are not listed: of other territories, or too many."""
    to_tell: int
    told: int
    correction: str | None
    draft: str
    decides: bool


async def show(request: web.Request) -> web.Response:
    return await _page(request, done=DONE.get(request.query.get("fait", "")))


async def tell(request: web.Request) -> web.Response:
    """Tells those who had the answer; nothing that was typed is lost when it is refused."""
    number, words = number_of(request), await field(request, "texte")
    return await _do(request, lambda turn, who: corrections.write(turn, who, number, words), "message", words)


async def end(request: web.Request) -> web.Response:
    number = number_of(request)
    return await _do(request, lambda turn, who: repairs.end(turn, who, number), "fin")


async def _do(
    request: web.Request, act: Callable[[Turn, Referent], Repair | Refused], done: str, typed: str = ""
) -> web.Response:
    outcome = await doing(request, act)
    if not isinstance(outcome, Refused):
        return see_other(f"/console/qualite/fiches/{number_of(request)}?fait={done}")
    if outcome.text == "repair.unknown":
        raise not_found()
    return await _page(request, refusal=outcome, typed=typed)


async def _page(
    request: web.Request, *, done: str | None = None, refusal: Refused | None = None, typed: str = ""
) -> web.Response:
    number = number_of(request)
    guest, task = await reading(request, lambda turn, who: _task(turn, who, number))
    return page(
        request,
        "console/repair.html",
        status=200 if refusal is None else 409 if refusal.text in _CONFLICTS else 422,
        guest=guest,
        task=task,
        typed=typed,
        error=wording.sentence(turns.world(request), refusal) if refusal is not None else None,
        conflict=refusal is not None and refusal.text in _CONFLICTS,
        done=done,
        limit=corrections.LONGEST,
    )


def _task(turn: Turn, who: Referent, number: int) -> Task:
    repair = stored.get(turn.session, number)
    if repair is None:
        raise not_found()
    title, found = name_of(turn, repair.entry_id), corrections.receivers(turn, repair)
    visible = _visible(turn, who, found)
    channels = Counter(_channel(one) for one in found)
    return Task(
        id=repair.id,
        entry_id=repair.entry_id,
        title=title,
        known=turn.world.knowledge.entry(repair.entry_id) is not None,
        wrong=repair.verdict == "wrong",
        held=holds.any_held(turn, [repair.entry_id]),
        note=repair.note,
        since=wording.moment(repair.opened_at, turn.world.timezone, turn.now),
        by=directory.name_of(turn.session, repair.opened_by_id) or "quelqu'un qui n'est plus là",
        ended=wording.moment(repair.ended_at, turn.world.timezone, turn.now) if repair.ended_at else None,
        channels=tuple(sorted(channels.items())),
        total=len(found),
        lines=tuple(_line(turn, one) for one in visible[:SHOWN]),
        elsewhere=len(found) - len(visible[:SHOWN]),
        to_tell=sum(map(corrections.can_be_told, found)),
        told=stored.count_told(turn.session, repair.id),
        correction=repair.correction,
        draft=plain(turn.texts("repair.draft", title=title)),
        decides=corrections.decides(who, repair),
    )


def _visible(turn: Turn, who: Referent, found: Sequence[Receiver]) -> list[Receiver]:
    """Those of the reader's places, and of nowhere known."""
    codes = pack_places.places(turn, who)[0].codes
    return [one for one in found if codes is None or one.territory is None or one.territory in codes]


def _line(turn: Turn, one: Receiver) -> Line:
    return Line(
        when=wording.moment(one.at, turn.world.timezone, turn.now),
        channel=_channel(one),
        audience=wording.audience(turn, one.audience),
        territory=territory_name(turn, one.territory),
        state=_state(one),
    )


def _state(one: Receiver) -> str:
    if one.told:
        return "prévenue"
    return "à prévenir" if corrections.can_be_told(one) else "a bloqué le robot"


def _channel(one: Receiver) -> str:
    name = one.contact.address.split(":", 1)[0]
    return _CHANNELS.get(name, name)
