"""Labelled messages: what people write, and what should become of it."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.entries import Audience

Expected = Literal["answer", "handoff", "human", "chitchat", "out_of_scope", "distress"]


class Message(BaseModel):
    """A labelled message; fields that we don't use (`id`, `style`) are let through."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: Annotated[str, Field(min_length=1)]
    audience: Audience | None = None
    prev: str | None = None
    expect: Expected
    entries: tuple[str, ...] = ()
    all: tuple[tuple[str, ...], ...] = ()
    near: bool | None = None
    """For what is out of scope: whether it looks like us."""

    def named(self) -> Iterator[str]:
        """Ids of all entries that it names."""
        yield from self.entries
        for part in self.all:
            yield from part
