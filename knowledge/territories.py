"""The départements and overseas collectivities, found from what people type."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz import fuzz, process

from knowledge.normalising import fold

MAX_TEXT = 200
# Three letters with one wrong could be anything: no guess below four.
_FUZZY_LETTERS = 4
_FUZZY_SCORE = 82
# Postcodes that don't begin with the code of their territory.
_POSTCODES = {"97133": "977", "97150": "978"}
_FILLER_WORDS = (
    "je j habite suis dans en sur a au aux de du des d le la les l departement dep dpt "
    "code postal ville region vers pres chez c est ce moi nous on vit vis mon notre et bonjour merci svp oui"
)
_FILLERS = frozenset(_FILLER_WORDS.split())


class Territory(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Annotated[str, Field(pattern=r"^(0[1-9]|[1-8]\d|9[0-5]|2A|2B|97\d|98\d)$")]
    name: Annotated[str, Field(min_length=2)]
    article: Literal["le ", "la ", "l'", "les ", ""] = ""
    region: Annotated[str, Field(min_length=2)]
    region_code: Annotated[str, Field(pattern=r"^\d{2,3}$")] | None = None
    cities: tuple[str, ...] = ()
    """Prefecture first, then big towns and other names by which people know it."""

    @property
    def label(self) -> str:
        """« Doubs (25) »"""
        return f"{self.name} ({self.code})"

    @property
    def with_article(self) -> str:
        """« le Doubs »"""
        return f"{self.article}{self.name}"


class Territories:
    def __init__(self, territories: Iterable[Territory]) -> None:
        self._by_code = {territory.code: territory for territory in territories}
        self._names: dict[str, list[Territory]] = {}
        self._regions: dict[str, list[Territory]] = {}
        for territory in self._by_code.values():
            for name in (territory.name, *territory.cities):
                owners = self._names.setdefault(_key(name), [])
                if territory not in owners:
                    owners.append(territory)
            self._regions.setdefault(_key(territory.region), []).append(territory)
        self._guessable = [
            name for name in {**self._regions, **self._names} if len(name.replace(" ", "")) >= _FUZZY_LETTERS
        ]

    def by_code(self, code: str) -> Territory | None:
        return self._by_code.get(code.strip().upper())

    def all(self) -> tuple[Territory, ...]:
        return tuple(self._by_code.values())

    def region_of(self, code: str) -> str | None:
        territory = self.by_code(code)
        return None if territory is None else territory.region

    def find(self, text: str) -> tuple[Territory, ...]:
        """What the text may mean, best first: one = understood, several = ambiguous, none = not."""
        words = _key(text[:MAX_TEXT]).split()
        found = self._by_number(words) or self._by_name(words) or self._by_likeness(words)
        return tuple(dict.fromkeys(found, None))

    def _by_number(self, words: list[str]) -> list[Territory]:
        codes = (_code_of(word) for word in _joined(words))
        return [self._by_code[code] for code in codes if code in self._by_code]

    def _by_name(self, words: list[str]) -> list[Territory]:
        """Longest names first; a word belongs to one name only: « Haute Loire » is not « Loire »."""
        found: list[Territory] = []
        free = [True] * len(words)
        for size in range(min(6, len(words)), 0, -1):
            for start in range(len(words) - size + 1):
                if all(free[start : start + size]):
                    owners = self._owners(" ".join(words[start : start + size]))
                    if owners:
                        found.extend(owners)
                        free[start : start + size] = [False] * size
        return found

    def _owners(self, name: str) -> list[Territory]:
        return self._names.get(name) or self._regions.get(name) or []

    def _by_likeness(self, words: list[str]) -> list[Territory]:
        telling = " ".join(word for word in words if word not in _FILLERS)
        if len(telling.replace(" ", "")) < _FUZZY_LETTERS:
            return []
        best = process.extract(
            telling, self._guessable, scorer=fuzz.ratio, score_cutoff=_FUZZY_SCORE, limit=3
        )
        return [
            territory
            for name, score, _ in best
            if score >= best[0][1] - 3
            for territory in self._owners(name)
        ]


def _key(name: str) -> str:
    """« Côtes-d'Armor » → "cotes d armor"; « St » is « saint »."""
    words = re.findall(r"[a-z0-9]+", fold(name))
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def _joined(words: list[str]) -> Iterator[str]:
    """Words, and « 2 a » or « 93 100 » read as one."""
    position = 0
    while position < len(words):
        pair = "".join(words[position : position + 2])
        if re.fullmatch(r"2[ab]|\d{2}\d{3}", pair) and words[position].isdigit():
            yield pair
            position += 2 if pair != words[position] else 1
        else:
            yield words[position]
            position += 1


def _code_of(word: str) -> str | None:
    word = word.upper()
    if re.fullmatch(r"\d{5}", word):
        return _code_of_postcode(word)
    if re.fullmatch(r"\d", word):
        return f"0{word}"
    return word if re.fullmatch(r"\d{2,3}|2[AB]", word) else None


def _code_of_postcode(postcode: str) -> str:
    if postcode in _POSTCODES:
        return _POSTCODES[postcode]
    if postcode.startswith("20"):
        return "2A" if postcode[2] in "01" else "2B"
    return postcode[:3] if postcode[:2] in ("97", "98") else postcode[:2]
