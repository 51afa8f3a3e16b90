"""On one's profile: one's opening hours, and by which way one is told."""

from dataclasses import dataclass

from aiohttp import web

from bot.web.console import hours as console_hours
from bot.web.console.access import Problems, doing, field
from bot.web.forms import see_other
from handlers import hours, hours_setting, ways, week_words
from handlers.hours_setting import Read, Typed
from handlers.turn import Turn
from storage import directory
from storage.tables import Referent


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What somebody has set for themselves."""

    hours: str
    own_hours: bool
    typed: Typed
    notices_by: str
    digest_by: str


def habits(turn: Turn, who: Referent, typed: Typed | None = None) -> Habits:
    """As they stand, or with a form as it was sent."""
    own, served = hours.own(turn, who), directory.territories_of(turn.session, who.id)
    return Habits(
        hours=week_words.in_words(hours.week_of(turn, who, next(iter(served), None))),
        own_hours=own is not None,
        typed=typed or hours_setting.typed(own, None),
        notices_by=who.notices_by or "",
        digest_by=who.digest_by or "",
    )


async def set_hours(request: web.Request) -> tuple[Problems | None, Typed]:
    """Sets one's hours by the form that was sent; nothing in it: the territory's hold again."""
    typed = await console_hours.sent(request)

    def act(turn: Turn, who: Referent) -> Problems | None:
        given = hours_setting.read(typed)
        if not isinstance(given, Read):
            return Problems(given)
        hours_setting.set_own(turn, who, given.week)
        return None

    return await doing(request, act), typed


async def choose_ways(request: web.Request) -> web.Response:
    """By which way notices and the morning's digest come; what is no choice is the default."""
    notices, summary = await field(request, "avis"), await field(request, "resume")

    def act(_: Turn, who: Referent) -> None:
        who.notices_by = notices if notices in ways.NOTICES else None
        who.digest_by = summary if summary in ways.DIGEST else None

    await doing(request, act)
    return see_other("/console/profil?fait=avis")
