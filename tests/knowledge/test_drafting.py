"""The beginning of an answer stands alone; words to be edited are shown as they are."""

import pytest

from bot.library import Library
from knowledge.drafting import LENGTH, escape_lightly, opening
from knowledge.markup import plain

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


@pytest.mark.parametrize(
    "text", ["Doubs (25), l'été - à 1 € !", "*a* _b_ [c](d) <e> & `f` \\", "deux\nlignes  ici"]
)
def test_words_to_edit_are_shown_as_they_are(text: str) -> None:
    assert plain(escape_lightly(text)) == " ".join(text.split())


def test_few_of_them_are_escaped() -> None:
    assert escape_lightly("Doubs (25), l'été !") == "Doubs (25), l'été !"
