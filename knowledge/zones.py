"""Three zones: answer, propose, hand over; and what forbids a sure answer."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.entries import Entry
from knowledge.language import Language
from knowledge.normalising import Normaliser, stem
from knowledge.patterns import Patterns
from knowledge.queries import Query

_AGE = re.compile(r"\b(\d{1,2})(?: |-)?(?:ans?|piges?)\b", re.I)
_YEAR = re.compile(r"\b(20[12]\d)\b")
_NAMED = 0.85
"""How like a name a word must be written: « navigot » is one, « insérer », read as Insee, is none."""
_NOT = frozenset(map(stem, ("ne", "n", "pas", "sans", "surtout")))
_WISH = frozenset(
    map(stem, ("veux", "voudrais", "veut", "souhaite", "voulais", "voulons", "veulent", "compte", "faut"))
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What ties a message to us, and what ties it to others."""

    anchored: bool
    foreign: frozenset[str]
    """Stems of names of other schemes."""


class Zones:
    def __init__(self, language: Language, normaliser: Normaliser, says: Callable[[str, str], bool]) -> None:
        """`says(entry_id, stem)` tells whether phrasings of an entry hold a stem."""
        self._anchors = Patterns(language.anchors, normaliser)
        self._schemes = Patterns((line for line in language.schemes if " " in line), normaliser)
        # A name alone is that very word: « électrique » is no « Electre », « insérer » no « Insee ».
        names = (name for line in language.schemes if " " not in line for name in line.split("|"))
        self._names = frozenset(word for name in names for word in normaliser.spelled(name))
        self._casework = Patterns(language.casework, normaliser)
        self._undoing = frozenset(stem(word) for line in language.undoing for word in normaliser.words(line))
        self._says = says
        self._elsewhere = {
            name: Patterns((*office.patterns, *office.surely), normaliser)
            for name, office in language.elsewhere.items()
        }
        surely = (line for office in language.elsewhere.values() for line in office.surely)
        self._surely_elsewhere = Patterns(surely, normaliser)

    def door(self, query: Query) -> str | None:
        """The office that a message names, when it is not for us."""
        named = (name for name, patterns in self._elsewhere.items() if patterns.spans(query.stems))
        return next(named, None)

    def surely_elsewhere(self, query: Query) -> bool:
        return bool(self._surely_elsewhere.spans(query.stems))

    def scope(self, query: Query, entry_id: str | None) -> Scope:
        """Names that the phrasings of the first entry hold too are not foreign to it."""
        stems = query.whole.stems
        named = self._schemes.covered(stems) | self._named_alone(query)
        foreign = frozenset(
            word
            for word in (stems[n] for n in named)
            if word.isalpha() and not (entry_id and self._says(entry_id, word))
        ) & frozenset(query.content)
        anchors = self._anchors.spans(stems)
        if foreign:  # « mon pass Navigo » names a pass, not ours
            anchors = [span for span in anchors if named.isdisjoint(range(*span))]
        return Scope(bool(anchors), foreign)

    def _named_alone(self, query: Query) -> set[int]:
        written = zip(query.whole.words, query.whole.ways, strict=True)
        return {
            n
            for n, (word, ways) in enumerate(written)
            if word in self._names and (not ways or ways[0][1] >= _NAMED)
        }

    def casework(self, query: Query) -> bool:
        """Whether somebody asks that their own case be looked at, which no entry can do."""
        return bool(self._casework.spans(query.stems))

    def forbidden(self, query: Query, entry: Entry) -> str | None:
        """Why this entry can't be a sure answer, in French; None if it can."""
        if not query.content:
            return "le message ne contient que des mots vides"
        if outside_limits(" ".join(query.whole.words), entry):  # « à dix-sept ans » is 17 by now
            return "un âge ou une année du message sort des limites de la fiche"
        if self._turned_round(query.stems):
            return "une négation retourne la demande"
        return None

    def _turned_round(self, stems: Sequence[str]) -> bool:
        """« je ne veux pas supprimer » : a wish, its negation, then the verb, close together."""
        for n, word in enumerate(stems):
            if word in self._undoing:
                before = stems[max(0, n - 5) : n]
                wished = [k for k, other in enumerate(before) if other in _WISH]
                if wished and any(other in _NOT for other in before[max(0, wished[-1] - 1) :]):
                    return True
        return False


def outside_limits(text: str, entry: Entry) -> bool:
    ages = {int(age) for age in _AGE.findall(text)}
    years = {int(year) for year in _YEAR.findall(text)}
    limits = entry.only
    return bool(
        (limits.ages and ages and not ages.intersection(limits.ages))
        or (limits.years and years and not years.intersection(limits.years))
    )
