"""The command line, called in this process: what it prints and how it ends."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.cli import call
from tests.cli.program import Done


class Terminal:
    """Types commands with the settings of a test."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._folder = folder
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str, **settings: str) -> Done:
        with self._monkeypatch.context() as patch:
            # A wide terminal, so that tables are not folded.
            patch.setenv("COLUMNS", "200")
            for name, value in ({"data_dir": str(self._folder)} | settings).items():
                patch.setenv(f"BOT_{name.upper()}", value)
            code = call(list(arguments))
        shown = self._capsys.readouterr()
        return Done(code, shown.out, shown.err)


@pytest.fixture
def bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Terminal]:
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    yield Terminal(tmp_path, monkeypatch, capsys)
    logging.getLogger().handlers, logging.getLogger().level = handlers, level
    structlog.reset_defaults()
