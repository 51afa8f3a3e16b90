"""`report`: the week's pack in the terminal or as JSON, for everywhere or one territory."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from typing import Annotated, Any

import typer

from bot.cli.console import fail, out, table, with_turn
from handlers import pack_places, pack_words
from handlers.errors import Refused, refused
from handlers.pack import Pack, Part, ToLookAt, pack
from handlers.pack_peers import Peers
from handlers.pack_words import number, share, span
from handlers.quality_figures import interval
from handlers.turn import Turn
from handlers.week import Week
from knowledge.markup import plain
from storage.statistics import FATES, Tally
from storage.statistics_desk import Spread


def report(
    week: Annotated[str, typer.Option(help="Such as 2026-W48; the last one that is over.")] = "",
    territory: Annotated[str, typer.Option(help="Such as 25; everywhere without it.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """The week's figures: what was asked, what became of it, what is new or growing, what is to be done."""

    def work(turn: Turn) -> tuple[list[str], Pack] | str:
        made = _made(turn, week, territory)
        if isinstance(made, Refused):
            return plain(turn.texts(made.text, **dict(made.fields)))
        return [plain(line) for line in pack_words.lines(turn, made)], made

    found = with_turn(work)
    if isinstance(found, str):
        raise typer.Exit(fail(found, [], code=2))
    lines, made = found
    if as_json:
        out.print(json.dumps(as_data(made), ensure_ascii=False, indent=2), markup=False)
        return
    out.print("\n".join(lines), markup=False)
    _show(made)


def as_data(value: Any) -> Any:
    """Plain values for JSON: weeks by their name, durations in seconds."""
    match value:
        case Week():
            return value.id
        case Tally():
            fates = {fate: value.fates.get(fate, 0) for fate in FATES}
            return {"total": value.total, **fates, "helped": value.helped, "unhelpful": value.unhelpful}
        case timedelta():
            return round(value.total_seconds())
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(value)
        case tuple():
            return [as_data(one) for one in value]
        case dict():
            return {str(key): as_data(one) for key, one in value.items()}
        case _ if is_dataclass(value):
            return {one.name: as_data(getattr(value, one.name)) for one in fields(value)}
        case _:
            return value


def _made(turn: Turn, week: str, territory: str) -> Pack | Refused:
    meant = pack_words.asked_week(turn, week)
    if isinstance(meant, Refused):
        return meant
    place = pack_places.territory(turn, territory) if territory else pack_places.everywhere(turn)
    return pack(turn, meant, place) if place is not None else refused("week.unknown_place", place=territory)


def _show(made: Pack) -> None:
    for title, parts in (
        ("Audiences", made.audiences),
        ("Themes", made.themes),
        ("Territories", made.territories),
    ):
        table(title, ["What", "Questions", *FATES, "Helped", "Unhelpful"], _rows(parts))
    table("Times", ["What", "Demands", "Median", "9 in 10 within"], _times(made))
    grown = [(one.kind, one.name, one.now, number(one.usual)) for one in made.growing]
    table("New or growing", ["Kind", "What", "This week", "Usually"], grown)
    if made.peers is not None:
        _show_peers(made, made.peers)
    gaps = [(one.count, " / ".join(one.quotes)) for one in made.gaps]
    table("Asked in vain", ["Times", "Wordings"], gaps)
    table("Answers said not to help", ["Entry", "Asked", "Helped", "Unhelpful"], _entries(made.unhelpful))
    table(f"Entries to look at ({made.stale_count})", ["Entry", "Why"], ((e.id, e.why) for e in made.stale))
    judged = [
        (name, one.part, one.whole, interval(one))
        for name, one in (("Wrong", made.quality.wrong), ("Incomplete", made.quality.incomplete))
    ]
    title = f"Answers judged in thirteen weeks ({made.quality.waiting} to judge)"
    table(title, ["What", "Answers", "Of", "Share, 95 % interval"], judged)
    blocked = [(one.title, one.days, one.people) for one in made.blocked]
    table("Blocking points", ["What", "Days", "Concerned"], blocked)
    actions = [(one.what, one.who, one.due) for one in made.actions]
    table("Open actions", ["What", "Who", "Due"], actions)


def _show_peers(made: Pack, theirs: Peers) -> None:
    ours = made.whole
    rows = [
        ("Questions", ours.total, number(theirs.questions)),
        ("Answered", _answered(ours), _answered(theirs.tally)),
        ("Demands", made.desk.opened, number(theirs.demands)),
        ("First reply, median", span(made.desk.first_reply.median), span(theirs.first_reply.median)),
    ]
    table(f"Beside {theirs.number} comparable territories", ["What", "Here", "On average"], rows)


def _answered(tally: Tally) -> str:
    return share(tally.fates.get("answered", 0), tally.total)


def _rows(parts: Sequence[Part]) -> Iterator[Sequence[object]]:
    for one in parts:
        fates = [one.tally.fates.get(fate, 0) for fate in FATES]
        yield (one.name, one.tally.total, *fates, one.tally.helped, one.tally.unhelpful)


def _times(made: Pack) -> list[Sequence[object]]:
    desk = made.desk
    named: list[tuple[str, Spread]] = [
        ("First reply", desk.first_reply),
        ("First reply, open time", desk.open_time),
        ("Solution confirmed", desk.confirmed),
        ("Solution assumed", desk.assumed),
    ]
    return [(name, one.count, span(one.median), span(one.p90)) for name, one in named]


def _entries(found: Sequence[ToLookAt]) -> list[Sequence[object]]:
    return [(one.id, one.asked, one.helped, one.unhelpful) for one in found]
