"""Words of patterns: found wherever a language has patterns, and known before a start asks for them."""

from bot.library import Library
from knowledge.language import Elsewhere, Language
from knowledge.normalising import Normaliser
from knowledge.patterns import words_of
from tests.shelf import SHELF


def test_they_are_found_in_every_kind_of_list() -> None:
    elsewhere = Elsewhere(says="C'est la RATP.", patterns=("pass|carte metro|bus",))
    language = Language(
        human=("parler|discuter quelqu un",),
        smalltalk={"salut": ("yo", "bonjour|salut toi")},
        elsewhere={"navigo": elsewhere},
    )
    wanted = "parler discuter quelqu un bonjour salut toi pass carte metro bus"
    assert words_of(language) == set(wanted.split())


def test_those_of_the_shipped_content_are_kept_as_a_start_would_work_them_out(library: Library) -> None:
    base = library.base
    learned = SHELF.find(base.lessons)
    assert learned is not None
    anew = Normaliser(base.language, learned.written)
    assert learned.longest_stems == {word: anew.longest_stem(word) for word in words_of(base.language)}
