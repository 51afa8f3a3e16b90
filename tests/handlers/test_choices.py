"""Every button does something, and everything that a button can do is offered somewhere."""

from bot.library import Library
from handlers.choices import DOINGS
from handlers.commands import COMMANDS
from handlers.referent_commands import COMMANDS as REFERENTS
from tests.handlers import code


def test_each_button_has_its_doing_and_the_reverse() -> None:
    offered = {do for do, _, _ in code.options()}
    assert offered == set(DOINGS)


def test_each_button_has_its_words_and_the_reverse(library: Library) -> None:
    wanted = {f"choice.{text or do}" for do, text, labelled in code.options() if not labelled}
    keys = library.base.texts.keys()
    existing = {key for key in keys if key.startswith("choice.")}
    assert wanted <= existing
    assert existing - wanted == {"choice.gone"}


def test_people_and_referents_have_commands_of_their_own_but_for_the_help() -> None:
    """A referent's help tells of both."""
    assert COMMANDS.keys() & REFERENTS.keys() == {"aide", "help"}


def test_each_command_that_a_sentence_names_exists(library: Library) -> None:
    named = set()
    texts = library.base.texts
    for key in sorted(texts.keys()):
        words = texts(key, **dict.fromkeys(texts.fields(key), "x"))
        named |= {word[1:].strip(".,;:)") for word in words.split() if word.startswith("/")}
    assert named
    assert named <= COMMANDS.keys() | REFERENTS.keys()
