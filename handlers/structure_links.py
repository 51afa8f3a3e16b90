"""A ticket and the structure that it is about: linked by a referent, suggested by the name that was given."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from handlers import audit
from handlers.audit import Action
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge.normalising import fold
from storage import structure_links, structures, tickets
from storage.structures import Wanted
from storage.tables import Referent, Structure, Ticket

SUGGESTED = 3
_NEAR = 75
"""Out of 100: « cinéma le rex » for « Le Rex », and not « Cinéma Rialto »."""


def link(turn: Turn, by: Referent, number: int, named: str) -> Structure | Refused:
    """Links a ticket to a structure, by its number or its name."""
    ticket = tickets.for_referent(turn.session, number, by)
    if ticket is None:
        return refused("desk.not_found", number=number)
    if ticket.erased_at is not None:
        return refused("desk.erased", number=number)
    found = _called(turn, by, named)
    if isinstance(found, Structure):
        structure_links.link(turn.session, number, found.id)
        audit.note(turn, by, Action.LINKED, "ticket", number)
    return found


def unlink(turn: Turn, by: Referent, number: int) -> Refused | None:
    if tickets.for_referent(turn.session, number, by) is None:
        return refused("desk.not_found", number=number)
    structure_links.unlink(turn.session, number)
    return None


def suggested(turn: Turn, who: Referent, ticket: Ticket) -> list[Structure]:
    """Those of the ticket's territory whose name is near to what its asker called their structure."""
    codes = structures.reach(turn.session, who, now=turn.now)
    if ticket.structure is None or ticket.territory is None:
        return []
    if codes is not None and ticket.territory not in codes:
        return []
    there = structures.listed(turn.session, Wanted(territories=frozenset({ticket.territory})))
    return nearest(ticket.structure, there)


def nearest(name: str, known: Sequence[Structure]) -> list[Structure]:
    """The few whose names are like this one, the nearest first."""
    names = {place: one.folded for place, one in enumerate(known)}
    near = process.extract(
        fold(name), names, scorer=fuzz.token_set_ratio, score_cutoff=_NEAR, limit=SUGGESTED
    )
    return [known[place] for _, _, place in near]


def matching(turn: Turn, who: Referent, words: str, *, limit: int) -> Sequence[Structure]:
    """What somebody may see and that is called so: the very name alone, else those that hold the words."""
    folded = fold(" ".join(words.split()))
    mine = structures.reach(turn.session, who, now=turn.now)
    same = structures.listed(turn.session, Wanted(territories=mine, named=folded), limit=limit)
    return same or structures.listed(turn.session, Wanted(territories=mine, words=folded), limit=limit)


def _called(turn: Turn, by: Referent, named: str) -> Structure | Refused:
    words = named.strip().removeprefix("n°").strip()
    if words.isascii() and words.isdigit() and len(words) < 10:
        known = structures.for_referent(turn.session, int(words), by, now=turn.now)
        return known if known is not None else refused("structures.unknown", words=words)
    found = matching(turn, by, words, limit=2) if words else ()
    if len(found) == 1:
        return found[0]
    return (
        refused("structures.several", words=words[:60])
        if found
        else refused("structures.unknown", words=words[:60] or "…")
    )
