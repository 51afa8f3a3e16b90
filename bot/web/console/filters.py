"""What a referent wants to see of the list. It stands in the address: to keep, to share, to go back to."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.web.intake import clean
from handlers.turn import Turn
from knowledge.entries import Audience
from knowledge.searching import Sought, sought
from storage.desk import UNKNOWN, Age, Due, Key, Place, Wish
from storage.search import Term
from storage.tickets import View

VIEWS: Mapping[str, View] = {
    "a-moi": "mine",
    "en-attente": "waiting",
    "territoires": "territories",
    "closes": "closed",
    "toutes": "all",
}
STATES: Mapping[str, str] = {
    "attente": "waiting",
    "prise": "taken",
    "repondue": "answered",
    "injoignable": "unreachable",
    "close": "closed",
}
AGES: Mapping[str, Age] = {"aujourdhui": "today", "plus-d-un-jour": "older"}
DUES: Mapping[str, Due] = {"bientot": "near", "depasse": "late"}
NOT_KNOWN = "inconnu"
WAYS = ("apres", "avant")
KEY_SIZES: Mapping[View, int] = {"closed": 2, "all": 1}
"""Of how many parts a view's keys are made, the moment being the last but one; three in the others."""
_NUMBER = re.compile(r"(?:demande\s*)?(?:n\s?[°º]|#)?\s*([1-9][0-9]{0,8})")
_REGION = "region-"
_LONGEST = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The words of the address; "" does not limit."""

    vue: str = ""
    q: str = ""
    etat: str = ""
    territoire: str = ""
    public: str = ""
    theme: str = ""
    age: str = ""
    delai: str = ""
    nonlues: str = ""

    def address(self, **changes: str) -> str:
        """The list with these filters, some of them changed; "" takes one away."""
        given = {name: value for name, value in asdict(replace(self, **changes)).items() if value}
        return "/console" + (f"?{urlencode(given)}" if given else "")

    def page_address(self, view: str, way: str, key: Key) -> str:
        """The page `apres` a key of a view, or `avant` it."""
        return f"{self.address(vue=view)}&{way}={_written(key)}"

    @property
    def terms(self) -> tuple[Sought, ...]:
        return sought(self.q)


def filters(request: web.Request) -> Filters:
    """Read from the address; what means nothing there counts for nothing."""
    query = request.query
    given = {name: clean(query.get(name, ""))[:_LONGEST] for name in Filters.__slots__}
    listed = {"vue": set(VIEWS), "etat": set(STATES), "age": set(AGES), "delai": set(DUES), "nonlues": {"1"}}
    for name, values in listed.items():
        if given[name] not in values:
            given[name] = ""
    if not sought(given["q"]):
        given["q"] = ""
    return Filters(**given)


def wish(turn: Turn, wanted: Filters, view: View) -> Wish:
    """The same for the database."""
    return Wish(
        now=turn.now,
        midnight=datetime.combine(turn.today, datetime.min.time(), turn.world.timezone),
        view=view,
        state=STATES.get(wanted.etat),
        territory=territories(turn, wanted.territoire) if wanted.territoire else None,
        audience=_known(wanted.public, set(Audience)),
        theme=_known(wanted.theme, set(turn.world.knowledge.themes)),
        age=AGES.get(wanted.age),
        due=DUES.get(wanted.delai),
        unread=bool(wanted.nonlues),
        terms=tuple(Term(one.words, beginning=not one.exact) for one in wanted.terms),
    )


def place(request: web.Request) -> tuple[str, str]:
    """Where the page begins, as the address says: « apres » or « avant », and a key."""
    return next(((way, query) for way in WAYS if (query := request.query.get(way, ""))), ("apres", ""))


def read_place(way: str, words: str, view: View) -> Place | None:
    """The same for the database; None when it is no key of this view."""
    size = KEY_SIZES.get(view, 3)
    parts = words.split(".")
    if len(parts) != size or not all(part.isascii() and part.isdigit() and len(part) < 17 for part in parts):
        return None
    numbers: list[int | datetime] = [int(part) for part in parts]
    if size > 1:
        numbers[-2] = _EPOCH + timedelta(microseconds=int(parts[-2]))
    return Place(tuple(numbers), before=way == "avant")


def territories(turn: Turn, word: str) -> frozenset[str]:
    """The codes that a word of the address stands for: a département, a region, or `UNKNOWN`."""
    if word == NOT_KNOWN:
        return frozenset({UNKNOWN})
    if not word.startswith(_REGION):
        return frozenset({word})
    everywhere = turn.world.knowledge.territories.all()
    return frozenset(one.code for one in everywhere if region_word(one.region_code) == word)


def number(query: str) -> int | None:
    """The demand that « 12 », « n° 12 » or « #12 » means."""
    found = _NUMBER.fullmatch(query.strip().lower())
    return int(found[1]) if found else None


def region_word(code: str | None) -> str | None:
    return f"{_REGION}{code}" if code else None


def _known(word: str, values: set[Any]) -> str | None:
    if not word:
        return None
    return word if word in values else UNKNOWN


def _written(key: Key) -> str:
    return ".".join(str(_number(part)) for part in key)


def _number(part: int | datetime) -> int:
    return (part - _EPOCH) // timedelta(microseconds=1) if isinstance(part, datetime) else part
