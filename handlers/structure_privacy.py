"""The one person per structure whose name and address may be kept: erased on request, let go in time."""

from datetime import timedelta

from handlers import structures
from handlers.turn import Turn
from storage import erasures, structure_contacts, structure_imports
from storage.erasures import Register


def forget(turn: Turn, address: str) -> bool:
    """Erases whoever has this e-mail address from all structures, for good; False when nobody had."""
    found = structure_contacts.with_email(turn.session, address)
    for one in found:
        structures.erase_contact(turn, None, one.id)
    # A file that waits for its confirmation may hold the address as well.
    structure_imports.drop_older(turn.session, before=turn.now)
    if found:
        erasures.note(turn.session, structure_contacts.subject_of(address), now=turn.now)
    return bool(found)


def forget_again(turn: Turn, erased: Register) -> int:
    """Erases whom an older copy has brought back; how many addresses."""
    back = set(structure_contacts.that_came_back(turn.session, erased))
    return sum(forget(turn, address) for address in sorted(back))


def purge(turn: Turn) -> None:
    """Lets go of contacts of whose structure nothing was heard for long, and of files nobody confirmed."""
    before = turn.now - timedelta(days=turn.world.retention.partner)
    for structure_id in structure_contacts.unheard_of(turn.session, before=before):
        structures.erase_contact(turn, None, structure_id)
    structure_imports.drop_older(turn.session, before=turn.now - timedelta(days=1))
