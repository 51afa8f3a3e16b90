"""Structures that do not exist, each somewhere on a partner's way, some of them stuck."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from handlers.demo.scene import Scene
from handlers.structure_words import KINDS, STAGES
from knowledge.normalising import fold
from storage import structure_links, structures
from storage.tables import Ticket

_KINDS = ("librairie", "cinema", "theatre", "festival", "musee", "bibliotheque", "association", "lycee")
_IN_A_TERRITORY = 4
_SPARSE = 3
"""Only every third territory that nobody of the cast serves has any."""


@dataclass(frozen=True, slots=True)
class Partner:
    name: str
    kind: str


Partners = Mapping[str, Sequence[Partner]]


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
    for code, here in partners.items():
        numbers = [_write_one(scene, code, one) for one in here]
        for ticket in _asked(scene, code, [one.name for one in here]):
            named = next(place for place, one in enumerate(here) if one.name == ticket.structure)
            structure_links.link(scene.turn.session, ticket.number, numbers[named])


def _write_one(scene: Scene, code: str, one: Partner) -> int:
    """From the first stage to where it stands; most go on within weeks."""
    stages, member = list(STAGES), scene.serving(code)
    reached = scene.chance.choices(range(len(stages)), (1, 1, 2, 1, 2, 2, 14))[0]
    at = scene.ago(days=scene.chance.randint(20, 300))
    details = structures.Details(name=one.name, folded=fold(one.name), kind=one.kind, territory=code)
    made = structures.add(
        scene.turn.session, details, stage=stages[0], since=at.date(), now=at, by_id=member.id
    )
    for before, to in pairwise(stages[: reached + 1]):
        at = min(at + timedelta(days=scene.chance.expovariate(1 / 18)), scene.ago(days=1))
        structures.move(scene.turn.session, made.id, of=before, to=to, since=at.date())
        structures.note(
            scene.turn.session, made.id, "stage", now=at, by_id=member.id, stage=to, reached=at.date()
        )
    return made.id


def _asked(scene: Scene, code: str, names: Sequence[str]) -> Sequence[Ticket]:
    asked = scene.turn.session.query(Ticket)
    return asked.filter(Ticket.territory == code, Ticket.structure.in_(names)).all()
