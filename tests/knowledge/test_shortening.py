"""The beginning of an answer stands alone."""

import pytest

from bot.library import Library
from knowledge.shortening import LENGTH, opening

LONG = "x" * LENGTH


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("**Oui.**", "**Oui.**"),
        ("Un.\n\nDeux.", "Un.\n\nDeux."),
        (f"Un.\n\n{LONG}", "Un."),
        (f"{LONG}\n\nDeux.", LONG),
        (f"Voici :\n\n- {LONG}\n- autre\n\nFin.", f"Voici :\n\n- {LONG}\n- autre"),
        ("  Un.\n \nDeux :\n\n1. Trois.  ", "Un.\n\nDeux :\n\n1. Trois."),
    ],
)
def test_as_much_as_fits_and_what_is_announced(text: str, beginning: str) -> None:
    assert opening(text) == beginning


def test_no_answer_of_ours_begins_with_an_announcement_alone(library: Library) -> None:
    for entry in library.base.entries.values():
        assert not opening(entry.answer).endswith(":"), entry.id
