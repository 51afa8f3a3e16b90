"""Commands about the content in use: what is on hold while a rule changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from bot.cli.console import err, fail, table, with_turn
from handlers import holds
from handlers.errors import Refused
from handlers.turn import Turn
from storage import directory
from storage import holds as stored
from storage.holds import Kind
from storage.tables import Hold, Referent

app = typer.Typer(no_args_is_help=True)
Tag = Annotated[str | None, typer.Option(help="All entries that carry this tag.")]
EntryId = Annotated[str | None, typer.Option(help="The entry with this id.")]
By = Annotated[str | None, typer.Option(help="Who says so: a name of the directory (national desk).")]


@dataclass(frozen=True, slots=True)
class _Nobody:
    """`--by` names somebody who is not in the directory."""

    name: str


@app.command()
def freeze(
    reason: Annotated[str, typer.Option(help="Why, for whoever reads it later.")],
    tag: Tag = None,
    entry: EntryId = None,
    by: By = None,
) -> None:
    """Put entries on hold while their rule changes: they hand over to a referent."""
    kind, target = _target(tag, entry)

    def work(turn: Turn) -> int:
        who = _who(turn, by)
        if isinstance(who, _Nobody):
            return _unknown(who)
        outcome = holds.freeze(turn, who, kind, target, reason)
        if isinstance(outcome, Refused):
            return _refused(turn, outcome)
        concerned = [e for e in turn.world.knowledge.entries.values() if holds.current(turn).covers(e)]
        err.print(f"« {target} » is on hold; {len(concerned)} entries are on hold in all.", markup=False)
        return 0

    raise typer.Exit(with_turn(work))


@app.command()
def thaw(tag: Tag = None, entry: EntryId = None, by: By = None) -> None:
    """Lift a hold: the entries are said again."""
    kind, target = _target(tag, entry)

    def work(turn: Turn) -> int:
        who = _who(turn, by)
        if isinstance(who, _Nobody):
            return _unknown(who)
        outcome = holds.thaw(turn, who, kind, target)
        if outcome is not None:
            return _refused(turn, outcome)
        err.print(f"« {target} » is said again.", markup=False)
        return 0

    raise typer.Exit(with_turn(work))


@app.command("holds")
def holds_() -> None:
    """List what is on hold, and what was: who, when and why."""
    active, ended = with_turn(
        lambda turn: (
            [_row(turn, hold) for hold in stored.active(turn.session)],
            [_row(turn, hold) for hold in stored.ended(turn.session)],
        )
    )
    columns = ["What", "Why", "Since", "By", "Lifted", "By"]
    table("On hold", columns, active)
    table("Lifted", columns, ended)


def _target(tag: str | None, entry: str | None) -> tuple[Kind, str]:
    if (tag is None) == (entry is None):
        raise typer.BadParameter("give --tag or --entry, one of them", param_hint="--tag, --entry")
    return ("tag", tag) if tag is not None else ("entry", entry or "")


def _who(turn: Turn, name: str | None) -> Referent | _Nobody | None:
    """None is whoever sits at this machine, who may."""
    if name is None:
        return None
    return directory.by_name(turn.session, name) or _Nobody(name)


def _row(turn: Turn, hold: Hold) -> tuple[str, ...]:
    def local(at: datetime | None) -> str:
        return "" if at is None else f"{at.astimezone(turn.world.timezone):%d/%m/%Y %H:%M}"

    lifted_by = _name(turn, hold.thawed_by_id) if hold.thawed_at is not None else ""
    return (
        f"{hold.kind} {hold.target}",
        hold.reason,
        local(hold.held_at),
        _name(turn, hold.held_by_id),
        local(hold.thawed_at),
        lifted_by,
    )


def _name(turn: Turn, referent_id: int | None) -> str:
    return directory.name_of(turn.session, referent_id) or "command line"


def _refused(turn: Turn, outcome: Refused) -> int:
    return fail(turn.texts(outcome.text, **dict(outcome.fields)), [], code=1)


def _unknown(who: _Nobody) -> int:
    return fail(f"Nobody in the directory is called « {who.name} ».", [], code=1)
