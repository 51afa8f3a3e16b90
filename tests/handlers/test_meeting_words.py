"""Who, what and until when, as people type it after `/action`."""

from datetime import date

import pytest

from handlers.meeting_words import Meant, read, upcoming

TODAY = date(2026, 11, 25)  # a Wednesday
NAMES = ("Camille Martin", "Driss Benali", "Camille Roux", "Nadia O'Brien")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("moi relancer la DRAC", Meant("moi", "relancer la DRAC", None)),
        ("Driss relancer la DRAC pour vendredi", Meant("Driss", "relancer la DRAC", date(2026, 11, 27))),
        ("driss benali relancer pour le 04/12", Meant("driss benali", "relancer", date(2026, 12, 4))),
        ("Nadia O’Brien appeler avant demain", Meant("Nadia O’Brien", "appeler", date(2026, 11, 26))),
        ("DRAC : envoyer la liste pour le 4/1/2027", Meant("DRAC", "envoyer la liste", date(2027, 1, 4))),
        ("moi préparer la salle pour la réunion", Meant("moi", "préparer la salle", date(2026, 11, 30))),
        ("moi écrire un guide pour les cinémas", Meant("moi", "écrire un guide pour les cinémas", None)),
        (
            "moi écrire pour les cinémas d'ici mercredi",
            Meant("moi", "écrire pour les cinémas", date(2026, 12, 2)),
        ),
    ],
)
def test_what_is_typed_is_taken_apart(text: str, meant: Meant) -> None:
    assert read(text, NAMES, TODAY) == meant


@pytest.mark.parametrize(
    "text", ["", "moi", "relancer la DRAC", "Camille relancer la DRAC", "DRAC :", ": envoyer la liste"]
)
def test_without_somebody_or_something_nothing_is_meant(text: str) -> None:
    """Of two colleagues called Camille the first name says too little."""
    assert read(text, NAMES, TODAY) is None


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("aujourd’hui", TODAY),
        ("mercredi", date(2026, 12, 2)),
        ("jeudi prochain", date(2026, 11, 26)),
        ("la semaine prochaine", date(2026, 11, 30)),
        ("le 29/02/2028", date(2028, 2, 29)),
        ("31/11", None),
        ("bientôt", None),
        ("", None),
    ],
)
def test_days_are_understood(words: str, day: date | None) -> None:
    assert upcoming(words, TODAY) == day
