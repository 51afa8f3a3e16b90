"""What structures are called: their kinds, the stages of their way, and how people write both."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.turn import Turn
from knowledge.entries import Audience
from knowledge.normalising import fold


@dataclass(frozen=True, slots=True)
class Kind:
    """`audience` is the one as which a structure of this kind writes to us."""

    words: str
    audience: Audience


KINDS: Mapping[str, Kind] = {
    "librairie": Kind("Librairie", Audience.PARTENAIRE),
    "cinema": Kind("Cinéma", Audience.PARTENAIRE),
    "theatre": Kind("Théâtre", Audience.PARTENAIRE),
    "concert": Kind("Salle de concert", Audience.PARTENAIRE),
    "festival": Kind("Festival", Audience.PARTENAIRE),
    "musee": Kind("Musée ou monument", Audience.PARTENAIRE),
    "bibliotheque": Kind("Bibliothèque", Audience.PARTENAIRE),
    "ecole": Kind("École ou conservatoire", Audience.PARTENAIRE),
    "association": Kind("Association", Audience.PARTENAIRE),
    "artiste": Kind("Artiste ou compagnie", Audience.PARTENAIRE),
    "college": Kind("Collège", Audience.RELAIS),
    "lycee": Kind("Lycée", Audience.RELAIS),
    "mission": Kind("Mission locale", Audience.RELAIS),
    "collectivite": Kind("Collectivité", Audience.COLLECTIVITE),
    "autre": Kind("Autre", Audience.PARTENAIRE),
}
STAGES: Mapping[str, str] = {
    "asked": "compte demandé",
    "validated": "compte validé",
    "bank": "coordonnées bancaires",
    "adage": "ADAGE",
    "offer": "première offre",
    "booking": "première réservation",
    "reimbursed": "premier remboursement",
}
"""In the order in which they are reached; one may be left out."""
STUCK_AFTER = 30
"""Days at one stage after which a structure is said to be stuck, where nobody chose another number."""
OLDEST = date(2018, 1, 1)
"""Before the pass Culture there was nothing to reach."""
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_FRENCH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_WORD = re.compile(r"[a-z0-9]+")


def kind_of(words: str) -> str | None:
    """« Cinémas », « musée »: the kind's id."""
    return _meant(words, {kind: known.words for kind, known in KINDS.items()})


def stage_of(words: str) -> str | None:
    """« Première offre », « validé », « offer », « 5 »: the stage's id."""
    number = words.strip()
    if number.isascii() and number.isdigit() and 1 <= int(number[:3]) <= len(STAGES):
        return list(STAGES)[int(number) - 1]
    return _meant(words, STAGES)


def is_behind(stage: str, other: str) -> bool:
    """Whether a stage comes before another."""
    order = list(STAGES)
    return order.index(stage) < order.index(other)


def following(stage: str) -> str | None:
    order = list(STAGES)
    after = order[order.index(stage) + 1 :]
    return after[0] if after else None


def territory_of(turn: Turn, words: str) -> str | None:
    """A code, also without its zero, or a whole name: nothing is guessed."""
    known = turn.world.knowledge.territories
    found = known.by_code(words.strip().zfill(2))
    if found is not None:
        return found.code
    named = [one.code for one in known.all() if fold(words.strip()) in (fold(one.name), fold(one.label))]
    return named[0] if len(named) == 1 else None


def day_of(words: str) -> date | None:
    """« 24/11/2026 » or « 2026-11-24 »."""
    iso, french = _ISO.fullmatch(words.strip()), _FRENCH.fullmatch(words.strip())
    numbers = iso.groups() if iso is not None else french.groups()[::-1] if french is not None else None
    if numbers is None:
        return None
    try:
        return date(*(int(number) for number in numbers))
    except ValueError:
        return None


def stuck_since(turn: Turn, days: int) -> date:
    """The last day on which what is stuck « for more than `days` days » came to its stage."""
    return turn.today - timedelta(days=days + 1)


def _meant(words: str, known: Mapping[str, str]) -> str | None:
    """By id, by the whole name, or by a word of it that no other name holds; plurals too."""
    wanted = _words(words)
    if not wanted:
        return None
    for one, name in known.items():
        if wanted in (_words(one), _words(name)):
            return one
    holding = [one for one, name in known.items() if set(wanted) <= set(_words(name))]
    return holding[0] if len(holding) == 1 else None


def _words(text: str) -> list[str]:
    return [word.removesuffix("s") for word in _WORD.findall(fold(text))]
