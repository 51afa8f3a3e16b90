"""A guide: a small decision tree asked step by step (*parcours*). Each leaf answers, or hands over.

The models are the format of `content/guides/*.yaml`, one guide a file.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge.entries import ANSWER_LIMIT, MONTHS, Audience, Day, Identifier, Line, Source
from knowledge.normalising import fold

OLDEST = 120
HIDDEN = {"birth": "[date de naissance]", "siret": "[SIRET]"}
"""What is kept of such an answer in its place."""
_LA_POSTE = "356000000"
_NUMBERS = re.compile(r"\d+")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Way(_Model):
    """A button of a step, and the step or leaf that it leads to."""

    label: Annotated[str, Field(min_length=1, max_length=64)]
    go: Identifier


class Step(_Model):
    """One question: answered by a button, or by a birth date or a SIRET that is used and forgotten."""

    ask: Annotated[str, Field(min_length=1, max_length=900)]
    choices: tuple[Way, ...] = ()
    input: Literal["birth", "siret"] | None = None
    bands: Mapping[str, Identifier] = Field(default_factory=dict)
    """birth: « 0-14 », « 17 », « 21-120 » (full years); siret: « valid » and « doubtful »."""

    @model_validator(mode="after")
    def _answerable(self) -> Self:
        if self.input is None and not self.choices:
            raise ValueError("une étape a besoin de `choices` ou de `input`")
        if self.input == "siret" and set(self.bands) != {"valid", "doubtful"}:
            raise ValueError("`bands` d'un SIRET : « valid » et « doubtful »")
        if self.input == "birth":
            ages = [age for band in self.bands for age in _ages(band)]
            if sorted(ages) != list(range(OLDEST + 1)):
                raise ValueError(f"`bands` doit couvrir chaque âge de 0 à {OLDEST}, une seule fois")
        return self

    def ways(self) -> Iterator[tuple[str, str]]:
        """What may be answered, and where it leads."""
        for way in self.choices:
            yield way.label, way.go
        yield from self.bands.items()

    def read(self, text: str, today: date) -> tuple[str, str] | None:
        """The band of a birth date or SIRET that somebody typed, and where it leads; None: not understood."""
        if self.input == "siret":
            right = read_siret(text)
            band = None if right is None else "valid" if right else "doubtful"
        else:
            age = read_birth(text, today) if self.input == "birth" else None
            band = None if age is None else next(one for one in self.bands if age in _ages(one))
        return None if band is None else (band, self.bands[band])


class Leaf(_Model):
    """Where a guide ends: an entry, an answer of its own with its source, or a hand-over."""

    entry: Identifier | None = None
    answer: Annotated[str, Field(min_length=1, max_length=ANSWER_LIMIT)] | None = None
    sources: tuple[Source, ...] = ()
    as_of: Annotated[str, Field(pattern=r"^20\d\d(-(0[1-9]|1[0-2])(-\d\d)?)?$")] | None = None
    checked: Day | None = None
    handoff: bool = False
    """Hands over with the answers given, after `answer` if there is one."""
    related: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _ends_somewhere(self) -> Self:
        if self.entry is not None and (self.answer or self.handoff):
            raise ValueError("une feuille renvoie à une fiche (`entry`), ou répond elle-même : pas les deux")
        if self.entry is None and not self.answer and not self.handoff:
            raise ValueError("une feuille a besoin de `entry`, `answer` ou `handoff`")
        if self.answer and not self.handoff and not (self.sources and self.as_of):
            raise ValueError("une réponse a besoin de `sources` et de `as_of`")
        return self


class Guide(_Model):
    id: Identifier
    title: Annotated[str, Field(min_length=3, max_length=64)]
    theme: Identifier
    audiences: Annotated[tuple[Audience | Literal["general"], ...], Field(min_length=1)]
    offered_by: tuple[Identifier, ...] = ()
    """Entries whose answer offers this guide."""
    phrasings: tuple[Line, ...] = ()
    start: Identifier
    steps: Annotated[Mapping[Identifier, Step], Field(min_length=1)]
    leaves: Annotated[Mapping[Identifier, Leaf], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        both = set(self.steps) & set(self.leaves)
        if both:
            raise ValueError(f"« {min(both)} » est à la fois une étape et une feuille")
        targets = {self.start} | {go for step in self.steps.values() for _, go in step.ways()}
        unknown = targets - set(self.steps) - set(self.leaves)
        if unknown:
            raise ValueError(f"« {min(unknown)} » n'est ni une étape ni une feuille")
        unreached = (set(self.steps) | set(self.leaves)) - targets
        if unreached:
            raise ValueError(f"rien ne mène à « {min(unreached)} »")
        if self.start not in self.steps:
            raise ValueError("`start` doit être une étape")
        for _ in self.paths():
            pass
        return self

    def is_for(self, audience: Audience) -> bool:
        return audience in self.audiences or "general" in self.audiences

    def paths(self) -> Iterator[tuple[tuple[str, str], ...]]:
        """Every way through: (step, answer) pairs, the last pair ("", leaf). ValueError on a circle."""
        yield from self._from(self.start, ())

    def _from(self, name: str, walked: tuple[tuple[str, str], ...]) -> Iterator[tuple[tuple[str, str], ...]]:
        if name in self.leaves:
            yield (*walked, ("", name))
            return
        if any(step == name for step, _ in walked):
            raise ValueError(f"le parcours tourne en rond à l'étape « {name} »")
        for answer, go in self.steps[name].ways():
            yield from self._from(go, (*walked, (name, answer)))


def age_on(born: date, day: date) -> int:
    """Full years on that day; somebody born on 29 February grows older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def read_birth(text: str, today: date) -> int | None:
    """The age in full years from « 17 », « 17 ans », « 3 mai 2009 », « 03/05/2009 », « 2009-05-03 ».

    None when it is neither, or cannot be true. A year alone is not enough: it would be a guess.
    """
    folded = fold(text)
    numbers = [int(number) for number in _NUMBERS.findall(folded)]
    months = [n for n, name in enumerate(MONTHS, 1) if re.search(rf"\b{fold(name)}\b", folded)]
    if len(numbers) == 1 and not months:
        return numbers[0] if numbers[0] <= OLDEST else None
    if len(numbers) == 2 and len(months) == 1:
        numbers = [numbers[0], months[0], numbers[1]]
    if len(numbers) != 3:
        return None
    day, month, year = reversed(numbers) if numbers[0] > 31 else numbers
    try:
        born = date(year, month, day)
    except ValueError:
        return None
    age = age_on(born, today)
    return age if 0 <= age <= OLDEST else None


def read_siret(text: str) -> bool | None:
    """Whether a SIRET's key is right; None when there are not fourteen digits.

    La Poste's establishments follow a rule of their own: the sum of their digits is a multiple of five.
    """
    from stdnum.fr import siret  # a fortieth of a start

    digits = "".join(_NUMBERS.findall(text))
    if len(digits) != 14:
        return None
    if digits.startswith(_LA_POSTE) and sum(map(int, digits)) % 5 == 0:
        return True
    return bool(siret.is_valid(digits))


def _ages(band: str) -> range:
    """« 15-16 » and « 17 » in full years."""
    found = re.fullmatch(r"(\d{1,3})(?:-(\d{1,3}))?", band)
    if found is None:
        raise ValueError(f"« {band} » n'est pas une tranche d'âges comme « 15-16 » ou « 17 »")
    first, last = int(found[1]), int(found[2] or found[1])
    return range(first, last + 1)
