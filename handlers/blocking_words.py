"""What stands after `/blocage`: « 12 adage Les classes ne voient plus l'offre depuis le 12/11 »."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from handlers import absence_words
from knowledge.normalising import fold

_NUMBER = re.compile(r"(?:n\s*[°º]?|#)?\s*(\d{1,9})\s+(.+)", re.ASCII | re.DOTALL | re.IGNORECASE)
_JOINS = re.compile(r"(?:rejoint|rejoindre|comme)\s+(?:le\s+)?(?:n\s*[°º]?|#)?\s*(\d{1,9})", re.IGNORECASE)
_SINCE = re.compile(r"\s+depuis\s+(?:le\s+)?(\S+)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A new point, or (`joins`) one that is known; `number` is the demand it is about."""

    number: int | None
    joins: int | None = None
    subject: str | None = None
    who: str = ""
    title: str = ""
    since: date | None = None


def read(words: str, subjects: Collection[str], today: date) -> Meant:
    """Takes it apart: a demand's number, « rejoint 3 » or a subject, « Structure : », the title, the day."""
    words = " ".join(words.split())
    number, rest = None, words
    if (found := _NUMBER.fullmatch(words)) is not None:
        number, rest = int(found[1]), found[2]
    if (joining := _JOINS.fullmatch(rest)) is not None:
        return Meant(number=number, joins=int(joining[1]))
    first, _, after = rest.partition(" ")
    subject = fold(first) if fold(first) in subjects else None
    rest, since = _day_of(after if subject is not None else rest, today)
    who, colon, title = rest.partition(":")
    if not colon or not title.strip():
        who, title = "", rest
    return Meant(number=number, subject=subject, who=who.strip(), title=title.strip(), since=since)


def _day_of(words: str, today: date) -> tuple[str, date | None]:
    """« … depuis le 12/11 »: the words before it, and the day if it is one."""
    found = _SINCE.search(words)
    day = absence_words.one_day(found[1], today) if found is not None else None
    return (words[: found.start()], day) if found is not None and day is not None else (words, None)
