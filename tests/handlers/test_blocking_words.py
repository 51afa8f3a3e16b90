"""What stands after `/blocage`, taken apart."""

from datetime import date

import pytest

from handlers.blocking import SUBJECTS
from handlers.blocking_words import Meant, read

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("12 rejoint 3", Meant(number=12, joins=3)),
        ("n° 12 comme le n° 3", Meant(number=12, joins=3)),
        ("rejoint 3", Meant(number=None, joins=3)),
        ("12 ADAGE rien ne va", Meant(number=12, subject="adage", title="rien ne va")),
        ("pro la page est blanche", Meant(number=None, subject="pro", title="la page est blanche")),
        (
            "12 remboursement rien n'arrive depuis le 12/11",
            Meant(number=12, subject="remboursement", title="rien n'arrive", since=date(2026, 11, 12)),
        ),
        (
            "adage Collège Hugo : l'offre a disparu",
            Meant(number=None, subject="adage", who="Collège Hugo", title="l'offre a disparu"),
        ),
        ("rien ne va depuis toujours", Meant(number=None, title="rien ne va depuis toujours")),
        ("12 adage", Meant(number=12, subject="adage", title="")),
        ("3 classes ne voient rien", Meant(number=3, title="classes ne voient rien")),
        ("12", Meant(number=None, title="12")),
    ],
)
def test_words_are_taken_apart(words: str, meant: Meant) -> None:
    assert read(words, SUBJECTS, TODAY) == meant
