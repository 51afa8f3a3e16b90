"""Commands for whoever keeps the service."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from bot.app import House
from bot.cli.console import err, fail, out, ready_settings, table, with_house
from bot.config import PREFIX, Settings
from bot.library import Library
from bot.register import mirror, register_of
from handlers import audit, privacy, structure_privacy
from handlers.audit import Action
from handlers.turn import Turn
from storage import contacts

AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


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


def forget(
    address: Annotated[str, typer.Argument(help="Such as telegram:123, web:… or a structure's name@place.")],
) -> None:
    """Erase a person's messages, questions and the text of their tickets, or a structure's contact."""

    def work(turn: Turn) -> bool:
        contact = contacts.by_address(turn.session, address)
        if contact is not None:
            privacy.forget(turn, contact)
            audit.note(turn, None, Action.ERASED)
        partner = "@" in address and structure_privacy.forget(turn, address.removeprefix("mail:"))
        return contact is not None or partner

    async def erase(house: House) -> bool:
        found = await house.turn(work)
        await mirror(house.database, register_of(house.settings))
        return found

    if not with_house(erase):
        raise typer.Exit(fail(f"Nothing is kept about « {address} ».", [], code=1))
    err.print("Erased. The numbers of the tickets stay, without text or person.")


def _shown(value: object) -> str | None:
    if isinstance(value, SecretStr):
        return "(set)" if value.get_secret_value() else "(default)"
    return None if value is None else str(value)
