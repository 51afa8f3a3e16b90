"""Refusals: expected, returned as values, said to whoever asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was done; `text` is the key of the sentence that says why, with its fields."""

    text: str
    fields: tuple[tuple[str, str], ...] = ()


def refused(text: str, **fields: object) -> Refused:
    return Refused(text, tuple((name, str(value)) for name, value in fields.items()))
