"""« Qualité »: the answers of a week that were drawn are judged one by one, beside what was judged so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from bot.web import turns
from bot.web.console import wording
from bot.web.console.access import doing, field, not_found, number_of, reading
from bot.web.forms import see_other, whole
from bot.web.render import message_html, page
from handlers import pack_words, quality
from handlers.errors import Refused
from handlers.pack_growth import name_of
from handlers.quality import Judged
from handlers.quality_answers import Shown, shown
from handlers.quality_figures import Quality, interval, percent, quality_until
from handlers.turn import Turn
from handlers.week import Week
from storage import quality as stored
from storage import repairs
from storage.quality import Asked
from storage.tables import Referent, Repair

DONE: Mapping[str, str] = {
    "juste": "C'est noté : juste.",
    "incomplete": "C'est noté : incomplète. Les rédacteurs sont prévenus.",
}
VERDICTS: Mapping[str, str] = {"right": "Juste", "incomplete": "Incomplète", "wrong": "Fausse"}
_CONFLICTS = frozenset({"quality.judged_already", "quality.erased", "quality.mended"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An entry to mend, in a list."""

    id: int
    title: str
    verdict: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What the page shows."""

    week: Week
    drawn: bool
    """Whether there is a sample of this week."""
    weeks: tuple[Week, ...]
    size: int
    done: int
    """How many of the reader's answers are judged, or cannot be any more."""
    one: Shown | None
    after: int | None
    """The answer behind it, for who leaves it to others."""
    quality: Quality
    tasks: tuple[Task, ...]
    problem: Refused | None


async def show(request: web.Request) -> web.Response:
    return await _page(request, done=DONE.get(request.query.get("fait", "")))


async def judge(request: web.Request) -> web.Response:
    """The first judgement counts; a wrong answer leads to those who had it."""
    number, week = number_of(request), await field(request, "semaine")
    verdict, note = await field(request, "avis"), await field(request, "pourquoi")
    entry_id = await field(request, "fiche")

    def act(turn: Turn, who: Referent) -> Judged | Refused:
        return quality.judge(turn, who, number, verdict, note=note, entry_id=entry_id)

    outcome = await doing(request, act)
    if isinstance(outcome, Refused):
        if outcome.text == "quality.unknown":
            raise not_found()
        return await _page(request, refusal=outcome, number=number, typed={"avis": verdict, "pourquoi": note})
    if outcome is not None and outcome.verdict == "wrong" and outcome.repair is not None:
        return see_other(f"/console/qualite/fiches/{outcome.repair.id}?fait=fausse")
    said = "incomplete" if outcome is not None and outcome.verdict == "incomplete" else "juste"
    return see_other("/console/qualite?" + urlencode({"semaine": week, "fait": said}))


async def _page(
    request: web.Request,
    *,
    done: str | None = None,
    refusal: Refused | None = None,
    number: int = 0,
    typed: Mapping[str, str] | None = None,
) -> web.Response:
    wish = request.query.get("semaine", "")[:20] or await _sent_week(request)
    wanted = number or whole(request.query.get("n", ""), 0, digits=18)
    guest, board = await reading(request, lambda turn, who: _board(turn, who, wish, wanted))
    problem = refusal or board.problem
    status = 200 if problem is None else 409 if problem.text in _CONFLICTS else 422
    return page(
        request,
        "console/quality.html",
        status=status,
        guest=guest,
        board=board,
        answer=message_html(board.one.answer, markup=True) if board.one is not None else None,
        verdicts=VERDICTS,
        typed=typed or {},
        error=wording.sentence(turns.world(request), problem) if problem is not None else None,
        done=done,
        interval=interval,
        percent=percent,
    )


async def _sent_week(request: web.Request) -> str:
    return (await field(request, "semaine"))[:20] if request.method == "POST" else ""


def _board(turn: Turn, who: Referent, wish: str, wanted: int) -> Board:
    known = [week for one in stored.weeks(turn.session) if (week := Week.read(one)) is not None]
    last = Week.of(turn.today).earlier(1)
    meant = pack_words.asked_week(turn, wish) if wish else _first_choice(turn, who, known) or last
    week = last if isinstance(meant, Refused) else meant
    found = stored.of_week(turn.session, who, week.id)
    waiting = [one for one in found if one.state == "waiting"]
    one = next((one for one in waiting if one.answer.id == wanted), waiting[0] if waiting else None)
    return Board(
        week=week,
        drawn=week in known,
        weeks=tuple(known),
        size=len(found),
        done=len(found) - len(waiting),
        one=shown(turn, one) if one is not None else None,
        after=_behind(waiting, one),
        quality=quality_until(turn, last),
        tasks=tuple(_task(turn, repair) for repair in repairs.standing(turn.session)),
        problem=meant if isinstance(meant, Refused) else None,
    )


def _first_choice(turn: Turn, who: Referent, known: Sequence[Week]) -> Week | None:
    """The last week in which something waits for this reader, else the last one there is."""
    waiting = Week.read(stored.newest_waiting(turn.session, who) or "")
    return waiting or (known[0] if known else None)


def _behind(waiting: Sequence[Asked], one: Asked | None) -> int | None:
    if one is None or len(waiting) < 2:  # nothing to go on to
        return None
    return waiting[(waiting.index(one) + 1) % len(waiting)].answer.id


def _task(turn: Turn, repair: Repair) -> Task:
    return Task(
        id=repair.id,
        title=name_of(turn, repair.entry_id),
        verdict=repair.verdict,
        since=wording.moment(repair.opened_at, turn.world.timezone, turn.now),
    )
