"""Guides: ages to the day, SIRET by its key, trees that lead somewhere."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge.guides import Guide, age_on, read_birth, read_siret

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("17", 17),
        ("j'ai 17 ans", 17),
        ("23/11/2008", 18),
        ("24/11/2008", 17),
        ("3 mai 2009", 17),
        ("1er août 2011", 15),
        ("2009-05-03", 17),
        ("03.05.2009", 17),
        ("29/02/2008", 18),
        ("2009", None),
        ("mai 2009", None),
        ("31/02/2009", None),
        ("03/05/2030", None),
        ("121", None),
        ("dix-sept", None),
        ("", None),
    ],
)
def test_births_as_people_write_them(text: str, age: int | None) -> None:
    assert read_birth(text, TODAY) == age


def test_a_day_before_and_on_the_birthday() -> None:
    assert age_on(date(2008, 3, 1), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 3, 1), date(2026, 3, 1)) == 18
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("552 100 554 00013", True),
        ("SIRET : 55210055400013", True),
        ("552 100 554 00014", False),
        ("356 000 000 00048", True),
        ("35600000000001", True),
        ("35600000000050", False),
        ("552 100 554", None),
        ("rien", None),
    ],
)
def test_sirets_and_la_postes(text: str, right: bool | None) -> None:
    assert read_siret(text) is right


@given(st.text(max_size=60))
def test_any_text_is_read_or_not(text: str) -> None:
    age = read_birth(text, TODAY)
    assert age is None or 0 <= age <= 120
    assert read_siret(text) in (None, True, False)


def test_a_step_reads_into_its_bands() -> None:
    step = _guide().steps["age"]
    assert step.read("23/11/2008", TODAY) == ("18-120", "fin")
    assert step.read("24/11/2008", TODAY) == ("0-17", "fin")
    assert step.read("bonjour", TODAY) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"start": "fin"}, "start|rien ne mène"),
        ({"start": "ailleurs"}, "n'est ni une étape ni une feuille"),
        ({"leaves": {"fin": {"handoff": True}, "seule": {"handoff": True}}}, "rien ne mène"),
        (
            {"steps": {"age": {"ask": "?", "choices": [{"label": "Oui", "go": "age"}]}}},
            "rien ne mène|en rond",
        ),
        ({"leaves": {"fin": {"answer": "Oui."}}}, "sources"),
    ],
)
def test_what_leads_nowhere_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        _guide(**change)


def _guide(**change: Any) -> Guide:
    step = {"ask": "Quel âge ?", "input": "birth", "bands": {"0-17": "fin", "18-120": "fin"}}
    whole = {
        "id": "essai",
        "title": "Un essai",
        "theme": "credit",
        "audiences": ["jeune"],
        "start": "age",
        "steps": {"age": step},
        "leaves": {"fin": {"handoff": True}},
    }
    return Guide.model_validate(whole | change)
