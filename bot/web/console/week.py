"""« Semaine »: the week's pack with its charts, and the same as a file."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from aiohttp import web

from bot.web import turns
from bot.web.console import wording
from bot.web.console.access import Guest, not_found, reading
from bot.web.console.charts import HEIGHT, WIDTH, Bar, upright
from bot.web.errors import Refusal
from bot.web.render import page
from bot.web.spreadsheet import csv_file, xlsx_file
from handlers import audit, pack_places, pack_rows, pack_words
from handlers.audit import Action
from handlers.errors import Refused
from handlers.pack import Pack, pack
from handlers.pack_places import Place
from handlers.quality_figures import interval
from handlers.turn import Turn
from handlers.week import Week
from storage import directory
from storage.statistics import FATES, Fate, Tally
from storage.tables import Referent

_CHOICE = 26
"""Weeks that the form lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which week and place, as they stand in the address."""

    week: str = ""
    place: str = ""

    def address(self, path: str, week: Week | None = None) -> str:
        given = {"semaine": week.id if week is not None else self.week, "lieu": self.place}
        return f"{path}?" + urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What the page shows."""

    pack: Pack
    wish: Wish
    """The same with what was meant where nothing was said."""
    places: tuple[Place, ...]
    weeks: tuple[Week, ...]
    after: Week | None
    bars: tuple[Bar, ...]
    before: tuple[tuple[Week, int], ...]
    """Weeks with how much was asked in them, the oldest first; the last is this one."""
    fates: tuple[tuple[str, int, str], ...]
    times: tuple[tuple[str, int, str, str], ...]
    compared: tuple[tuple[str, str, str], ...]
    unserved: bool
    """Whether nobody serves the territory."""
    problem: Refused | None


async def show(request: web.Request) -> web.Response:
    wish = _wish(request)
    guest, board = await reading(request, lambda turn, who: _board(turn, who, wish))
    problem = board.problem
    return page(
        request,
        "console/week.html",
        status=200 if problem is None else 422,
        guest=guest,
        board=board,
        pack=board.pack,
        error=wording.sentence(turns.world(request), problem) if problem is not None else None,
        size=(WIDTH, HEIGHT),
        interval=interval,
        share=pack_words.share,
        number=pack_words.number,
    )


async def as_csv(request: web.Request) -> web.Response:
    """One row per question; that somebody took it is noted."""
    _, (name, rows) = await _questions(request, "csv")
    written = [[str(cell) for cell in row] for row in rows]
    return await asyncio.to_thread(csv_file, name, pack_rows.HEADING, written)


async def as_xlsx(request: web.Request) -> web.Response:
    """The same, and the figures on a sheet of their own."""
    _, (name, rows) = await _questions(request, "xlsx")
    _, figures = await reading(request, lambda turn, who: _figures(turn, who, _wish(request)))
    sheets = {
        "Questions": (pack_rows.HEADING, rows),
        "Chiffres": (pack_rows.FIGURES, figures),
    }
    return await asyncio.to_thread(xlsx_file, name, sheets)


async def _questions(request: web.Request, ending: str) -> tuple[Guest, tuple[str, Sequence[pack_rows.Row]]]:
    wish = _wish(request)

    def look(turn: Turn, who: Referent) -> tuple[str, Sequence[pack_rows.Row]]:
        week, place = _asked(turn, who, wish)
        return f"semaine-{week.id}-{place.id}.{ending}", pack_rows.questions(turn, week, place)

    def noting(turn: Turn, who: Referent) -> None:
        week, place = _asked(turn, who, wish)
        audit.note(turn, who, Action.EXPORTED, "file", f"semaine-{week.id}-{place.id}.{ending}")

    return await reading(request, look, noting=noting)


def _figures(turn: Turn, who: Referent, wish: Wish) -> Sequence[pack_rows.Row]:
    week, place = _asked(turn, who, wish)
    return pack_rows.figures(turn, pack(turn, week, place, who))


def _asked(turn: Turn, who: Referent, wish: Wish) -> tuple[Week, Place]:
    """For a file: a wrong week is refused."""
    week = pack_words.asked_week(turn, wish.week)
    if isinstance(week, Refused):
        raise Refusal(422, "bad_week", wording.sentence(turn.world, week))
    return week, _place(pack_places.places(turn, who), wish)


def _place(places: Sequence[Place], wish: Wish) -> Place:
    """Not there and not theirs read the same."""
    found = next((one for one in places if wish.place in ("", one.id)), None)
    if found is None:
        raise not_found()
    return found


def _wish(request: web.Request) -> Wish:
    return Wish(week=request.query.get("semaine", "")[:20], place=request.query.get("lieu", "")[:10])


def _board(turn: Turn, who: Referent, wish: Wish) -> Board:
    meant, last = pack_words.asked_week(turn, wish.week), Week.of(turn.today)
    week = last.earlier(1) if isinstance(meant, Refused) else meant
    places = pack_places.places(turn, who)
    place = _place(places, wish)
    made = pack(turn, week, place, who)
    volumes = (*made.before, made.whole.total)
    return Board(
        pack=made,
        wish=replace(wish, week=week.id, place=place.id),
        places=places,
        weeks=tuple(last.earlier(back) for back in range(_CHOICE)),
        after=week.earlier(-1) if week < last else None,
        bars=upright(volumes),
        before=tuple((week.earlier(len(volumes) - 1 - at), asked) for at, asked in enumerate(volumes)),
        fates=_fates(turn, made),
        times=_times(made),
        compared=_compared(made),
        unserved=_is_unserved(turn, place),
        problem=meant if isinstance(meant, Refused) else None,
    )


def _fates(turn: Turn, made: Pack) -> tuple[tuple[str, int, str], ...]:
    counts: list[tuple[Fate, int]] = [(fate, made.whole.fates.get(fate, 0)) for fate in FATES]
    return tuple(
        (pack_words.fate(turn, fate), count, pack_words.share(count, made.whole.total))
        for fate, count in counts
    )


def _times(made: Pack) -> tuple[tuple[str, int, str, str], ...]:
    desk = made.desk
    named = (
        ("Première réponse", desk.first_reply),
        ("Première réponse, en heures d’ouverture", desk.open_time),
        ("Solution confirmée par la personne", desk.confirmed),
        ("Solution supposée, sans nouvelles", desk.assumed),
    )
    return tuple((name, one.count, _span(one.median), _span(one.p90)) for name, one in named)


def _compared(made: Pack) -> tuple[tuple[str, str, str], ...]:
    """What is measured, here and on average of comparable territories; nothing without them."""
    theirs = made.peers
    if theirs is None:
        return ()
    first_reply = made.desk.first_reply.median, theirs.first_reply.median
    return (
        ("Questions", str(made.whole.total), pack_words.number(theirs.questions)),
        ("Réponses automatiques", _part(made.whole, "answered"), _part(theirs.tally, "answered")),
        ("Transmises", _part(made.whole, "handed_over"), _part(theirs.tally, "handed_over")),
        ("Avis « utile »", _useful(made.whole), _useful(theirs.tally)),
        ("Demandes ouvertes", str(made.desk.opened), pack_words.number(theirs.demands)),
        ("Première réponse, médiane", _span(first_reply[0]), _span(first_reply[1])),
    )


def _part(tally: Tally, fate: Fate) -> str:
    return pack_words.share(tally.fates.get(fate, 0), tally.total)


def _useful(tally: Tally) -> str:
    return pack_words.share(tally.helped, tally.helped + tally.unhelpful)


def _span(value: timedelta | None) -> str:
    return pack_words.span(value)


def _is_unserved(turn: Turn, place: Place) -> bool:
    codes = place.codes or frozenset()
    return len(codes) == 1 and not any(directory.serving(turn.session, code) for code in codes)
