"""One broadcast: looked at as people will read it, tried on oneself, sent, followed and stopped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from markupsafe import Markup

from bot.web import turns
from bot.web.console import broadcasts, wording
from bot.web.console.access import doing, field, not_found, number_of, reading
from bot.web.console.broadcasts import FIELDS, STATES, Typed, places_of, subjects
from bot.web.forms import see_other
from bot.web.render import message_html, page
from handlers import broadcast, broadcasting, infos
from handlers.broadcast import LONGEST
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge.markup import plain
from storage import broadcasts as stored
from storage import directory
from storage.tables import Referent

DONE: Mapping[str, str] = {
    "change": "Le brouillon est enregistré.",
    "essai": "L'essai part vers vous, et vers vous seul.",
    "envoi": "L'envoi a commencé. Cette page dit où il en est.",
    "arret": "L'envoi est arrêté : ce qui n'était pas parti ne partira pas.",
}
PARTS: Mapping[str, str] = {
    "sent": "Remis",
    "queued": "En route",
    "waiting": "À envoyer",
    "failed": "Non remis",
    "blocked": "Robot bloqué par la personne",
    "left": "Désinscrits entre-temps",
    "stopped": "Arrêtés avant l'envoi",
}
CHANNELS: Mapping[str, str] = {"telegram": "sur Telegram", "web": "dans la conversation du site"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page shows."""

    id: int
    subject: str
    places: str
    state: str
    state_words: str
    author: str
    started: str | None
    ended: str | None
    preview: Markup
    reach: tuple[tuple[str, int], ...]
    total: int
    progress: tuple[tuple[str, int], ...]
    typed: Typed
    subjects: tuple[tuple[str, str], ...]


async def show(request: web.Request) -> web.Response:
    return await _page(request, done=DONE.get(request.query.get("fait", "")))


async def change(request: web.Request) -> web.Response:
    typed = await broadcasts.typed_in(request)
    return await _do(
        request, lambda turn, who, number: broadcast.rewrite(turn, who, number, typed.wanted()), "change"
    )


async def try_it(request: web.Request) -> web.Response:
    return await _do(request, broadcast.try_on_oneself, "essai")


async def start(request: web.Request) -> web.Response:
    """Sends it, once the box is ticked."""
    sure = bool(await field(request, "sure"))

    def act(turn: Turn, who: Referent, number: int) -> object:
        return broadcast.start(turn, who, number) if sure else refused("broadcast.sure")

    return await _do(request, act, "envoi")


async def stop(request: web.Request) -> web.Response:
    return await _do(request, broadcast.stop, "arret")


async def drop(request: web.Request) -> web.Response:
    return await _do(request, broadcast.drop, "abandon", leads_to="/console/diffusions")


async def _do(
    request: web.Request,
    act: Callable[[Turn, Referent, int], object],
    word: str,
    *,
    leads_to: str | None = None,
) -> web.Response:
    """303 to the page, or the page again with what is wrong."""
    number = number_of(request)

    def within(turn: Turn, who: Referent) -> Refused | None:
        outcome = act(turn, who, number)
        return outcome if isinstance(outcome, Refused) else None

    refusal = await doing(request, within)
    if refusal is None:
        return see_other(leads_to or f"/console/diffusions/{number}?fait={word}")
    if refusal.text == "broadcast.unknown":
        raise not_found()
    at = FIELDS.get(refusal.text, "sure" if refusal.text == "broadcast.sure" else "")
    return await _page(
        request,
        status=422 if at else 409,
        errors={at: wording.sentence(turns.world(request), refusal)},
        typed=await broadcasts.typed_in(request) if word == "change" else None,
    )


async def _page(
    request: web.Request,
    *,
    status: int = 200,
    done: str | None = None,
    errors: Mapping[str, str] | None = None,
    typed: Typed | None = None,
) -> web.Response:
    number = number_of(request)
    guest, found = await reading(request, lambda turn, who: _shown(turn, who, number))
    if found is None:
        raise not_found()
    return page(
        request,
        "console/broadcast.html",
        status=status,
        guest=guest,
        one=found,
        typed=typed or found.typed,
        limit=LONGEST,
        done=done,
        errors=errors or {},
    )


def _shown(turn: Turn, who: Referent, number: int) -> Shown | None:
    found = broadcast.of(turn, who, number)
    if found is None:
        return None
    reach = broadcast.reach(turn, found.subject, found.territories) if found.state == "draft" else {}
    counts = stored.progress(turn.session, number)

    def said(at: datetime | None) -> str | None:
        return wording.moment(at, turn.world.timezone, turn.now) if at is not None else None

    return Shown(
        id=found.id,
        subject=plain(infos.name_of(turn, found.subject)),
        places=places_of(turn, found),
        state=found.state,
        state_words=STATES[found.state],
        author=directory.name_of(turn.session, found.by_id) or "–",
        started=said(found.started_at),
        ended=said(found.ended_at),
        preview=message_html(broadcasting.message(turn, found), markup=True),
        reach=tuple((CHANNELS[channel], count) for channel, count in sorted(reach.items())),
        total=sum(reach.values()) or sum(counts.values()),
        progress=tuple((words, counts[state]) for state, words in PARTS.items() if state in counts),
        typed=Typed(subject=found.subject, territories=", ".join(found.territories or ()), text=found.text),
        subjects=subjects(turn),
    )
