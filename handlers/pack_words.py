"""The week's pack in ten lines, as Telegram and mail tell it. No word of those who wrote is among them."""

from datetime import timedelta

from handlers import quality_figures
from handlers.calendar import span_in_words
from handlers.delivery import Picture
from handlers.errors import Refused, refused
from handlers.pack import Pack
from handlers.pack_growth import Growth
from handlers.turn import Turn
from handlers.week import Week, weeks_of
from knowledge.texts import Raw
from storage.statistics import FATES, Fate
from storage.statistics_desk import Spread

GROWING = 3
"""What is new or growing that is named in a line."""


def asked_week(turn: Turn, text: str) -> Week | Refused:
    """The week that somebody named; the last one that is over when they named none."""
    last = Week.of(turn.today).earlier(1)
    week = Week.read(text) if text.strip() else last
    if week is None:
        year = turn.today.year
        return refused("week.unknown", example=last.id, year=year, weeks=weeks_of(year))
    if week > Week.of(turn.today):
        return refused("week.to_come", example=last.id)
    return week


def lines(turn: Turn, pack: Pack) -> list[str]:
    """The heading and nine lines under it, in light Markdown; one more where all is made up."""
    heading = turn.texts(
        "week.title" if pack.over else "week.so_far", week=pack.week.words, place=pack.place.name
    )
    return [
        heading,
        *([turn.texts("week.demonstration")] if pack.demonstration else ()),
        *_of_questions(turn, pack),
        *_of_demands(turn, pack),
        _growing(turn, pack),
        _to_do(turn, pack),
    ]


def fate(turn: Turn, name: Fate) -> str:
    """« Réponse automatique »"""
    return turn.texts(f"week.fate.{name}")


def picture(turn: Turn, pack: Pack) -> Picture:
    """How much was asked each week, and what became of it in this one."""
    volumes = (*pack.before, pack.whole.total)
    weeks = [pack.week.earlier(len(volumes) - 1 - at) for at in range(len(volumes))]
    became = ((fate(turn, one), pack.whole.fates.get(one, 0)) for one in FATES)
    key = "week.picture_demonstration" if pack.demonstration else "week.picture"
    return Picture(
        title=turn.texts(key, week=pack.week.number, place=pack.place.name),
        columns=tuple((f"S{week.number}", asked) for week, asked in zip(weeks, volumes, strict=True)),
        bars=tuple((name, count) for name, count in became if count),
    )


def share(part: int, whole: int) -> str:
    """« 70 % »; of nothing there is no share."""
    return f"{round(100 * part / whole)} %" if whole else "–"


def number(value: float) -> str:
    """« 12 », « 12,5 », « 12 345 » with narrow spaces."""
    return f"{value:,.1f}".removesuffix(".0").replace(",", "\u202f").replace(".", ",")


def span(value: timedelta | None) -> str:
    return span_in_words(value) if value is not None else "–"


def url(turn: Turn, pack: Pack) -> str:
    return f"{turn.world.public_url}/console/semaine?semaine={pack.week.id}&lieu={pack.place.id}"


def _of_questions(turn: Turn, pack: Pack) -> list[str]:
    fates, whole = pack.whole.fates, pack.whole
    if pack.usual is None:
        volume = turn.texts("week.questions_first", count=number(whole.total))
    else:
        volume = turn.texts("week.questions", count=number(whole.total), usual=number(pack.usual))
    became = turn.texts(
        "week.fates",
        answered=number(fates.get("answered", 0)),
        share=share(fates.get("answered", 0), whole.total),
        handed=number(fates.get("handed_over", 0)),
        proposed=number(fates.get("proposed", 0)),
        left=number(fates.get("left", 0)),
        declined=number(fates.get("declined", 0)),
    )
    helped = turn.texts("week.helped", helped=whole.helped, unhelpful=whole.unhelpful)
    return [volume, became, f"{helped} · {quality_figures.in_words(turn, pack.quality)}"]


def _of_demands(turn: Turn, pack: Pack) -> list[str]:
    desk = pack.desk
    return [
        turn.texts(
            "week.demands",
            opened=number(desk.opened),
            closed=number(desk.closed),
            unsolved=number(desk.unsolved),
        ),
        _first_reply(turn, desk.first_reply),
        turn.texts(
            "week.solved",
            confirmed=number(desk.confirmed.count),
            confirmed_in=span(desk.confirmed.median),
            assumed=number(desk.assumed.count),
            assumed_in=span(desk.assumed.median),
        ),
        turn.texts("week.late", late=desk.late, now=pack.over_target),
    ]


def _first_reply(turn: Turn, spread: Spread) -> str:
    if not spread.count:
        return turn.texts("week.no_reply")
    return turn.texts("week.first_reply", median=span(spread.median), p90=span(spread.p90))


def _growing(turn: Turn, pack: Pack) -> str:
    if not pack.growing:
        return turn.texts("week.steady")
    named = ", ".join(_grown(turn, one) for one in pack.growing[:GROWING])
    return turn.texts("week.growing", what=Raw(named))


def _grown(turn: Turn, one: Growth) -> str:
    if one.new:
        return turn.texts("week.new", name=one.name, now=one.now)
    return turn.texts("week.grown", name=one.name, now=one.now, usual=number(one.usual))


def _to_do(turn: Turn, pack: Pack) -> str:
    return turn.texts(
        "week.to_do",
        in_vain=number(pack.in_vain),
        unhelpful=len(pack.unhelpful),
        stale=pack.stale_count,
        aside=pack.set_aside,
        blocked=len(pack.blocked),
        actions=len(pack.actions),
        stuck=pack.partners.stuck,
        silent=len(pack.partners.silent),
    )
