"""What was asked in vain in a week, put together by likeness, with two wordings of each group."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.turn import Turn
from knowledge import overlay
from storage import unanswered
from storage.statistics import Scope

READ = 400
"""Questions that are put together, the newest ones: some tenths of a second."""
GROUPS = 8
QUOTED = 2
LONGEST = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Questions that say much the same and that nobody of ours answered."""

    id: int
    """The question at its centre: its page in « Sans réponse »."""
    count: int
    quotes: tuple[str, ...]
    """Masked when they were written down, the most central first."""


def gaps(turn: Turn, scope: Scope) -> tuple[Gap, ...]:
    """The groups with the most questions; what the content says by now is none."""
    from knowledge.grouping import grouped  # scipy: no command and no start needs it

    asked = unanswered.within(turn.session, scope, limit=READ)
    asked = overlay.not_known(turn.world.knowledge, asked)
    found = grouped([one.text for one in asked], turn.world.knowledge.language)
    return tuple(
        Gap(
            id=asked[group.members[0]].id,
            count=len(group.members),
            quotes=_quotes([asked[number].text for number in group.members]),
        )
        for group in found[:GROUPS]
    )


def _quotes(texts: Sequence[str]) -> tuple[str, ...]:
    different = dict.fromkeys(" ".join(text.split()) for text in texts)
    return tuple(_cut(text) for text in list(different)[:QUOTED])


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
