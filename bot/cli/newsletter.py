"""`newsletter`: the draft of a newsletter, as Markdown or HTML."""

from datetime import date
from typing import Annotated

import typer

from bot.cli.console import fail, out, with_turn
from bot.letter_page import html
from handlers import pack_places
from handlers.errors import Refused, refused
from handlers.letter import Letter, letter, no_period, period
from handlers.letter_words import markdown
from handlers.turn import Turn
from knowledge.entries import Audience
from knowledge.markup import plain


def newsletter(
    territory: Annotated[str, typer.Option(help="Such as 25; everywhere without it.")] = "",
    audience: Annotated[str, typer.Option(help="jeune, relais, partenaire or collectivite; all.")] = "",
    since: Annotated[str, typer.Option(help="First day, such as 2026-11-01; four weeks.")] = "",
    until: Annotated[str, typer.Option(help="Last day, such as 2026-11-30; today.")] = "",
    as_html: Annotated[bool, typer.Option("--html", help="A page instead of Markdown.")] = False,
) -> None:
    """What was asked most, what changed and what is to come, as a draft to edit."""

    def work(turn: Turn) -> tuple[str, bool]:
        draft = _draft(turn, territory, audience, (since, until))
        if isinstance(draft, Refused):
            return plain(turn.texts(draft.text, **dict(draft.fields))), False
        return html(turn, draft) if as_html else markdown(turn, draft), True

    text, good = with_turn(work)
    if not good:
        raise typer.Exit(fail(text, [], code=2))
    out.print(text, markup=False, end="")


def _draft(turn: Turn, territory: str, audience: str, days: tuple[str, str]) -> Letter | Refused:
    place = pack_places.territory(turn, territory) if territory else pack_places.everywhere(turn)
    if place is None:
        return refused("week.unknown_place", place=territory)
    if audience and audience not in set(Audience):
        return refused("letter.audience", audience=audience)
    try:
        since, until = (date.fromisoformat(day) if day else None for day in days)
    except ValueError:
        return no_period()
    when = period(turn, since, until)
    return when if isinstance(when, Refused) else letter(turn, place, _audience(audience), when)


def _audience(name: str) -> Audience | None:
    return Audience(name) if name else None
