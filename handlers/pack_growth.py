"""Which entries and themes are new or growing in a week, by what people call them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from handlers.turn import Turn
from knowledge.trends import rising

_THEME = "theme:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A theme or an entry that is new or growing."""

    kind: Literal["theme", "entry"]
    id: str
    name: str
    now: int
    usual: float

    @property
    def new(self) -> bool:
        return self.usual == 0


def growing(turn: Turn, now: Counter[str | None], weeks: Sequence[Counter[str | None]]) -> tuple[Growth, ...]:
    """Entries that questions are near to, and their themes, tested together.

    A theme only where none of its entries says it already.
    """
    by_entry = [_named(one) for one in (now, *weeks)]
    by_theme = [_themed(turn, one) for one in (now, *weeks)]
    found = [
        *rising(by_entry[0], by_entry[1:]),
        *rising(by_theme[0], by_theme[1:]),
    ]
    told = {_THEME + (theme_of(turn, one.key) or "") for one in found if not one.key.startswith(_THEME)}
    return tuple(
        Growth(
            kind="theme" if one.key.startswith(_THEME) else "entry",
            id=one.key.removeprefix(_THEME),
            name=name_of(turn, one.key),
            now=one.now,
            usual=one.usual,
        )
        for one in found
        if one.key not in told
    )


def _named(counts: Counter[str | None]) -> dict[str, int]:
    return {key: times for key, times in counts.items() if key is not None}


def _themed(turn: Turn, counts: Counter[str | None]) -> Counter[str]:
    themes: Counter[str] = Counter()
    for key, times in counts.items():
        theme = theme_of(turn, key)
        if theme is not None:
            themes[_THEME + theme] += times
    return themes


def name_of(turn: Turn, key: str) -> str:
    if key.startswith(_THEME):
        return turn.world.knowledge.themes.get(key.removeprefix(_THEME), key)
    entry = turn.world.knowledge.entry(key)
    return entry.title if entry is not None else key


def theme_of(turn: Turn, entry_id: str | None) -> str | None:
    entry = turn.world.knowledge.entry(entry_id) if entry_id is not None else None
    return entry.theme if entry is not None else None
