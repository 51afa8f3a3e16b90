"""`queue …`: what waits, what was set aside, and trying it again."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from bot.cli.console import err, fail, out, table, with_turn
from handlers import retrying
from handlers.turn import Turn
from storage import gates, outbox, queue

app = typer.Typer(no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
Ids = Annotated[
    list[int] | None, typer.Argument(help="Ids that `queue failed` shows; by default all of them.")
]
Messages = Annotated[
    bool,
    typer.Option("--messages", help="Send messages again that could not be delivered, instead of items."),
]


@app.command()
def status(as_json: AsJson = False) -> None:
    """Counts of the inbox and the outbox, the age of the oldest, and which doors are shut."""
    figures = with_turn(_status)
    if as_json:
        out.print(json.dumps(figures, indent=2), markup=False)
        return
    rows = [(name, state, number) for name in ("inbox", "outbox") for state, number in figures[name].items()]
    table("Queues", ["Queue", "Status", "Items"], rows)
    for name, what in (("inbox", "item that is due"), ("outbox", "unsent message")):
        err.print(f"Oldest {what}: {figures[f'{name}_oldest'] or 'none'}")
    for door, reason in figures["gates_closed"].items():
        err.print(f"Shut for a while: {door} ({reason})", markup=False)
    if figures["parked"] or figures["failed"]:
        err.print("`queue failed` shows what was set aside or not delivered.")


@app.command()
def failed(as_json: AsJson = False) -> None:
    """Items that were set aside, and messages that could not be delivered."""
    found = with_turn(lambda turn: {"parked": _parked(turn), "failed": _failures(turn)})
    if as_json:
        out.print(json.dumps(found, indent=2), markup=False)
        return
    table("Set aside", ["Id", "Key", "Received", "Attempts", "Reason"], _cells(found["parked"]))
    table("Not delivered", ["Id", "Channel", "What", "Ticket", "Written", "Reason"], _cells(found["failed"]))
    if found["parked"]:
        err.print("`queue retry [ID…]` gives items five more attempts.")
    if found["failed"]:
        err.print("`queue retry --messages [ID…]` sends messages again.")


@app.command()
def retry(ids: Ids = None, messages: Messages = False) -> None:
    """Give items that were set aside another five attempts, or send messages again."""
    if messages:
        _retry_messages(ids)
        return
    again = with_turn(lambda turn: queue.retry_parked(turn.session, ids or None))
    err.print(f"{len(again)} item(s) will be tried again.")
    _require_all(ids, again, "not set aside")


def _retry_messages(ids: list[int] | None) -> None:
    done = with_turn(lambda turn: retrying.send_again(turn, ids or None))
    err.print(f"{len(done.again)} message(s) will be sent again.")
    if done.gone:
        numbers = ", ".join(str(number) for number in done.gone)
        err.print(f"Nothing is left to send, or nobody to read it: {numbers}")
    _require_all(ids, [*done.again, *done.gone], "not among the undelivered")


def _require_all(asked: list[int] | None, found: Sequence[int], why: str) -> None:
    missing = sorted(set(asked or ()) - set(found))
    if missing:
        raise typer.Exit(fail(f"These are {why}:", [str(number) for number in missing], code=1))


def _status(turn: Turn) -> dict[str, Any]:
    inbox, message = queue.oldest(turn.session, now=turn.now), outbox.oldest(turn.session)
    items, messages = queue.counts(turn.session), outbox.counts(turn.session)
    return {
        "inbox": items,
        "outbox": messages,
        "inbox_oldest": inbox.isoformat() if inbox else None,
        "outbox_oldest": message.isoformat() if message else None,
        "parked": items.get("parked", 0),
        "failed": messages.get("failed", 0),
        "gates_closed": gates.closed(turn.session),
    }


def _parked(turn: Turn) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "key": one.key,
            "received_at": one.received_at.isoformat(timespec="seconds"),
            "attempts": one.attempts,
            "reason": one.reason,
        }
        for one in queue.parked(turn.session)
    ]


def _failures(turn: Turn) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "channel": one.channel,
            "purpose": one.purpose,
            "ticket": one.ticket_number,
            "written_at": one.created_at.isoformat(timespec="seconds"),
            "reason": one.reason,
        }
        for one in outbox.failures(turn.session)
    ]


def _cells(rows: Sequence[dict[str, Any]]) -> list[list[object]]:
    return [["" if value is None else value for value in row.values()] for row in rows]
