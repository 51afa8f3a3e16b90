"""The map of silence: territories, and kinds of structures there, from which nothing was heard for 90 days.

Heard of a kind of structure in a territory is, within the last 90 days: a question or a demand from there
by the audience as which that kind writes to us (those linked to a structure count for its kind alone), or a
stage that one of them came to. A territory is silent when nothing was heard of any kind. What young people
ask is no contact with a structure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers import structure_words
from handlers.pack_places import Place
from handlers.structure_words import KINDS, STUCK_AFTER
from handlers.turn import Turn
from storage import silence as stored
from storage import structures
from storage.silence import SLICES, Heard
from storage.structures import Wanted

DAYS = SLICES[-1]
_AUDIENCES = frozenset(kind.audience.value for kind in KINDS.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """One territory: when something was last heard there, within the last 90 days."""

    code: str
    name: str
    last: datetime | None
    structures: int
    stuck: int
    silent_kinds: tuple[str, ...]
    """Words of the kinds that have a structure there and of which nothing was heard."""

    @property
    def silent(self) -> bool:
        return self.last is None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietKind:
    """One kind of structure, in all the territories that are looked at."""

    words: str
    structures: int
    territories: int
    """Those with a structure of this kind."""
    silent: int
    """Those of them from which nothing was heard of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    territories: tuple[Quiet, ...]
    kinds: tuple[QuietKind, ...]

    @property
    def silent(self) -> tuple[Quiet, ...]:
        return tuple(one for one in self.territories if one.silent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partners:
    """What the week's pack tells of structures."""

    stuck: int
    silent: tuple[str, ...]
    """Names of the silent territories."""
    territories: int


def silence(turn: Turn, place: Place) -> Silence:
    """Of all territories of a place."""
    known = [one for one in turn.world.knowledge.territories.all() if _within(place, one.code)]
    codes = [one.code for one in known]
    heard = stored.heard(
        turn.session, now=turn.now, territories=codes, audiences=_AUDIENCES, enough=_every_audience
    )
    wanted = Wanted(territories=frozenset(codes))
    there = structures.places(turn.session, wanted)
    since = structure_words.stuck_since(turn, STUCK_AFTER)
    stuck = structures.places(turn.session, Wanted(territories=frozenset(codes), stuck_since=since))
    return Silence(
        territories=tuple(_quiet(one.code, one.label, heard, there, stuck) for one in known),
        kinds=tuple(_of_kind(kind, heard, there) for kind in KINDS if any(k == kind for _, k in there)),
    )


def partners(turn: Turn, place: Place) -> Partners:
    """The same in short; it reads of a territory only until somebody was heard there."""
    known = [one for one in turn.world.knowledge.territories.all() if _within(place, one.code)]
    codes = [one.code for one in known]
    heard = stored.heard(turn.session, now=turn.now, territories=codes, audiences=_AUDIENCES, enough=_anybody)
    since = structure_words.stuck_since(turn, STUCK_AFTER)
    return Partners(
        stuck=structures.count(turn.session, Wanted(territories=frozenset(codes), stuck_since=since)),
        silent=tuple(one.label for one in known if not _anybody(heard, one.code)),
        territories=len(known),
    )


def _every_audience(heard: Heard, code: str) -> bool:
    return all((code, audience) in heard.by_audience for audience in _AUDIENCES)


def _anybody(heard: Heard, code: str) -> bool:
    return any((code, audience) in heard.by_audience for audience in _AUDIENCES) or any(
        (code, kind) in heard.by_kind for kind in KINDS
    )


def _quiet(
    code: str,
    name: str,
    heard: Heard,
    there: Mapping[tuple[str, str], int],
    stuck: Mapping[tuple[str, str], int],
) -> Quiet:
    moments = [at for kind in KINDS if (at := _last(code, kind, heard)) is not None]
    return Quiet(
        code=code,
        name=name,
        last=max(moments, default=None),
        structures=sum(there.get((code, kind), 0) for kind in KINDS),
        stuck=sum(stuck.get((code, kind), 0) for kind in KINDS),
        silent_kinds=tuple(
            known.words
            for kind, known in KINDS.items()
            if (code, kind) in there and _last(code, kind, heard) is None
        ),
    )


def _of_kind(kind: str, heard: Heard, there: Mapping[tuple[str, str], int]) -> QuietKind:
    codes = [code for code, of in there if of == kind]
    return QuietKind(
        words=KINDS[kind].words,
        structures=sum(there[code, kind] for code in codes),
        territories=len(codes),
        silent=sum(_last(code, kind, heard) is None for code in codes),
    )


def _last(code: str, kind: str, heard: Heard) -> datetime | None:
    by_audience = heard.by_audience.get((code, KINDS[kind].audience.value))
    by_kind = heard.by_kind.get((code, kind))
    return max((at for at in (by_audience, by_kind) if at is not None), default=None)


def _within(place: Place, code: str) -> bool:
    return place.codes is None or code in place.codes
