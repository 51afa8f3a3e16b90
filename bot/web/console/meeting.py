"""The memory of the weekly meeting: what was agreed, by whom, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from bot.web import turns
from bot.web.console import absences, wording
from bot.web.console.access import Problems, doing, field, number_of, reading
from bot.web.forms import see_other
from bot.web.render import page
from handlers import meeting
from handlers.errors import Refused, refused
from handlers.meeting import Agreed
from handlers.turn import Turn
from storage import directory
from storage.tables import MeetingAction, Referent

DONE: Mapping[str, str] = {
    "note": "L'action est notée. Elle reviendra chaque semaine jusqu'à ce qu'elle soit close.",
    "fait": "L'action est faite.",
    "abandon": "L'action est abandonnée.",
    "report": "L'action a un nouveau jour.",
}
_FIELDS: Mapping[str, str] = {
    "action.who": "qui",
    "action.what": "quoi",
    "action.personal": "quoi",
    "action.bad_day": "jour",
}
"""At which field a refusal is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The form as it was sent."""

    who: str = ""
    what: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What the page shows."""

    open: list[Agreed]
    ended: list[Agreed]
    names: list[str]
    default_day: date


async def show(request: web.Request) -> web.Response:
    return await _page(request)


async def note(request: web.Request) -> web.Response:
    """Notes an action; nothing that was typed is lost when it is refused."""
    typed = Typed(
        who=await field(request, "qui"), what=await field(request, "quoi"), day=await field(request, "jour")
    )
    due = absences.day(typed.day)

    def act(turn: Turn, who: Referent) -> Problems | MeetingAction:
        if typed.day and due is None:
            return Problems({"jour": refused("action.bad_day")})
        outcome = meeting.note(turn, who, who=typed.who, what=typed.what, due=due)
        return Problems({_FIELDS[outcome.text]: outcome}) if isinstance(outcome, Refused) else outcome

    outcome = await doing(request, act)
    if isinstance(outcome, Problems):
        return await _page(request, problems=outcome, typed=typed)
    return see_other("/console/reunion?fait=note")


async def end(request: web.Request) -> web.Response:
    number, dropped = number_of(request), await field(request, "fin") == "dropped"
    ending = "dropped" if dropped else "done"
    outcome = await doing(request, lambda turn, who: meeting.end(turn, who, number, ending))
    return await _led_back(request, outcome, "abandon" if dropped else "fait")


async def postpone(request: web.Request) -> web.Response:
    number, due = number_of(request), absences.day(await field(request, "jour"))

    def act(turn: Turn, who: Referent) -> MeetingAction | Refused:
        return refused("action.bad_day") if due is None else meeting.postpone(turn, who, number, due)

    return await _led_back(request, await doing(request, act), "report")


async def _led_back(request: web.Request, outcome: MeetingAction | Refused | None, done: str) -> web.Response:
    """To the page, or the page itself with why nothing changed."""
    if isinstance(outcome, Refused):
        return await _page(request, problems=Problems({"": outcome}))
    return see_other(f"/console/reunion?fait={done}")


async def _page(
    request: web.Request, *, problems: Problems | None = None, typed: Typed | None = None
) -> web.Response:
    guest, board = await reading(request, _board)
    found = problems.by_field if problems is not None else {}
    return page(
        request,
        "console/meeting.html",
        status=200 if problems is None else 422,
        guest=guest,
        board=board,
        errors={name: wording.sentence(turns.world(request), refusal) for name, refusal in found.items()},
        typed=typed or Typed(),
        done=DONE.get(request.query.get("fait", "")),
    )


def _board(turn: Turn, who: Referent) -> Board:
    return Board(
        open=meeting.still_open(turn, who),
        ended=meeting.lately_ended(turn, who),
        names=[one.name for one in directory.everyone(turn.session)],
        default_day=meeting.next_meeting(turn),
    )
