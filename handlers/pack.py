"""The week's pack: what the meeting needs to know of a week, for one place, computed once for every door.

It holds no name of anybody, and of what people wrote only the masked wordings that stand in « Sans réponse ».
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from handlers import meeting
from handlers.blocking import days_old
from handlers.meeting import Agreed
from handlers.pack_gaps import Gap, gaps
from handlers.pack_growth import Growth, growing, name_of, theme_of
from handlers.pack_peers import Peers, peers
from handlers.pack_places import Place
from handlers.quality_figures import Quality, quality_until
from handlers.routing import territory_name
from handlers.silence import Partners, partners
from handlers.turn import Turn
from handlers.week import Week
from knowledge.advice import stale
from storage import blocking, demo, outbox, queue, statistics, statistics_desk, unanswered
from storage.statistics import Scope, Tally
from storage.statistics_desk import Desk
from storage.tables import Referent

WEEKS_BEFORE = 4
STALE = 12
"""Entries to look at that are listed."""
UNHELPFUL = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What falls to one audience, theme or territory; `id` is None for what is not known."""

    id: str | None
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class ToLookAt:
    """An entry whose dates or answers somebody should look at."""

    id: str
    title: str
    why: str
    asked: int
    helped: int
    unhelpful: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A blocking point that is not solved: how long it has lasted, and for how many."""

    id: int
    title: str
    days: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    week: Week
    place: Place
    over: bool
    """Whether the week is over; else the figures are those so far."""
    whole: Tally
    before: tuple[int, ...]
    """Questions of each of the weeks before, the oldest first; of those that are kept."""
    audiences: tuple[Part, ...]
    themes: tuple[Part, ...]
    territories: tuple[Part, ...]
    desk: Desk
    over_target: int
    """Demands whose promised reply is over now."""
    growing: tuple[Growth, ...]
    peers: Peers | None
    """Comparable territories; None for several, or when there are too few."""
    in_vain: int
    """Questions that nobody of ours answered."""
    gaps: tuple[Gap, ...]
    """Those put together by likeness; none where nothing is quoted."""
    unhelpful: tuple[ToLookAt, ...]
    stale: tuple[ToLookAt, ...]
    stale_count: int
    set_aside: int
    """Events that could not be handled, and messages that could not be delivered."""
    blocked: tuple[Blocked, ...]
    """Those of these territories, the oldest first."""
    actions: tuple[Agreed, ...]
    """What the meeting agreed and is not done."""
    partners: Partners
    """Structures that are stuck, and territories of which nothing was heard."""
    demonstration: bool = False
    """Whether all of it is made up."""
    quality: Quality
    """What was judged of automatic answers, of this week and those before; of everywhere."""

    @property
    def usual(self) -> float | None:
        """Questions in a usual week; None without one before."""
        return sum(self.before) / len(self.before) if self.before else None


def pack(
    turn: Turn, week: Week, place: Place, reader: Referent | None = None, *, quoting: bool = True
) -> Pack:
    """The figures of a week at a place; an empty week has a pack like every other.

    Without `quoting` no words of anybody are read, and it costs some hundredths of a second.
    """
    zone = turn.world.timezone
    scope = Scope(start=week.begins(zone), end=week.ends(zone), territories=place.codes)
    entries = statistics.tallies(turn.session, scope, "entry")
    near = statistics.tallies(turn.session, scope, "nearest")
    weeks = _weeks_before(turn, week, place)
    desk = statistics_desk.desk(turn.session, scope)
    old, old_count = _stale(turn, entries)
    return Pack(
        week=week,
        place=place,
        over=scope.end <= turn.now,
        whole=sum(entries.values(), Tally()),
        before=tuple(one.total() for one in reversed(weeks)),
        audiences=_audiences(turn, scope),
        themes=_themes(turn, near),
        territories=_territories(turn, scope),
        desk=desk,
        over_target=statistics_desk.over_target(turn.session, scope, turn.now),
        growing=growing(turn, _counts(near), weeks),
        peers=peers(turn, scope),
        in_vain=unanswered.count_within(turn.session, scope),
        gaps=gaps(turn, scope) if quoting else (),
        unhelpful=_unhelpful(turn, entries),
        stale=old,
        stale_count=old_count,
        set_aside=len(queue.parked(turn.session)) + outbox.counts(turn.session).get("failed", 0),
        blocked=_blocked(turn, place),
        actions=tuple(meeting.still_open(turn, reader)),
        demonstration=demo.is_one(turn.session),
        quality=quality_until(turn, week),
        partners=partners(turn, place),
    )


def _weeks_before(turn: Turn, week: Week, place: Place) -> list[Counter[str | None]]:
    """Counts by the nearest entry of the weeks before, the last first; none from before anything was kept."""
    zone, first = turn.world.timezone, statistics.first(turn.session)
    earlier = [week.earlier(back) for back in range(1, WEEKS_BEFORE + 1)]
    kept = [one for one in earlier if first is not None and one.ends(zone) > first]
    scopes = [Scope(start=one.begins(zone), end=one.ends(zone), territories=place.codes) for one in kept]
    return [statistics.asked(turn.session, scope, "nearest") for scope in scopes]


def _counts(entries: Mapping[str | None, Tally]) -> Counter[str | None]:
    return Counter({key: tally.total for key, tally in entries.items()})


def _audiences(turn: Turn, scope: Scope) -> tuple[Part, ...]:
    found = statistics.tallies(turn.session, scope, "audience")
    return _parts({key: (turn.texts(f"audience.{key or 'unknown'}"), tally) for key, tally in found.items()})


def _territories(turn: Turn, scope: Scope) -> tuple[Part, ...]:
    found = statistics.tallies(turn.session, scope, "territory")
    return _parts({key: (territory_name(turn, key), tally) for key, tally in found.items()})


def _themes(turn: Turn, near: Mapping[str | None, Tally]) -> tuple[Part, ...]:
    """Of a question that nothing answered, the theme of the entry that it is nearest to, if there is one."""
    names, found = turn.world.knowledge.themes, dict[str | None, tuple[str, Tally]]()
    for entry_id, tally in near.items():
        theme = theme_of(turn, entry_id)
        name = names.get(theme or "", turn.texts("week.no_theme"))
        found[theme] = (name, found.get(theme, (name, Tally()))[1] + tally)
    return _parts(found)


def _parts(found: Mapping[str | None, tuple[str, Tally]]) -> tuple[Part, ...]:
    """The largest first, what is not known last."""
    parts = [Part(id=key, name=name, tally=tally) for key, (name, tally) in found.items()]
    return tuple(sorted(parts, key=lambda one: (one.id is None, -one.tally.total, one.name)))


def _unhelpful(turn: Turn, entries: Mapping[str | None, Tally]) -> tuple[ToLookAt, ...]:
    """Answers that were said not to help, the most often first."""
    found = [(key, tally) for key, tally in entries.items() if key is not None and tally.unhelpful]
    found.sort(key=lambda one: (-one[1].unhelpful, -one[1].total, one[0]))
    return tuple(_to_look_at(turn, key, "", tally) for key, tally in found[:UNHELPFUL])


def _stale(turn: Turn, entries: Mapping[str | None, Tally]) -> tuple[tuple[ToLookAt, ...], int]:
    """Entries whose dates need somebody to look: those that were read most first, and how many there are."""
    known = turn.world.knowledge.entries.values()
    old = [(one.id, why) for one in known if (why := stale(one, turn.today)) is not None]
    old.sort(key=lambda one: (-entries.get(one[0], Tally()).total, one[0]))
    listed = tuple(_to_look_at(turn, key, why, entries.get(key, Tally())) for key, why in old[:STALE])
    return listed, len(old)


def _to_look_at(turn: Turn, entry_id: str, why: str, tally: Tally) -> ToLookAt:
    return ToLookAt(
        id=entry_id,
        title=name_of(turn, entry_id),
        why=why,
        asked=tally.total,
        helped=tally.helped,
        unhelpful=tally.unhelpful,
    )


def _blocked(turn: Turn, place: Place) -> tuple[Blocked, ...]:
    """Those that stop somebody here, and those of which nobody said where."""
    points = blocking.listed(turn.session, blocking.Wanted(states=blocking.OPEN))
    known = blocking.extents(turn.session, [point.id for point in points])
    extents = [known.get(point.id, blocking.Extent(0, ())) for point in points]
    return tuple(
        Blocked(id=point.id, title=point.title, days=days_old(turn, point), people=extent.people)
        for point, extent in zip(points, extents, strict=True)
        if place.codes is None or not extent.territories or not place.codes.isdisjoint(extent.territories)
    )
