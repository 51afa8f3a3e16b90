"""What people say here, and how to tell from an answer what it answers.

Small talk is text that every matcher knows for what it is; `/start <entry>` gives an entry's answer. Both are
decided at once, so that each thing said has one outcome that can be recognised.
"""

import re
from pathlib import Path

from bot.library import Library
from knowledge.calibrating import study
from knowledge.markup import plain
from tests.shelf import SHELF

SMALL_TALK = {"bonjour": "bonjour", "merci": "merci", "au revoir": "au_revoir"}
SUBJECTS = 8


def things_to_say(number: int) -> list[str]:
    """Alternating texts and commands; neighbours always differ, so that a copy is no second outcome."""
    talk = list(SMALL_TALK)
    return [
        talk[(index // 2) % 3] if index % 2 else f"/start sujet-{index // 2 % SUBJECTS}"
        for index in range(number)
    ]


class Subjects:
    """Content with one small entry for each subject: it is read and built in a moment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        entries = "".join(_entry(number) for number in range(SUBJECTS))
        (folder / "entries").mkdir(parents=True)
        (folder / "entries" / "sujets.yaml").write_text(
            f"theme: sujets\ntitle: Sujets\nentries:\n{entries}", encoding="utf-8"
        )
        self.learn()
        self.texts = texts = Library(folder, SHELF).base.texts
        self._replies = {
            letters(plain(texts.variant(f"smalltalk.{kind}", seed))): said
            for said, kind in SMALL_TALK.items()
            for seed in range(30)
        }

    def learn(self) -> None:
        """Puts what is learnt from the files as they are on the shelf.

        So little would be learnt anew at each start, which takes as long as all the rest of it.
        """
        base = Library(self.folder, SHELF).base
        if SHELF.find(base.lessons) is None:
            SHELF.keep(base.lessons, study(base))

    def answered(self, heard: str) -> str | None:
        """What a message of the bot is the outcome of; None when it is of nothing said here."""
        subject = re.search(r"Réponse au sujet (\d)\.", heard)
        return f"/start sujet-{subject.group(1)}" if subject else self._replies.get(letters(heard))

    def outcomes(self, heard: list[str]) -> list[str]:
        return [said for text in heard if (said := self.answered(text)) is not None]


def without_copies(outcomes: list[str]) -> list[str]:
    """The outcomes without those that only repeat the one before."""
    return [one for index, one in enumerate(outcomes) if index == 0 or one != outcomes[index - 1]]


def _entry(number: int) -> str:
    return (
        f"- id: sujet-{number}\n"
        "  audiences: [general]\n"
        f"  title: Le sujet numéro {number}\n"
        f"  phrasings: [parle-moi du sujet {number}]\n"
        f'  answer: "Réponse au sujet {number}."\n'
        '  as_of: "2026-08"\n'
        "  sources: [{title: pass Culture, url: 'https://pass.culture.fr'}]\n"
    )


def letters(text: str) -> str:
    """A text without what a channel may write otherwise: spaces, punctuation, marks."""
    return re.sub(r"\W+", "", text)
