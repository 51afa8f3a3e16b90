"""Commands for whoever keeps the service."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from bot.app import House
from bot.cli.console import err, fail, out, ready_settings, table, with_house, with_turn
from bot.config import PREFIX, Settings
from bot.library import Library
from bot.register import mirror, register_of
from handlers import audit, privacy
from handlers.audit import Action
from handlers.turn import Turn
from storage import contacts, outbox, queue

queue_app = typer.Typer(no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


@queue_app.command()
def status(as_json: AsJson = False) -> None:
    """Counts of the inbox and the outbox, and the age of the oldest."""
    figures = with_turn(_status)
    if as_json:
        out.print(json.dumps(figures, indent=2), markup=False)
        return
    rows = [(name, state, number) for name in ("inbox", "outbox") for state, number in figures[name].items()]
    table("Queues", ["Queue", "Status", "Items"], rows)
    err.print(f"oldest item due: {figures['inbox_oldest']}, oldest message: {figures['outbox_oldest']}")


@queue_app.command()
def failed() -> None:
    """Items that were set aside, and messages that could not be delivered."""
    parked, failures = with_turn(lambda turn: (_parked(turn), _failures(turn)))
    table("Set aside", ["Id", "Key", "Received", "Attempts", "Reason"], parked)
    table("Not delivered", ["Id", "Channel", "Ticket", "Written", "Reason"], failures)


@queue_app.command()
def retry() -> None:
    """Give all items that were set aside another five attempts."""
    number = with_turn(lambda turn: queue.retry_parked(turn.session))
    err.print(f"{number} item(s) will be tried again.")


def settings(as_json: AsJson = False) -> None:
    """Show the settings in use; secrets are never shown."""
    used = ready_settings()
    values = {f"{PREFIX}{name.upper()}": _shown(value) for name, value in used}
    limits = _thresholds(used)
    if as_json:
        out.print(json.dumps(values | {"thresholds": limits}, indent=2), markup=False)
        return
    table("Settings", ["Variable", "Value"], values.items())
    if limits is None:
        err.print("The content is not learnt yet: `ask` or `run` shows its thresholds.")
        return
    table("Thresholds, learnt from the content", ["Below or from here", "Value"], _rows(limits))


def _thresholds(used: Settings) -> dict[str, Any] | None:
    """Where the zones of matching begin; None until the content was learnt."""
    library = Library(used.knowledge_dir, used.shelf)
    return asdict(library.matcher.confidence.thresholds) if library.learnt else None


def _rows(limits: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in limits.items():
        if isinstance(value, dict):
            yield from ((f"{name}: {part}", f"{least:+.2f} log-odds") for part, least in value.items())
        else:
            yield name, f"{100 * value:.0f} / 100"


def forget(address: Annotated[str, typer.Argument(help="Such as telegram:123 or web:…")]) -> None:
    """Erase a person's messages, questions and the text of their tickets."""

    def work(turn: Turn) -> bool:
        contact = contacts.by_address(turn.session, address)
        if contact is not None:
            privacy.forget(turn, contact)
            audit.note(turn, None, Action.ERASED)
        return contact is not None

    async def erase(house: House) -> bool:
        found = await house.turn(work)
        await mirror(house.database, register_of(house.settings))
        return found

    if not with_house(erase):
        raise typer.Exit(fail(f"Nothing is kept about « {address} ».", [], code=1))
    err.print("Erased. The numbers of the tickets stay, without text or person.")


def _status(turn: Turn) -> dict[str, Any]:
    inbox, message = queue.oldest(turn.session, now=turn.now), outbox.oldest(turn.session)
    return {
        "inbox": queue.counts(turn.session),
        "outbox": outbox.counts(turn.session),
        "inbox_oldest": inbox.isoformat() if inbox else None,
        "outbox_oldest": message.isoformat() if message else None,
    }


def _parked(turn: Turn) -> list[tuple[object, ...]]:
    return [
        (i.id, i.key, f"{i.received_at:%d/%m %H:%M}", i.attempts, i.reason or "")
        for i in queue.parked(turn.session)
    ]


def _failures(turn: Turn) -> list[tuple[object, ...]]:
    return [
        (m.id, m.channel, m.ticket_number or "", f"{m.created_at:%d/%m %H:%M}", m.reason or "")
        for m in outbox.failures(turn.session)
    ]


def _shown(value: object) -> str | None:
    if isinstance(value, SecretStr):
        return "(set)" if value.get_secret_value() else "(default)"
    return None if value is None else str(value)
