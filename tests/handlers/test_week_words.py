"""Hours as people write them: read with their habits, refused with the word that is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.errors import Refused
from handlers.opening import OFFICE, Period, Week
from handlers.week_words import in_words, parse, parse_day
from tests.handlers.test_opening import weeks

SATURDAY = Week((*OFFICE.periods, Period(5, 540, 720)))


@pytest.mark.parametrize(
    "words",
    [
        "lun-ven 9h-12h30 13h30-17h30",
        "Du lundi au vendredi de 9 h à 12 h 30 et de 13 h 30 à 17 h 30",
        "lundi, mardi, mercredi, jeudi, vendredi : 09:00-12:30, 13:30-17:30",
        "lun.–ven. 9h–12h30 / 13h30–17h30",
        "ven 9h-12h30 13h30-17h30 ; lun mar mer jeu 9h-12h30 13h30-17h30",
    ],
)
def test_habits_of_writing(words: str) -> None:
    assert parse(words) == OFFICE


def test_several_parts_and_a_weekend_between_two_days() -> None:
    assert parse("lun-ven 9h-12h30 13h30-17h30 sam 9h-12h") == SATURDAY
    assert parse("ven-lun 10h-11h") == Week(tuple(Period(day, 600, 660) for day in (4, 5, 6, 0)))


@pytest.mark.parametrize(
    ("words", "key", "word"),
    [
        ("", "hours.none", ""),
        ("lun-ven", "hours.none", ""),
        ("9h-12h", "hours.no_day", ""),
        ("lun 22h-2h", "hours.over_midnight", ""),
        ("lun 9h-12h 11h-13h", "hours.overlap", ""),
        ("lun 9h-25h", "hours.no_time", "9h-25h"),
        ("lun 9h-12h75", "hours.no_time", "9h-12h75"),
        ("lun neuf heures", "hours.not_read", "neuf"),
        ("lun 9-12", "hours.not_read", "9-12"),
    ],
)
def test_what_cannot_be_read_is_said(words: str, key: str, word: str) -> None:
    found = parse(words)
    assert isinstance(found, Refused)
    assert (found.text, dict(found.fields).get("word", "")) == (key, word)


def test_one_day_of_the_form() -> None:
    assert parse_day(2, "9h-12h, 14h-18h") == (Period(2, 540, 720), Period(2, 840, 1080))
    assert parse_day(2, " Fermé ") == ()
    assert parse_day(2, "") == ()
    assert isinstance(parse_day(2, "le matin"), Refused)


def test_in_words() -> None:
    assert in_words(SATURDAY) == (
        "du lundi au vendredi 9 h – 12 h 30 et 13 h 30 – 17 h 30 ; samedi 9 h – 12 h"
    )
    assert in_words(Week((Period(5, 540, 720), Period(6, 540, 720)))) == "samedi et dimanche 9 h – 12 h"


@given(weeks())
def test_what_is_said_is_read_the_same(week: Week) -> None:
    assert parse(in_words(week)) == week


@given(st.text(max_size=80))
def test_anything_typed_is_a_week_or_a_refusal(words: str) -> None:
    assert isinstance(parse(words), (Week, Refused))
