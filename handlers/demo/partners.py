"""Structures that do not exist, each somewhere on a partner's way, some of them stuck."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.demo.scene import Scene
from handlers.structure_words import KINDS, STAGES
from knowledge.normalising import fold
from storage import demo
from storage.tables import Structure, StructureEvent, StructureTicket, Table, Ticket

_KINDS = ("librairie", "cinema", "theatre", "festival", "musee", "bibliotheque", "association", "lycee")
_IN_A_TERRITORY = 4
_SPARSE = 3
"""Only every third territory that nobody of the cast serves has any."""


@dataclass(frozen=True, slots=True)
class Partner:
    name: str
    kind: str


Partners = Mapping[str, Sequence[Partner]]
Way = list[tuple[str, datetime]]
"""Stages, and when each was reached."""
Row = dict[str, Any]


def invent(scene: Scene) -> Partners:
    """Some in each territory that is served, and in a few others."""
    served = {code for member in scene.cast for code in member.territories}
    found: dict[str, Sequence[Partner]] = {}
    for place, territory in enumerate(scene.turn.world.knowledge.territories.all()):
        if territory.code in served or place % _SPARSE == 0:
            kinds = scene.chance.sample(_KINDS, _IN_A_TERRITORY)
            found[territory.code] = [
                Partner(f"{KINDS[kind].words} Démo, {territory.name}", kind) for kind in kinds
            ]
    return found


def write(scene: Scene, partners: Partners) -> None:
    """Their ways from stage to stage, and the demands that are about them."""
    rows: dict[type[Table], list[Row]] = {Structure: [], StructureEvent: [], StructureTicket: []}
    numbers: dict[tuple[str | None, str | None], int] = {}
    for code, here in partners.items():
        by_id = scene.serving(code).id
        for one in here:
            number = numbers[code, one.name] = len(numbers) + 1
            way = _way(scene)
            rows[Structure].append(_structure(number, code, one, way))
            rows[StructureEvent] += _history(number, way, by_id, len(rows[StructureEvent]))
    rows[StructureTicket] = [
        {"ticket_number": ticket, "structure_id": numbers[where]}
        for ticket, where in _asked(scene)
        if where in numbers
    ]
    demo.write(scene.turn.session, rows)


def _way(scene: Scene) -> Way:
    """From the first stage to where it stands; most go on within weeks."""
    reached = scene.chance.choices(range(len(STAGES)), (1, 1, 2, 1, 2, 2, 14))[0]
    at = scene.ago(days=scene.chance.randint(20, 300))
    first, *others = list(STAGES)[: reached + 1]
    way = [(first, at)]
    for stage in others:
        at = min(at + timedelta(days=scene.chance.expovariate(1 / 18)), scene.ago(days=1))
        way.append((stage, at))
    return way


def _structure(number: int, code: str, one: Partner, way: Way) -> Row:
    (_, added), (stage, since) = way[0], way[-1]
    known = {"id": number, "name": one.name, "folded": fold(one.name), "kind": one.kind, "territory": code}
    return known | {"stage": stage, "since": since.date(), "added_at": added}


def _history(number: int, way: Way, by_id: int, before: int) -> list[Row]:
    """One line for each stage; `before` is how many lines others have."""
    return [
        {
            "id": before + place,
            "structure_id": number,
            "at": at,
            "what": "stage" if place > 1 else "added",
            "stage": stage,
            "reached": at.date(),
            "by_id": by_id,
        }
        for place, (stage, at) in enumerate(way, start=1)
    ]


def _asked(scene: Scene) -> list[tuple[int, tuple[str | None, str | None]]]:
    """Each demand's number, and the territory and name of the structure that it names, if any."""
    asked = scene.turn.session.query(Ticket.number, Ticket.territory, Ticket.structure)
    return [(number, (territory, name)) for number, territory, name in asked]
