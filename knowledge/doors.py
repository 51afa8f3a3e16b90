"""What is decided before the entries are looked at: distress, a wish for a human, small talk."""

from dataclasses import dataclass

from knowledge.language import Language
from knowledge.normalising import Normaliser, stem
from knowledge.patterns import Patterns
from knowledge.queries import Query

# A bare « un conseiller svp »; more words than that say something else.
_ALONE = 8
_SMALLTALK_WORDS = 14


@dataclass(frozen=True, slots=True)
class Door:
    """Patterns, unless they only stand where the words mean something else."""

    wanted: Patterns
    otherwise: Patterns

    def opens(self, stems: tuple[str, ...]) -> bool:
        spans = self.wanted.spans(stems)
        if not spans:
            return False
        harmless = self.otherwise.covered(stems)
        return any(not harmless.issuperset(range(*span)) and not _led_by(span, harmless) for span in spans)


def _led_by(span: tuple[int, int], harmless: set[int]) -> bool:
    return span[0] in harmless or span[1] - 1 in harmless


class Doors:
    def __init__(self, language: Language, normaliser: Normaliser) -> None:
        self._distress = Door(
            Patterns(language.distress, normaliser), Patterns(language.distress_not, normaliser)
        )
        self._human = Door(Patterns(language.human, normaliser), Patterns(language.human_not, normaliser))
        self._stop = frozenset(map(stem, normaliser.stop_words))
        self._human_alone = Patterns(language.human_alone, normaliser)
        self._smalltalk = {kind: Patterns(lines, normaliser) for kind, lines in language.smalltalk.items()}
        self._signs = {kind: frozenset(signs) for kind, signs in language.smalltalk_signs.items()}
        self._smalltalk_words = frozenset(
            stem(word) for line in language.smalltalk_words for word in normaliser.words(line)
        )

    def distress(self, query: Query) -> bool:
        return self._distress.opens(query.stems)

    def harmless(self, door: str, query: Query) -> bool:
        """Whether words that make one think of this door mean something else here."""
        known = {"distress": self._distress, "human": self._human}.get(door)
        return known is not None and bool(known.otherwise.spans(query.stems))

    def human(self, query: Query) -> bool:
        stems = query.stems
        if self._human.opens(stems):
            return True
        named = self._human_alone.covered(stems)
        said = (word for n, word in enumerate(stems) if n not in named)
        return bool(named) and len(stems) <= _ALONE and all(map(self._says_nothing, said))

    def _says_nothing(self, stem: str) -> bool:
        return stem in self._stop or stem in self._smalltalk_words

    def smalltalk(self, query: Query) -> str | None:
        """Its kind, when every word of the message belongs to small talk."""
        stems = query.stems
        if not stems:
            return next(
                (kind for kind, signs in self._signs.items() if not signs.isdisjoint(query.text)), None
            )
        if len(stems) > _SMALLTALK_WORDS:
            return None
        best: tuple[float, str] | None = None
        free = {n for n, word in enumerate(stems) if word not in self._smalltalk_words}
        for kind, patterns in self._smalltalk.items():
            covered = patterns.covered(stems)
            free -= covered
            # A greeting comes first in a message and says least of it: any other kind wins over it.
            worth = len(covered) + (0.5 if kind != "bonjour" else 0)
            if covered and (best is None or worth > best[0]):
                best = (worth, kind)
        return best[1] if best and not free else None
