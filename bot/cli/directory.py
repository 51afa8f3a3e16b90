"""Commands for the directory of referents."""

import json
from typing import Annotated, Any

import typer

from bot.app import House
from bot.cli.console import err, fail, out, table, with_house, with_turn
from bot.delivery import DeliveryError
from bot.telegram.commands import username_of
from handlers import absence, invitations, login, staff
from handlers.errors import Refused
from handlers.staff_details import Typed
from handlers.turn import Turn
from storage import directory, secrets
from storage.tables import Referent

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The referent's name, as in the directory.")]


@app.command()
def add(
    name: Name,
    territories: Annotated[str, typer.Option(help="Codes of the départements served, such as 25,71.")] = "",
    national: Annotated[bool, typer.Option("--national", help="Also answers for the national desk.")] = False,
    role: Annotated[str, typer.Option(help="referent, lead, national, editor or admin.")] = "referent",
    telegram_id: Annotated[int | None, typer.Option(help="Account number, if it is known for sure.")] = None,
    email: Annotated[str | None, typer.Option(help="Where notices and login links go.")] = None,
    deputy: Annotated[str | None, typer.Option(help="Name of who stands in.")] = None,
    invite: Annotated[bool, typer.Option(help="Make an invitation for Telegram.")] = True,
) -> None:
    """Add a referent and print the invitation for Telegram."""

    typed = Typed(
        name=name, territories=territories, national=national, role=role, email=email, deputy=deputy
    )

    async def work(house: House) -> int:
        known = await _bot_name(house) if invite and telegram_id is None else None
        outcome = await house.turn(lambda turn: _add(turn, typed, telegram_id, invite=invite))
        if isinstance(outcome, list):
            return fail("The referent was not added:", outcome, code=1)
        if outcome:
            out.print(f"https://t.me/{known}?start={outcome}" if known else outcome, markup=False)
        err.print(f"{name} is in the directory.", markup=False)
        return 0

    raise typer.Exit(with_house(work))


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List the referents."""
    rows = with_turn(lambda turn: [_row(turn, referent) for referent in directory.everyone(turn.session)])
    if as_json:
        out.print(json.dumps(rows, ensure_ascii=False, indent=2), markup=False)
        return
    table(
        "Referents",
        ["Name", "Role", "Territories", "Telegram", "E-mail", "Deputy", "Absent until"],
        [
            [r["name"], r["role"], ", ".join(r["territories"]) or ("national" if r["national"] else "—"),
             r["telegram"], r["email"] or "—", r["deputy"] or "—", r["absent_until"] or "—"]
            for r in rows
        ],
    )  # fmt: skip


@app.command()
def absent(
    name: Name,
    first: Annotated[str, typer.Argument(help="First day, such as 20/12; or « fin », « annuler ».")],
    last: Annotated[str, typer.Argument(help="Last day.")] = "",
    replacement: Annotated[str, typer.Option(help="Name of who stands in.")] = "",
) -> None:
    """Note an absence."""

    def work(turn: Turn) -> int:
        referent = directory.by_name(turn.session, name)
        if referent is None:
            return _unknown(name)
        outcome = absence.command(turn, referent, f"{first} {last} {replacement}".strip(), by=None)
        if isinstance(outcome, Refused):
            return fail(turn.texts(outcome.text, **dict(outcome.fields)), [], code=1)
        err.print(outcome, markup=False)
        return 0

    raise typer.Exit(with_turn(work))


@app.command()
def remove(name: Name) -> None:
    """Take a referent out of office; their open tickets go back to their territories."""

    def work(turn: Turn) -> int:
        referent = directory.by_name(turn.session, name)
        if referent is None:
            return _unknown(name)
        refused = staff.remove(turn, referent)
        if refused is not None:
            return fail(turn.texts(refused.text, **dict(refused.fields)), [], code=1)
        err.print(f"{name} is out of the directory.", markup=False)
        return 0

    raise typer.Exit(with_turn(work))


def login_link(name: Name) -> None:
    """Print a one-time link to the console."""

    def work(turn: Turn) -> str | None:
        referent = directory.by_name(turn.session, name)
        return login.link(turn, referent) if referent is not None else None

    link = with_turn(work)
    if link is None:
        raise typer.Exit(_unknown(name))
    out.print(link, markup=False)


def _add(turn: Turn, typed: Typed, telegram_id: int | None, *, invite: bool) -> str | list[str] | None:
    """Adds; returns the invitation's payload (None without one), or the problems."""
    outcome = staff.add(turn, typed, telegram_id=telegram_id, reachable=invite)
    if not isinstance(outcome, Referent):
        return [turn.texts(refused.text, **dict(refused.fields)) for refused in outcome]
    return invitations.invite(turn, outcome) if invite and outcome.telegram_id is None else None


def _row(turn: Turn, referent: Referent) -> dict[str, Any]:
    away = directory.absence(turn.session, referent.id, now=turn.now)
    invited = secrets.pending(turn.session, "invitation", referent.id, now=turn.now)
    return {
        "name": referent.name,
        "role": referent.role,
        "national": referent.national,
        "territories": directory.territories_of(turn.session, referent.id),
        "telegram": "linked" if referent.telegram_id else "invited" if invited else "—",
        "email": referent.email,
        "deputy": directory.name_of(turn.session, referent.deputy_id),
        "absent_until": away.ends_at.date().isoformat() if away else None,
    }


async def _bot_name(house: House) -> str | None:
    """The bot's name, if Telegram can be asked; the invitation works without."""
    if house.bot is None:
        return None
    try:
        return await username_of(house.bot)
    except DeliveryError:
        return None
    finally:
        await house.bot.request.shutdown()


def _unknown(name: str) -> int:
    return fail(f"Nobody in the directory is called « {name} ».", [], code=1)
