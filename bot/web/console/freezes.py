"""Rule-change freezes in the console: everybody at the desk sees them, who may change the content decides."""

import re
from dataclasses import dataclass

from aiohttp import web

from bot.web import turns
from bot.web.console import wording
from bot.web.console.access import Problems, doing, field, not_found, number_of, reading
from bot.web.forms import see_other
from bot.web.render import page
from handlers import holds
from handlers.errors import Refused
from handlers.turn import Turn
from storage import directory
from storage import holds as stored
from storage.rights import Right, may
from storage.tables import Hold, Referent


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """One hold."""

    id: int
    kind: str
    target: str
    reason: str
    since: str
    who: str


async def freeze(request: web.Request) -> web.Response:
    """Puts a tag or an entry on hold; the form stands on the list and on the entry's page."""
    tag, entry_id = await field(request, "etiquette"), await field(request, "fiche")
    reason = await field(request, "raison")

    def act(turn: Turn, who: Referent) -> Hold | Problems:
        _require(who)
        outcome = holds.freeze(turn, who, "entry" if entry_id else "tag", entry_id or tag, reason)
        if not isinstance(outcome, Refused):
            return outcome
        return Problems({"raison" if outcome.text == "holds.reason" else "etiquette": outcome})

    outcome = await doing(request, act)
    if isinstance(outcome, Problems):
        return await _again(request, outcome, tag=tag, entry_id=entry_id, reason=reason)
    return see_other(f"{_back(entry_id)}?fait=gel")


async def thaw(request: web.Request) -> web.Response:
    """Lifts a hold; one that somebody else lifted meanwhile stays lifted."""
    number, entry_id = number_of(request), await field(request, "fiche")

    def act(turn: Turn, who: Referent) -> None:
        _require(who)
        hold = stored.get(turn.session, number)
        if hold is None:
            raise not_found()
        holds.thaw(turn, who, "tag" if hold.kind == "tag" else "entry", hold.target)

    await doing(request, act)
    return see_other(f"{_back(entry_id)}?fait=reprise")


def active(turn: Turn) -> list[Freeze]:
    """What is on hold now."""
    return [
        Freeze(
            id=hold.id,
            kind=hold.kind,
            target=hold.target,
            reason=hold.reason,
            since=wording.moment(hold.held_at, turn.world.timezone, turn.now),
            who=directory.name_of(turn.session, hold.held_by_id) or "la ligne de commande",
        )
        for hold in stored.active(turn.session)
    ]


def _require(who: Referent) -> None:
    if not may(who, Right.CONTENT):
        raise not_found()


def _back(entry_id: str) -> str:
    known = re.fullmatch(r"[a-z0-9-]+", entry_id)
    return f"/console/fiches/{entry_id}" if known else "/console/fiches"


async def _again(
    request: web.Request, problems: Problems, *, tag: str, entry_id: str, reason: str
) -> web.Response:
    """The form as it was sent, with what is wrong."""
    guest, tags = await reading(request, lambda turn, who: holds.tags(turn))
    world = turns.world(request)
    return page(
        request,
        "console/freeze.html",
        status=422,
        guest=guest,
        tags=tags,
        entry_id=entry_id,
        errors={name: wording.sentence(world, refusal) for name, refusal in problems.by_field.items()},
        typed={"etiquette": tag, "raison": reason},
    )
