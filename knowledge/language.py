"""What we know of how people write: word lists of `content/language/`, one model for all its files.

A *pattern* is a few words that must come in this order, at most two other words between neighbours;
`a|b` accepts either word: "veux|vais mourir|crever".
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Line = Annotated[str, Field(min_length=1, max_length=1000)]
Lines = tuple[Line, ...]


def _nothing() -> Mapping[str, Lines]:
    return MappingProxyType({})


class Elsewhere(BaseModel):
    """Another office that people take us for: what names it, and the sentence that points to its door."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    says: Line
    """Light Markdown; an address only where it is official and well known."""
    patterns: Annotated[Lines, Field(min_length=1)]
    """Point to it once a message is known not to be about us."""
    surely: Lines = ()
    """Patterns that are never about us, unless something else in the message is."""


class Language(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    # How people spell
    sms: Mapping[Line, Line] = Field(default_factory=lambda: MappingProxyType({}))
    """What a shortened word stands for."""
    sms_unsure: Mapping[Line, Line] = Field(default_factory=lambda: MappingProxyType({}))
    """The same for one- and two-letter words that may be something else: read so only in SMS company."""
    stop_words: Lines = ()
    known_words: Lines = ()
    """Common words that are never taken for a misspelt word of ours; several to a line."""
    synonyms: Mapping[Line, Lines] = Field(default_factory=_nothing)
    """Words of the same meaning, read as the first one."""
    kinds: Mapping[Line, Lines] = Field(default_factory=_nothing)
    """Words for things of one kind: each is read as itself and as its kind."""
    politeness: Lines = ()
    """Patterns that say nothing of the question."""

    # Doors before the entries
    said: Mapping[Line, Lines] = Field(default_factory=_nothing)
    """What people write who need a door (distress, human, casework): learnt, beside the patterns."""
    said_not: Mapping[Line, Lines] = Field(default_factory=_nothing)
    """What looks like it and needs none."""
    door_entries: Mapping[Line, Lines] = Field(default_factory=_nothing)
    """Entries about the same thing as a door: their messages may go through it."""
    smalltalk: Mapping[Line, Lines] = Field(default_factory=_nothing)
    """Whole messages (patterns) by kind."""
    smalltalk_said: Mapping[Line, Lines] = Field(default_factory=_nothing)
    """What people write by way of small talk, by kind: learnt, beside the patterns."""
    smalltalk_signs: Mapping[Line, Line] = Field(default_factory=lambda: MappingProxyType({}))
    """Signs (emoji) by kind, for messages without any word."""
    smalltalk_words: Lines = ()
    """Words that may go with them without making a question of it."""
    human: Lines = ()
    human_alone: Lines = ()
    """Patterns that ask for a person only when little else is said."""
    human_not: Lines = ()
    """Patterns in which the words above mean something else."""
    distress: Lines = ()
    distress_not: Lines = ()

    # What is not about us
    anchors: Lines = ()
    """Words that tie a message to the pass Culture."""
    schemes: Lines = ()
    """Names of other schemes, services and firms."""
    off_topic: Mapping[Line, Lines] = Field(default_factory=_nothing)
    """Messages that are not about us, by subject."""
    elsewhere: Mapping[Line, Elsewhere] = Field(default_factory=lambda: MappingProxyType({}))
    """Other offices by name; of several that fit, the first one counts."""
    casework: Lines = ()
    """Patterns that ask us to act on one's own case."""
    undoing: Lines = ()
    """Verbs whose negation turns a request round (« je ne veux pas supprimer »)."""
