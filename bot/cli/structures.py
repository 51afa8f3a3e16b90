"""Commands for the directory of structures."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import err, fail, out, table, with_turn
from handlers import structure_import
from handlers.errors import Refused
from handlers.structure_import import LARGEST, VERDICTS, Line, Plan
from handlers.turn import Turn
from knowledge.markup import plain

app = typer.Typer(no_args_is_help=True)


@app.callback()
def structures() -> None:
    """The directory of structures."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV file; the console has a template.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it would do.")] = False,
) -> None:
    """Import a CSV file of structures: all of it, or nothing when a line is refused."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise typer.Exit(fail(f"{file} cannot be read: {error.strerror}.", [], code=2)) from None

    def work(turn: Turn) -> int:
        text = structure_import.text_of(content)
        planned = text if isinstance(text, Refused) else structure_import.plan(turn, None, text)
        if isinstance(planned, Refused):
            return fail("The file cannot be imported:", [_words(turn, planned)], code=1)
        return _do(turn, planned, dry_run=dry_run)

    raise typer.Exit(with_turn(work))


def _do(turn: Turn, planned: Plan, *, dry_run: bool) -> int:
    """Shows the plan, and does it unless something is refused."""
    rows = [(line.number, line.name, line.verdict, _detail(turn, line)) for line in planned.lines]
    table("Lines", ["Line", "Structure", "Becomes", "Detail"], rows)
    out.print(", ".join(f"{verdict} {planned.count(verdict)}" for verdict in VERDICTS), markup=False)
    if planned.count("refused"):
        return fail("Nothing was imported: mend the refused lines first.", [], code=1)
    if dry_run or not planned.ready:
        err.print("Nothing was changed.")
        return 0
    structure_import.write(turn, None, planned)
    err.print("Imported.")
    return 0


def _detail(turn: Turn, line: Line) -> str:
    return " ".join(_words(turn, problem) for problem in line.problems) or ", ".join(line.changes)


def _words(turn: Turn, problem: Refused) -> str:
    return plain(turn.texts(problem.text, **dict(problem.fields)))
