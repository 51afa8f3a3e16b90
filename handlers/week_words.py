"""A week's hours as people write and read them: « lun-ven 9h-12h30 13h30-17h ; sam 9h-12h »."""

import re
from collections.abc import Iterator
from itertools import groupby

from handlers.calendar import minutes_in_words
from handlers.errors import Refused, refused
from handlers.opening import ImpossibleHours, Period, Week
from knowledge.normalising import fold

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAY = r"(?:lun(?:di)?|mar(?:di)?|mer(?:credi)?|jeu(?:di)?|ven(?:dredi)?|sam(?:edi)?|dim(?:anche)?)s?\b\.?"
_TIME = r"(\d{1,2})\s*(?:h|:)(?:\s*(\d{2})(?!\d|\s*[h:]))?"
_TO = r"\s*(?:-|a|au|jusqu'a)\s*"
_DAYS = re.compile(rf"(?:du\s+)?({_DAY})(?:{_TO}({_DAY}))?")
_PERIOD = re.compile(rf"(?:de\s+)?{_TIME}{_TO}{_TIME}")
_FILLER = re.compile(r"[\s,;:/.]+|(?:et|le|les|puis)\b")


def parse(words: str) -> Week | Refused:
    """The week that the words say, or why they say none."""
    text = _plain(words)
    periods: list[Period] = []
    weekdays: list[int] = []
    fresh, position = True, 0
    while position < len(text):
        if found := _DAYS.match(text, position):
            weekdays = [*([] if fresh else weekdays), *_weekdays(found)]
            fresh = False
        elif found := _PERIOD.match(text, position):
            if not weekdays:
                return refused("hours.no_day")
            period = _minutes(found)
            if period is None:
                return refused("hours.no_time", word=found[0].strip()[:30])
            periods += [Period(weekday, *period) for weekday in weekdays]
            fresh = True
        elif not (found := _FILLER.match(text, position)):
            return refused("hours.not_read", word=text[position:].split()[0][:30])
        position = found.end()
    return week(periods)


def parse_day(weekday: int, words: str) -> tuple[Period, ...] | Refused:
    """The periods of one day; nothing, or « fermé », is a day without."""
    text = _plain(words)
    if text in ("", "ferme", "-"):
        return ()
    parsed = parse(f"{DAYS[weekday]} {text}")
    if not isinstance(parsed, Refused):
        return parsed.on(weekday)
    unread = (
        dict(parsed.fields).get("word", text) if parsed.text in ("hours.not_read", "hours.none") else None
    )
    return refused("hours.not_read_there", word=unread[:30]) if unread is not None else parsed


def week(periods: list[Period]) -> Week | Refused:
    """A week of these periods, or why it cannot be one."""
    try:
        return Week(tuple(dict.fromkeys(periods)))
    except ImpossibleHours as error:
        return refused(f"hours.{error.problem}")


def in_words(week: Week) -> str:
    """« du lundi au vendredi 9 h – 12 h 30 et 13 h 30 – 17 h 30 ; samedi 9 h – 12 h »"""
    days = [(weekday, day_in_words(week, weekday)) for weekday in range(7)]
    runs = [(words, [day for day, _ in run]) for words, run in groupby(days, key=lambda one: one[1])]
    return " ; ".join(f"{_run(run)} {words}" for words, run in runs if words)


def day_in_words(week: Week, weekday: int) -> str:
    """« 9 h – 12 h 30 et 13 h 30 – 17 h 30 », nothing on a day without."""
    return " et ".join(
        f"{minutes_in_words(one.opens)} – {minutes_in_words(one.closes)}" for one in week.on(weekday)
    )


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[–—−]", "-", fold(words.replace("’", "'"))).split())


def _weekdays(found: re.Match[str]) -> Iterator[int]:
    """From Friday to Monday is four days."""
    first = _number(found[1])
    last = _number(found[2]) if found[2] else first
    return (day % 7 for day in range(first, (last if last >= first else last + 7) + 1))


def _number(word: str) -> int:
    return next(number for number, name in enumerate(DAYS) if name.startswith(word[:3]))


def _minutes(found: re.Match[str]) -> tuple[int, int] | None:
    """Both ends in minutes; None when one is no time of the day."""
    numbers = [int(one or 0) for one in found.groups()]
    if numbers[1] > 59 or numbers[3] > 59 or numbers[0] > 24 or numbers[2] > 24:
        return None
    return numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]


def _run(days: list[int]) -> str:
    if len(days) == 1:
        return DAYS[days[0]]
    separator = "et" if len(days) == 2 else "au"
    start = "" if len(days) == 2 else "du "
    return f"{start}{DAYS[days[0]]} {separator} {DAYS[days[-1]]}"
