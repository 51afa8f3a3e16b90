"""« Lettre » of the week: the draft of a newsletter, to look at, copy, take away or send to who wants it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web
from markupsafe import Markup

from bot.letter_page import html
from bot.web import turns
from bot.web.console import absences, wording
from bot.web.console.access import not_found, reading
from bot.web.render import message_html, page
from bot.web.spreadsheet import attached
from handlers import infos, letter_words, pack_places
from handlers.answer import audience_named
from handlers.broadcast import LONGEST
from handlers.errors import Refused
from handlers.letter import Letter, Period, letter, no_period, period
from handlers.pack_places import Place
from handlers.turn import Turn
from knowledge.entries import Audience
from storage.tables import Referent

PATH = "/console/semaine/lettre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """For whom and of when, as it stands in the address."""

    place: str = ""
    audience: str = ""
    since: str = ""
    until: str = ""

    def address(self, path: str) -> str:
        given = {"lieu": self.place, "public": self.audience, "depuis": self.since, "jusque": self.until}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One item of the preview."""

    title: str
    text: Markup
    links: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What the page shows."""

    places: tuple[Place, ...]
    place: Place
    period: Period
    sections: tuple[tuple[str, tuple[Shown, ...], str], ...]
    foot: tuple[Markup, ...]
    markdown: str
    html: str
    message: str
    subject: str
    territories: str
    problem: Refused | None


async def show(request: web.Request) -> web.Response:
    wish = _wish(request)
    guest, board = await reading(request, lambda turn, who: _board(turn, who, wish))
    problem = board.problem
    return page(
        request,
        "console/letter.html",
        status=200 if problem is None else 422,
        guest=guest,
        wish=wish,
        board=board,
        audiences=[(one.value, turns.world(request).knowledge.texts(f"audience.{one}")) for one in Audience],
        error=wording.sentence(turns.world(request), problem) if problem is not None else None,
    )


async def as_markdown(request: web.Request) -> web.Response:
    return await _file(request, "text/markdown", "lettre.md", letter_words.markdown)


async def as_html(request: web.Request) -> web.Response:
    return await _file(request, "text/html", "lettre.html", html)


async def _file(request: web.Request, kind: str, name: str, words: letter_words.Words) -> web.Response:
    wish = _wish(request)

    def look(turn: Turn, who: Referent) -> str:
        place, when = _meant(turn, who, wish)
        if isinstance(when, Refused):
            raise not_found()
        return words(turn, letter(turn, place, audience_named(wish.audience), when))

    _, text = await reading(request, look)
    return web.Response(text=text, content_type=kind, charset="utf-8", headers=attached(name))


def _board(turn: Turn, who: Referent, wish: Wish) -> Board:
    place, when = _meant(turn, who, wish)
    meant = period(turn, None, None) if isinstance(when, Refused) else when
    assert isinstance(meant, Period)  # noqa: S101  # the last four weeks are always a period
    draft = letter(turn, place, audience_named(wish.audience), meant)
    return Board(
        places=pack_places.places(turn, who),
        place=place,
        period=meant,
        sections=_sections(turn, draft),
        foot=tuple(message_html(line, markup=True) for line in letter_words.foot(turn, draft)),
        markdown=letter_words.markdown(turn, draft),
        html=html(turn, draft),
        message=letter_words.message(turn, draft, LONGEST),
        subject=infos.OF_AUDIENCE.get(wish.audience, "territoire"),
        territories=", ".join(sorted(place.codes or ())),
        problem=when if isinstance(when, Refused) else None,
    )


def _sections(turn: Turn, draft: Letter) -> tuple[tuple[str, tuple[Shown, ...], str], ...]:
    """Title, items, and how many more there are, in words."""
    found = []
    for section in draft.sections:
        items = tuple(
            Shown(
                title=item.title,
                text=message_html(item.text, markup=True) if item.text else Markup(),
                links=message_html(letter_words.links(turn, item), markup=True),
            )
            for item in section.items
        )
        found.append((section.title, items, letter_words.more(turn, section) if section.more else ""))
    return tuple(found)


def _meant(turn: Turn, who: Referent, wish: Wish) -> tuple[Place, Period | Refused]:
    """The place is one of the reader's own, the first where nothing is said."""
    places = pack_places.places(turn, who)
    place = next((one for one in places if one.id == wish.place), None) if wish.place else places[0]
    if place is None:
        raise not_found()
    since, until = absences.day(wish.since), absences.day(wish.until)
    if (wish.since and since is None) or (wish.until and until is None):
        return place, no_period()
    return place, period(turn, since, until)


def _wish(request: web.Request) -> Wish:
    query = request.query
    audience = query.get("public", "")
    return Wish(
        place=query.get("lieu", "")[:10],
        audience=audience if audience in set(Audience) else "",
        since=query.get("depuis", "")[:10],
        until=query.get("jusque", "")[:10],
    )
