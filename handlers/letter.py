"""The draft of a newsletter: what was asked most, what changed, what is to come; for a place and an audience.

All of it is content, or was written for everybody: no question of anybody, no number of people, nothing that
fewer than three conversations were about. What is on hold is not told. Nothing is invented: a section of
which there is nothing is left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from handlers import holds
from handlers.calendar import day_in_words
from handlers.errors import Refused, refused
from handlers.holds import Held
from handlers.pack_places import Place
from handlers.turn import Turn
from knowledge.drafting import escape_lightly, opening
from knowledge.entries import Audience, Entry, Source
from knowledge.texts import Raw
from storage import blocking, letters
from storage.statistics import Scope
from storage.tables import BlockingPoint

AT_LEAST = 3
"""Conversations from which on a question is named."""
MOST = 8
"""Of each section."""
USUAL = timedelta(days=28)
LONGEST = timedelta(days=366)
AHEAD = timedelta(days=90)
"""How far ahead dates are told."""


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included."""

    since: date
    until: date

    def holds(self, day: date | None) -> bool:
        return day is not None and self.since <= day <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`text` is light Markdown, `url` where all of it stands."""

    title: str
    text: str
    url: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    items: tuple[Item, ...]
    more: int = 0
    """How many of the kind are not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    place: Place
    audience: Audience | None
    period: Period
    sections: tuple[Section, ...]
    checked: int
    """Entries that somebody compared with their source in the period."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """By what an entry is seen to have changed: its dates, a hold that was lifted, wordings accepted."""

    when: Period
    held: Held
    reviewed: Held
    taught: set[str]


def period(turn: Turn, since: date | None, until: date | None) -> Period | Refused:
    """What is meant: up to today, the last four weeks, where nothing else is said."""
    last = until or turn.today
    first = since or last - USUAL + timedelta(days=1)
    if not first <= last <= turn.today or last - first > LONGEST:
        return no_period()
    return Period(first, last)


def no_period() -> Refused:
    """Said of days that are none, too."""
    return refused("letter.period", days=LONGEST.days)


def letter(turn: Turn, place: Place, audience: Audience | None, when: Period) -> Letter:
    """The draft; the same period has the same draft as long as nothing changes."""
    start, end = _bounds(turn, when)
    sections = (
        _section(turn, "asked", _asked(turn, Scope(start=start, end=end, territories=place.codes), audience)),
        _section(turn, "changes", _changes(turn, when, audience, start, end)),
        _section(turn, "dates", _dates(turn, audience)),
        _section(turn, "solved", _solved(turn, place, start, end)),
    )
    checked = sum(when.holds(one.checked) for one in _told(turn, audience))
    filled = tuple(one for one in sections if one.items)
    return Letter(place=place, audience=audience, period=when, sections=filled, checked=checked)


def _section(turn: Turn, name: str, items: list[Item]) -> Section:
    title = turn.texts(f"letter.section.{name}")
    return Section(title, tuple(items[:MOST]), max(len(items) - MOST, 0))


def _asked(turn: Turn, scope: Scope, audience: Audience | None) -> list[Item]:
    ids = letters.most_asked(turn.session, scope, audience, at_least=AT_LEAST)
    found = holds.sayable(turn, map(turn.world.knowledge.entry, ids))
    told = [one for one in found if one.handoff != "always"]
    return [_answer(turn, one, audience) for one in told[:MOST]]


def _answer(turn: Turn, entry: Entry, audience: Audience | None) -> Item:
    return Item(
        title=entry.title,
        text=opening(entry.answer_for(audience)),
        url=_url(turn, entry),
        source=entry.sources[0] if entry.sources else None,
    )


def _changes(
    turn: Turn, when: Period, audience: Audience | None, start: datetime, end: datetime
) -> list[Item]:
    """Each entry once, for the weightiest reason; those of one reason in the order of the content."""
    signs = _signs(turn, when, start, end)
    found: list[tuple[int, Item]] = []
    for entry in _of(turn.world.knowledge.entries.values(), audience):
        why = next(_reasons(turn, entry, signs), None)
        if why is not None and not signs.held.covers(entry):
            found.append((why[0], Item(title=entry.title, text=why[1], url=_url(turn, entry))))
    return [item for _, item in sorted(found, key=lambda one: one[0])]


def _signs(turn: Turn, when: Period, start: datetime, end: datetime) -> _Signs:
    over = letters.thawed(turn.session, start, end)
    reviewed = Held(
        tags=frozenset(one.target for one in over if one.kind == "tag"),
        ids=frozenset(one.target for one in over if one.kind == "entry"),
    )
    return _Signs(when, holds.current(turn), reviewed, letters.taught(turn.session, start, end))


def _reasons(turn: Turn, entry: Entry, signs: _Signs) -> Iterator[tuple[int, str]]:
    """Why an entry counts as changed, with a weight, the weightiest first."""
    in_force = entry.in_force(turn.today)
    if signs.when.holds(entry.valid_until) and not in_force:
        yield 2, turn.texts("letter.ended", day=_day(entry.valid_until))
    if not in_force:
        return
    if signs.when.holds(entry.valid_from):
        yield 1, turn.texts("letter.since", day=_day(entry.valid_from))
    if signs.reviewed.covers(entry):
        yield 3, turn.texts("letter.reviewed")
    if _dated_within(entry, signs.when):
        yield 4, turn.texts("letter.dated", date=Raw(entry.information_date() or ""))
    if entry.id in signs.taught:
        yield 5, turn.texts("letter.taught")


def _dated_within(entry: Entry, when: Period) -> bool:
    """Whether the fact is of the period; of a fact of which only the year is known nobody can tell."""
    if entry.as_of is None or len(entry.as_of) == 4:
        return False
    first = date.fromisoformat(entry.as_of if len(entry.as_of) == 10 else f"{entry.as_of}-01")
    return when.holds(first)


def _dates(turn: Turn, audience: Audience | None) -> list[Item]:
    """Days to come that the content knows, the next first."""
    known: list[tuple[date, Item]] = []
    held = holds.current(turn)
    for entry in _of(turn.world.knowledge.entries.values(), audience):
        for day, key in ((entry.valid_from, "letter.from"), (entry.valid_until, "letter.until")):
            if day is not None and turn.today < day <= turn.today + AHEAD and not held.covers(entry):
                text = turn.texts(key, day=_day(day))
                known.append((day, Item(title=entry.title, text=text, url=_url(turn, entry))))
    return [item for _, item in sorted(known, key=lambda one: (one[0], one[1].title))]


def _solved(turn: Turn, place: Place, start: datetime, end: datetime) -> list[Item]:
    """What stopped people here, or nobody said where, and does no more."""
    points = letters.solved(turn.session, start, end)
    extents = blocking.extents(turn.session, [one.id for one in points])

    def is_here(point: BlockingPoint) -> bool:
        extent = extents.get(point.id)
        places = extent.territories if extent is not None else ()
        return place.codes is None or not places or not place.codes.isdisjoint(places)

    return [Item(title=one.title, text=escape_lightly(one.solution or "")) for one in points if is_here(one)]


def _told(turn: Turn, audience: Audience | None) -> list[Entry]:
    return holds.sayable(turn, _of(turn.world.knowledge.entries.values(), audience))


def _of(entries: Iterable[Entry], audience: Audience | None) -> Iterator[Entry]:
    return (one for one in entries if audience is None or one.is_for(audience))


def _bounds(turn: Turn, when: Period) -> tuple[datetime, datetime]:
    """The first moment, and the first after it."""
    zone = turn.world.timezone
    first, after = when.since, when.until + timedelta(days=1)
    start, end = (datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) for day in (first, after))
    return start, end


def _url(turn: Turn, entry: Entry) -> str:
    return f"{turn.world.public_url}/fiches/{entry.id}"


def _day(day: date | None) -> str:
    return f"{day_in_words(day)} {day.year}" if day is not None else ""
