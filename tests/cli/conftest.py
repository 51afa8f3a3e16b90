"""The command line, called in this process: what it prints and how it ends."""

import asyncio
import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.cli import call
from tests.cli.program import Done
from tests.schema import lay

CONTENT = """
theme: essai
title: Essai
entries:
- id: essai
  audiences: [jeune]
  title: Une fiche pour essayer
  tags: [montant]
  phrasings: [une phrase pour essayer]
  answer: Une réponse.
  handoff: always
"""
ABOUT_NO_CONTENT = ("referent", "login-link", "queue", "forget", "backup", "restore", "structures")


class Terminal:
    """Types commands with the settings of a test, and what the standard input holds."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str, stdin: str | bytes = "", **settings: str) -> Done:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        with self._monkeypatch.context() as patch:
            # A wide terminal, so that tables are not folded.
            patch.setenv("COLUMNS", "200")
            for name, value in (self._settings(arguments[0]) | settings).items():
                patch.setenv(f"BOT_{name.upper()}", value)
            patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
            code = call(list(arguments))
        shown = self._capsys.readouterr()
        return Done(code, shown.out, shown.err)

    def _settings(self, command: str) -> dict[str, str]:
        """Commands that need no entry are given one only: reading all of them takes a second each time."""
        settings = {"data_dir": str(self._folder)}
        if command in ABOUT_NO_CONTENT:
            content = self._folder / "content"
            (content / "entries").mkdir(parents=True, exist_ok=True)
            (content / "entries" / "essai.yaml").write_text(CONTENT, encoding="utf-8")
            settings["knowledge_dir"] = str(content)
        return settings


@pytest.fixture
def bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Terminal]:
    # Commands find a database of our schema; tests of whole programs begin with none.
    asyncio.run(lay(f"sqlite:///{tmp_path / 'souffleur.db'}"))
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    yield Terminal(tmp_path, monkeypatch, capsys)
    logging.getLogger().handlers, logging.getLogger().level = handlers, level
    structlog.reset_defaults()
