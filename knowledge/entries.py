"""What one entry is: a question that we can answer, how people ask it, and what we say.

The models are the format of `content/entries/*.yaml`, one to one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from knowledge.language import Language
from knowledge.territories import Territories
from knowledge.texts import Texts

if TYPE_CHECKING:
    from knowledge.complements import Complement  # which are made of entries' parts
    from knowledge.examples import Message
    from knowledge.guides import Guide
    from knowledge.replies import ReplyTemplate

ANSWER_WISHED = 900
ANSWER_LIMIT = 3500
TITLE_LIMIT = 120
TO_FILL_IN = "TODO"
"""What the draft of an entry holds where its author must write: no word of anybody's question."""
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


class Audience(StrEnum):
    """Who asks. An entry may also list "general": anybody."""

    JEUNE = "jeune"
    RELAIS = "relais"
    PARTENAIRE = "partenaire"
    COLLECTIVITE = "collectivite"


def _a_date(value: object) -> object:
    # pydantic would read a bare number as seconds since 1970.
    if isinstance(value, int | float):
        raise ValueError('une date s\'écrit entre guillemets : "2026-11-22"')
    return value


def _web_address(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"]+", url):
        raise ValueError("l'adresse doit commencer par https:// (ou http://) et ne contenir aucun espace")
    return url


AudienceName = Literal["jeune", "relais", "partenaire", "collectivite", "general"]
Line = Annotated[str, Field(min_length=1, max_length=500)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Day = Annotated[date, BeforeValidator(_a_date)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Model):
    title: Line
    url: Annotated[str, AfterValidator(_web_address)]


class Limits(_Model):
    """The only ages and years that the answer is about; empty = no limit."""

    ages: tuple[Annotated[int, Field(ge=0, le=120)], ...] = ()
    years: tuple[Annotated[int, Field(ge=2015, le=2100)], ...] = ()


class Entry(_Model):
    id: Identifier
    theme: Identifier
    audiences: Annotated[tuple[AudienceName, ...], Field(min_length=1)]
    title: Annotated[str, Field(min_length=3, max_length=TITLE_LIMIT)]
    tags: tuple[Line, ...] = ()
    keywords: tuple[Line, ...] = ()
    phrasings: Annotated[tuple[Line, ...], Field(min_length=1)]
    negatives: tuple[Line, ...] = ()
    answer: Annotated[str, Field(min_length=1, max_length=ANSWER_LIMIT)]
    variants: Mapping[Audience, Annotated[str, Field(min_length=1, max_length=ANSWER_LIMIT)]] = Field(
        default_factory=lambda: MappingProxyType({})
    )
    facile: Annotated[str, Field(min_length=1, max_length=ANSWER_LIMIT)] | None = None
    """The same answer in easy-to-read French, where there is one."""
    sources: tuple[Source, ...] = ()
    as_of: Annotated[str, Field(pattern=r"^20\d\d(-(0[1-9]|1[0-2])(-\d\d)?)?$")] | None = None
    """Date of the fact in its source: a year, a month or a day."""
    checked: Day | None = None
    """When somebody compared the answer with its source."""
    valid_from: Day | None = None
    valid_until: Day | None = None
    only: Limits = Limits()
    handoff: Literal["after_answer", "always"] | None = None
    related: tuple[Identifier, ...] = ()
    also: tuple[Identifier, ...] = ()
    """Entries that answer the same messages as well as this one: their likeness is no mistake."""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.handoff != "always" and not (self.sources and self.as_of):
            raise ValueError("il manque `sources` ou `as_of` (permis seulement avec `handoff: always`)")
        if self.checked and self.as_of and self.as_of > self.checked.isoformat()[: len(self.as_of)]:
            raise ValueError("`checked` est antérieur à `as_of` : on n'a pu vérifier que ce qui existait")
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("`valid_until` est antérieur à `valid_from`")
        if self.as_of and len(self.as_of) == 10:
            date.fromisoformat(self.as_of)
        return self

    def answer_for(self, audience: Audience | None) -> str:
        """The answer in light Markdown, in the wording for `audience` where there is one."""
        return self.answer if audience is None else self.variants.get(audience, self.answer)

    def is_for(self, audience: Audience) -> bool:
        return audience in self.audiences or "general" in self.audiences

    def in_force(self, on: date) -> bool:
        """Whether the answer may be given on that day."""
        return (self.valid_from or date.min) <= on <= (self.valid_until or date.max)

    def to_confirm(self, on: date) -> bool:
        """Whether the information is older than twelve months, counted from the end of `as_of`."""
        return is_old(self.as_of, on)

    def information_date(self) -> str | None:
        """« de 2026 », « d'août 2026 », « du 3 mars 2026 »; None without a date."""
        return in_words(self.as_of)


def is_old(as_of: str | None, on: date) -> bool:
    """Whether twelve months have gone by since the end of `as_of`."""
    if as_of is None:
        return False
    year, month, day = _parts(as_of)
    return (year + 1, month or 12, day or 31) < (on.year, on.month, on.day)


def in_words(as_of: str | None) -> str | None:
    """« de 2026 », « d'août 2026 », « du 3 mars 2026 »."""
    if as_of is None:
        return None
    year, month, day = _parts(as_of)
    if month is None:
        return f"de {year}"
    name = MONTHS[month - 1]
    if day is not None:
        return f"du {'1er' if day == 1 else day} {name} {year}"
    return f"d'{name} {year}" if name[0] in "ao" else f"de {name} {year}"


def _parts(as_of: str) -> tuple[int, int | None, int | None]:
    year, month, day = ([int(part) for part in as_of.split("-")] + [0, 0])[:3]
    return year, month or None, day or None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeBase:
    """All content of one version."""

    entries: Mapping[str, Entry]
    """By id, in the order of the content."""
    themes: Mapping[str, str]
    """Titles by id."""
    hash: str
    """Of the whole content."""
    lessons: str
    """Hash of what is learnt from: a sentence of the robot's own may change without anything to learn."""
    texts: Texts
    territories: Territories
    language: Language
    suggestions: Mapping[str, tuple[str, ...]]
    """Ids of frequently asked entries, by audience and "general"."""
    guides: Mapping[str, "Guide"] = field(default_factory=lambda: MappingProxyType({}))
    complements: tuple["Complement", ...] = ()
    examples: tuple["Message", ...] = ()
    """Labelled messages, which nothing is learnt from but how sure to be."""
    templates: Mapping[str, "ReplyTemplate"] = field(default_factory=lambda: MappingProxyType({}))

    def entry(self, entry_id: str) -> Entry | None:
        return self.entries.get(entry_id)

    def frequent(self, audience: Audience | None = None) -> tuple[Entry, ...]:
        """Questions to suggest before anything was asked, the most asked first."""
        ids = self.suggestions.get(audience or "general") or self.suggestions.get("general", ())
        return tuple(self.entries[entry_id] for entry_id in ids)
