"""For which places somebody reads the week's pack: all they serve at once, or one territory alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.routing import territory_name
from handlers.turn import Turn
from storage import directory
from storage.rights import Right, may
from storage.tables import Referent

EVERYWHERE = "france"
MINE = "miens"


@dataclass(frozen=True, slots=True)
class Place:
    """`codes`: None is everywhere, questions from nowhere known included."""

    id: str
    name: str
    codes: frozenset[str] | None


def everywhere(turn: Turn) -> Place:
    return Place(EVERYWHERE, turn.texts("week.everywhere"), None)


def territory(turn: Turn, code: str) -> Place | None:
    """One territory, whether somebody serves it or not; None when there is none of this code."""
    known = turn.world.knowledge.territories.by_code(code)
    return Place(known.code, known.label, frozenset({known.code})) if known is not None else None


def places(turn: Turn, reader: Referent) -> tuple[Place, ...]:
    """What this reader may choose among; the first is theirs without a choice. Never empty."""
    if may(reader, Right.ALL_TICKETS) or may(reader, Right.CONTENT):
        codes: Sequence[str] = [one.code for one in turn.world.knowledge.territories.all()]
        whole = everywhere(turn)
    elif may(reader, Right.REGION_TICKETS):
        codes = directory.reach_of(turn.session, reader.id)
        whole = _several(turn, codes)
    else:
        codes = directory.territories_of(turn.session, reader.id)
        whole = _several(turn, codes)
    each = (territory(turn, code) for code in codes)
    single = tuple(one for one in each if one is not None)
    return single if len(single) == 1 else (whole, *single)


def _several(turn: Turn, codes: Sequence[str]) -> Place:
    """All that somebody serves; without any, a place where nothing happens."""
    names = ", ".join(territory_name(turn, code) for code in codes)
    return Place(MINE, names or turn.texts("week.nowhere"), frozenset(codes))
