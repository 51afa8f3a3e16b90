"""`content export`: what editors accepted goes into the content's files, as a change to be reviewed."""

import difflib
import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import err, fail, out, with_turn
from bot.config import load_settings
from handlers import export as exports
from knowledge import exporting
from knowledge.exporting import Written
from knowledge.loading import CONTENT, examine


def export(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the change and write nothing.")] = False,
) -> None:
    """Write what editors accepted into the content's files; prints the change as a diff."""
    settings = load_settings()
    folder = settings.knowledge_dir or CONTENT
    waiting = with_turn(exports.waiting)
    today = datetime.now(settings.zone).date()
    written = exporting.write(folder, waiting.additions.values(), waiting.drafts.values(), today)
    changed = written.changed()
    _show(written, changed)
    problems = _problems(folder, changed)
    if problems:
        raise typer.Exit(fail("Le contenu ne serait plus valable ; rien n'est écrit :", problems, code=1))
    if dry_run:
        return
    for name, text in changed.items():
        _replace(folder / name, text)
    placed = waiting.placed(written.homeless)
    with_turn(lambda turn: exports.done(turn, placed, changed))
    err.print(
        f"{len(placed)} proposal(s) exported, {len(changed)} file(s) changed in {folder}.", markup=False
    )


def _show(written: Written, changed: Mapping[str, str]) -> None:
    for name, text in changed.items():
        lines = difflib.unified_diff(
            written.before[name].splitlines(keepends=True),
            text.splitlines(keepends=True),
            f"a/{name}",
            f"b/{name}",
        )
        out.print("".join(lines), markup=False, end="")
    for text in written.homeless:
        err.print(f"no place in these files for: « {text} »", markup=False)


def _problems(folder: Path, changed: Mapping[str, str]) -> list[str]:
    """Why the content with these changes could not be loaded: tried on a copy."""
    if not changed:
        return []
    with tempfile.TemporaryDirectory(prefix="souffleur-") as copy:
        tried = Path(copy) / "content"
        shutil.copytree(folder, tried)
        for name, text in changed.items():
            (tried / name).write_bytes(text.encode("utf-8"))
        _, problems = examine(tried)
    return [str(problem) for problem in problems if not problem.warning]


def _replace(path: Path, text: str) -> None:
    """At once: a running program that reloads never sees half a file."""
    half = path.with_suffix(".part")
    half.write_bytes(text.encode("utf-8"))
    os.replace(half, path)
