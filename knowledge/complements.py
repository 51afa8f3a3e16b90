"""What is added to an answer for one place: a paragraph with its own source, who wrote it, and until when.

The model is the format of `content/territoires/*.yaml`, one to one.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge.checks import markup_faults
from knowledge.documents import Document, Location
from knowledge.entries import Day, Entry, Identifier, Line, Source
from knowledge.territories import Territories, Territory

if TYPE_CHECKING:
    from knowledge.entries import KnowledgeBase

TEXT_LIMIT = 600


class Complement(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: Identifier
    territories: tuple[Line, ...] = ()
    """Codes of départements…"""
    region: Line | None = None
    """… or the name of a region, as in `territories/`: never both."""
    text: Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT)]
    """Light Markdown, as in answers."""
    link: Source | None = None
    contact: Line | None = None
    author: Line
    source: Source
    until: Day
    """The last day on which it may be said."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.territories) == bool(self.region):
            raise ValueError("il faut soit `territories`, soit `region`")
        return self

    def is_for(self, territory: Territory) -> bool:
        return territory.code in self.territories or territory.region == self.region

    def place(self, territory: Territory) -> str:
        """What it is about, named for somebody who is in `territory`."""
        return self.region or territory.name


def near(base: "KnowledgeBase", entry: Entry, territory: Territory, *, on: date) -> tuple[Complement, ...]:
    """What may be added to an entry on that day for somebody there."""
    return tuple(
        one for one in base.complements if one.entry == entry.id and one.is_for(territory) and on <= one.until
    )


def check_complement(
    complement: Complement,
    document: Document,
    location: Location,
    *,
    entries: Mapping[str, Entry],
    territories: Territories,
    today: date | None,
) -> None:
    """Reports what names nothing or cannot be shown, and what is past its day (a warning)."""
    if complement.entry not in entries:
        document.report((*location, "entry"), f"la fiche « {complement.entry} » n'existe pas")
    for message in markup_faults(complement.text):
        document.report((*location, "text"), f"« text » : {message}")
    for rank, code in enumerate(complement.territories):
        if territories.by_code(code) is None:
            document.report((*location, "territories", rank), f"territoire inconnu : « {code} »")
    if complement.region is not None and complement.region not in _regions(territories.all()):
        document.report((*location, "region"), f"région inconnue : « {complement.region} »")
    if today is not None and complement.until < today:
        message = f"complément périmé depuis le {complement.until:%d/%m/%Y} : il n'est plus montré"
        document.report((*location, "until"), message, warning=True)


def _regions(territories: Iterable[Territory]) -> set[str]:
    return {territory.region for territory in territories}
