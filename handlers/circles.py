"""Who could answer a ticket, circle by circle; only those in office and present.

first (the least loaded of the territory) → territory → deputy → region → national
"""

from collections.abc import Iterable, Sequence

from handlers.turn import Turn
from storage import directory, offers, tickets
from storage.tables import Referent, Ticket

NEXT = {
    "unrouted": "first",
    "first": "territory",
    "territory": "deputy",
    "deputy": "region",
    "region": "national",
}


def members(turn: Turn, ticket: Ticket, stage: str) -> list[Referent]:
    """Whom a circle adds to those who were told already; the national desk is never empty for that."""
    told = {one.id for one in offers.told(turn.session, ticket.number)}
    circle = _circle(turn, ticket.territory or "", stage)
    new = [one for one in circle if one.id not in told]
    return new or (circle if stage == "national" else [])


def national_desk(turn: Turn) -> list[Referent]:
    """The national desk (else the administrators): those who are present, or all when nobody is."""
    desk = directory.national_desk(turn.session) or directory.administrators(turn.session)
    return _present(turn, desk) or list(desk)


def deputies(turn: Turn, referents: Sequence[Referent]) -> list[Referent]:
    """For each the replacement named for their absence, else their standing deputy: who is present."""
    found: dict[int, Referent] = {}
    for referent in referents:
        absence = directory.absence(turn.session, referent.id, now=turn.now)
        numbers = (absence.replacement_id if absence is not None else None, referent.deputy_id)
        known = [directory.get(turn.session, number) for number in numbers if number is not None]
        for stand_in in _present(turn, [one for one in known if one is not None])[:1]:
            found[stand_in.id] = stand_in
    return list(found.values())


def answering(turn: Turn, ticket: Ticket) -> list[Referent]:
    """Who has to answer now: whoever has it, else those who were told, else the national desk."""
    return _present(turn, in_charge(turn, ticket)) or national_desk(turn)


def in_charge(turn: Turn, ticket: Ticket) -> list[Referent]:
    """The same whether they are there or not: where it begins with one of a territory, all who serve it."""
    holder = directory.get(turn.session, ticket.referent_id) if ticket.referent_id is not None else None
    if holder is not None:
        return [holder]
    serving = directory.serving(turn.session, ticket.territory or "")
    begins = ticket.stage in ("unrouted", "first", "territory")
    return list(serving) if begins else list(offers.told(turn.session, ticket.number))


def holding(turn: Turn, ticket: Ticket) -> list[Referent]:
    """Whoever has the ticket and, while they are away, who stands in for them and may see it."""
    holder = directory.get(turn.session, ticket.referent_id) if ticket.referent_id is not None else None
    if holder is None or directory.absence(turn.session, holder.id, now=turn.now) is None:
        return [holder] if holder is not None else []
    stand_ins = deputies(turn, [holder])
    seeing = [one for one in stand_ins if tickets.for_referent(turn.session, ticket.number, one) is not None]
    return [holder, *seeing]


def _circle(turn: Turn, territory: str, stage: str) -> list[Referent]:
    match stage:
        case "first":
            return _least_loaded(turn, _present(turn, directory.serving(turn.session, territory)))
        case "territory":
            return _present(turn, directory.serving(turn.session, territory))
        case "deputy":
            return deputies(turn, directory.serving(turn.session, territory))
        case "region":
            return _present(turn, directory.region_pool(turn.session, territory))
        case _:
            return national_desk(turn)


def _least_loaded(turn: Turn, serving: Sequence[Referent]) -> list[Referent]:
    """The one with the fewest tickets in hand; where only one is present, there is nobody to come first."""
    if len(serving) < 2:  # somebody and somebody else
        return []
    loads = offers.loads(turn.session, [one.id for one in serving])
    return [min(serving, key=lambda one: (loads[one.id], one.id))]


def _present(turn: Turn, referents: Iterable[Referent]) -> list[Referent]:
    return [one for one in referents if directory.absence(turn.session, one.id, now=turn.now) is None]
