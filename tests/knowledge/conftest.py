"""Shared by the tests of `knowledge`: a small content in a folder, and the shipped one loaded once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.library import Library
from knowledge.entries import KnowledgeBase
from knowledge.matching import Matcher
from tests.shelf import shipped

SMALL = """\
theme: essai
title: Essai
entries:
- id: forgotten-password
  audiences: [jeune]
  title: J'ai oublié mon mot de passe
  phrasings: [mot de passe oublié, jai perdu mon mdp, je ne peux plus me connecter]
  answer: |
    Touchez « Mot de passe oublié ? ».
  sources: [{title: Aide, url: "https://aide.passculture.app/"}]
  as_of: "2026-08"
  checked: "2026-11-22"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes files (by relative path) into a content folder and returns it."""

    def write(files: dict[str, str] | None = None) -> Path:
        for name, text in (files or {"entries/essai.yaml": SMALL}).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    return shipped().base


@pytest.fixture(scope="session")
def matcher(library: Library) -> Matcher:
    return library.matcher
