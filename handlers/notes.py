"""Internal notes: referents tell each other something about a ticket. Its asker never gets a word of them.

They stay beside the ticket, so that whoever gets it passed on reads them, and are erased with it.
"""

from handlers.delivery import notify
from handlers.errors import Refused, refused
from handlers.turn import Turn
from storage import directory, notes, tickets
from storage.tables import Referent, Ticket, TicketNote

LONGEST = 4096


def add(turn: Turn, referent: Referent, number: int, text: str) -> TicketNote | Refused:
    """Keeps a note with a ticket, in whatever state it is; whoever else has it in hand is told of it."""
    text = text.strip()
    ticket = tickets.for_referent(turn.session, number, referent)
    if ticket is None:
        return refused("desk.not_found", number=number)
    if not text:
        return refused("note.empty")
    if len(text) > LONGEST:
        return refused("note.long", limit=LONGEST)
    # Locked, so that an erasure at the same instant either finds the note or is found.
    turn.session.refresh(ticket, with_for_update=True)
    if ticket.erased_at is not None:
        return refused("note.erased", number=number)
    kept = notes.add(turn.session, number, text=text, referent_id=referent.id, now=turn.now)
    tickets.note(turn.session, number, "noted", now=turn.now, referent_id=referent.id)
    _tell_holder(turn, ticket, referent)
    return kept


def mention(turn: Turn, number: int) -> str:
    """« Notes internes : 2 », to be told to whoever gets the ticket; "" without any."""
    count = notes.count(turn.session, number)
    return turn.texts("note.mention", count=count) if count else ""


def _tell_holder(turn: Turn, ticket: Ticket, by: Referent) -> None:
    """That there is a note, not what it says: notices pass through Telegram."""
    holder = directory.get(turn.session, ticket.referent_id) if ticket.referent_id is not None else None
    if holder is not None and holder.id != by.id:
        url = f"{turn.world.public_url}/console/demandes/{ticket.number}"
        text = turn.texts("notice.note", number=ticket.number, name=by.name, url=url)
        notify(turn, holder, text, ticket=ticket)
