"""`demo seed`: a year of made-up data, so that every page can be seen full."""

import time
from typing import Annotated

import typer

from bot.cli.console import err, fail, out, ready_settings, with_house
from bot.serving import only_one
from handlers.demo.scene import Plan
from handlers.demo.seeding import Made, NotEmpty, seed
from handlers.staff import FIRST

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _demo() -> None:
    """Data to look at, clearly marked as such."""


@app.command("seed")
def seed_(
    number: Annotated[int, typer.Option("--seed", help="The same number makes the same year.")] = 1,
    weeks: Annotated[int, typer.Option(min=1, max=260, help="How far it goes back.")] = 52,
    scale: Annotated[float, typer.Option(min=0.01, max=20, help="1 is some 200 questions a week.")] = 1.0,
) -> None:
    """Fill an empty database with a made-up year; refused where anything of anybody is kept."""
    plan, begin = Plan(seed=number, weeks=weeks, scale=scale), time.perf_counter()
    with only_one(ready_settings()):
        made = with_house(lambda house: house.turn(lambda turn: seed(turn, plan, _progress)))
    if isinstance(made, NotEmpty):
        raise typer.Exit(_refuse(made))
    _tell(made)
    err.print(f"Made in {time.perf_counter() - begin:.0f} s. Nothing of it is ever sent to anybody.")


def _progress(what: str) -> None:
    err.print(f"… {what}", markup=False)


def _refuse(found: NotEmpty) -> int:
    if found.demonstration:
        heading = "This database holds a demonstration already."
    else:
        heading = "This database is in use: a demonstration is made of an empty one only."
    lines = []
    if found.referents:
        lines.append("In the directory: " + ", ".join(found.referents[:5]))
    if found.tables and not found.demonstration:
        lines.append("Not empty: " + ", ".join(found.tables[:8]))
    lines.append("Use another one, and run on it: BOT_DATA_DIR=data-demo python -m bot demo seed")
    return fail(heading, lines, code=1)


def _tell(made: Made) -> None:
    out.print(
        f"{made.questions} questions, {made.demands} demands ({made.still_open} open), "
        f"{made.conversations} conversations with {made.messages} messages, {made.referents} referents."
    )
    out.print("Then: make run, and look at")
    for path, what in (
        (f"/console/semaine?semaine={made.week.id}", "the week's pack, with a spike"),
        ("/console/blocages", "blocking points, one of them proposed"),
        ("/console/reunion", "what the meeting agreed"),
        ("/console/qualite", "answers to judge, and the published rate at /qualite"),
        ("/console/structures?jours=30", "structures and the map of silence"),
        ("/console/diffusions", "broadcasts, and the letter beside them"),
        ("/console?vue=toutes", "demands, some of them late"),
        ("/console/sans-reponse", "what was asked in vain, in groups"),
        ("/console/validation", "proposals that wait"),
    ):
        out.print(f"  {path:40} {what}", markup=False)
    out.print(f'A link to the console: python -m bot login-link "{FIRST}"', markup=False)
