"""Sentences and code agree: each that is said exists with its fields, each that exists is said."""

from bot.library import Library
from handlers.infos import SUBJECTS
from handlers.media import KINDS
from knowledge.entries import Audience
from storage import life
from storage.rights import ROLES
from storage.statistics import FATES
from tests.handlers import code

FAMILIES = {
    "smalltalk.": None,  # the matcher's kinds; its own tests hold them
    "choice.": None,  # below
    "rights.": set(ROLES),
    "audience.": {"unknown", *Audience},
    "week.fate.": set(FATES),
    "ticket.state.": set(life.STEPS["erase"]) | {"closed"},
    "hours.": {"none", "over_midnight", "overlap"},
    "ticket.solution.": {"confirmed", "assumed", "unknown"},
    "media.": {"other", *KINDS},
    "infos.subject.": set(SUBJECTS),
    "letter.section.": {"asked", "changes", "dates", "solved"},
}
"""Keys that the code puts together, and the ends that it knows."""
MAILS = "mail."


def test_each_sentence_that_is_said_exists_with_its_fields(library: Library) -> None:
    texts, keys = library.base.texts, library.base.texts.keys()
    problems = []
    for use in code.uses():
        wanted = [use.key] + ([f"{use.key}_subject"] if f"{use.key}_subject" in keys else [])
        for key in wanted:
            if key not in keys:
                problems.append(f"{use.place}: no sentence is called {key}")
            elif use.fields is not None and not texts.fields(key) <= use.fields:
                problems.append(f"{use.place}: {key} lacks {set(texts.fields(key) - use.fields)}")
    assert problems == []


def test_each_sentence_that_exists_is_said(library: Library) -> None:
    said = {word for word, _ in code.words()}
    said |= {f"{word}_subject" for word in said if word.startswith(MAILS)}
    said |= {f"{word}_full" for word in said if word.startswith("notice.")}
    keys = library.base.texts.keys()
    silent = [key for key in keys if key not in said and not key.startswith(tuple(FAMILIES))]
    assert sorted(silent) == []


def test_families_of_sentences_are_whole(library: Library) -> None:
    keys = library.base.texts.keys()
    written = {word.removesuffix("*") for word, _ in code.words() if word.endswith("*")}
    for family, ends in FAMILIES.items():
        assert family in written, f"{family} is put together nowhere"
        if ends is not None:
            said = {word for word, _ in code.words()}
            found = {key for key in keys if key.startswith(family) and key.count(".") == family.count(".")}
            assert {f"{family}{end}" for end in ends} <= found
            assert {key for key in found if key not in said} <= {f"{family}{end}" for end in ends}


def test_each_mail_leads_somewhere_and_says_that_nobody_reads_an_answer(library: Library) -> None:
    texts, keys = library.base.texts, library.base.texts.keys()
    mails = {key for key in keys if key.startswith(MAILS) and not key.endswith("_subject")}
    for key in mails - {"mail.invalid_address"}:  # which is a sentence of the chat
        assert "personne ne le lit" in texts(key, **dict.fromkeys(texts.fields(key), "x")), key
        assert "url" in texts.fields(key) or key == "mail.alert", key


def test_sentences_are_polite_and_clean(library: Library) -> None:
    texts = library.base.texts
    for key in sorted(texts.keys()):
        for seed in range(4):
            words = texts.variant(key, seed, **dict.fromkeys(texts.fields(key), "x"))
            assert words.strip(), key
            assert "  " not in words, key
            lowered = f" {words.lower()} ".replace("’", "'")
            assert not any(f" {word} " in lowered for word in ("tu", "toi", "ton", "tes", "te")), key
            assert " t'" not in lowered, key
