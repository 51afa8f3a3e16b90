"""What we do when a message could not be delivered: whoever wrote it is told, nothing drops in silence."""

from sqlalchemy.orm import Session

from handlers import greeting, presence, routing, trouble
from handlers.delivery import Option, notify, say
from handlers.posting import CHANGE, SENT_CHANNELS
from handlers.turn import Turn
from storage import contacts, directory, outbox, queue, tickets
from storage.outbox import Parcel
from storage.tables import Contact


def failed(turn: Turn, parcel: Parcel, reason: str) -> None:
    """Given up: the referent who wrote it learns it, and a notice that nobody got goes to the next ones."""
    if not outbox.failed(turn.session, parcel, now=turn.now, reason=reason):
        return
    _tell_author(turn, parcel, reason)
    routing.notice_failed(turn, parcel)


def unreachable(turn: Turn, parcel: Parcel, reason: str) -> None:
    """The person blocked us or left: nothing more is sent there, their open tickets say so."""
    outbox.failed(turn.session, parcel, now=turn.now, reason=reason)
    contact = contacts.known(turn.session, parcel.lane)
    if contact is not None:
        presence.lost(turn, contact)
    ticket = tickets.get(turn.session, parcel.ticket_number) if parcel.ticket_number is not None else None
    if ticket is not None and ticket.state not in tickets.OPEN:
        _tell_author(turn, parcel, turn.texts("notice.blocked"))
    outbox.cancel(turn.session, parcel.lane)
    routing.notice_failed(turn, parcel)


def set_aside(turn: Turn) -> None:
    """Items that nobody could handle: who sent one is told, and so are the administrators."""
    lanes = queue.newly_parked(turn.session)
    if lanes:
        trouble.note(turn, "set_aside")
    for contact in filter(None, (_sender(turn, lane) for lane in lanes)):
        greeting.inform_once(turn, contact)
        say(turn, contact, "message.set_aside", [Option("human")])


def _sender(turn: Turn, lane: str) -> Contact | None:
    """Who wrote what stands in a lane; also somebody whose very first message it was. Groups are nobody."""
    channel, _, name = lane.partition(":")
    if channel in SENT_CHANNELS and name.isdigit():
        return contacts.at(turn.session, lane, now=turn.now)
    return contacts.known(turn.session, lane)


def moved(session: Session, parcel: Parcel, address: str) -> None:
    """The conversation goes on elsewhere; what waits for it follows."""
    outbox.put_back(session, parcel)
    outbox.readdress(session, parcel.lane, address)
    contacts.move(session, parcel.lane, address)


def _tell_author(turn: Turn, parcel: Parcel, reason: str) -> None:
    author = directory.get(turn.session, parcel.author_id) if parcel.author_id is not None else None
    ticket = tickets.get(turn.session, parcel.ticket_number) if parcel.ticket_number is not None else None
    if author is None or ticket is None:
        return
    if parcel.purpose == CHANGE:
        notify(turn, author, turn.texts("notice.unchanged", number=ticket.number), ticket=ticket)
        tickets.note(turn.session, ticket.number, "unchanged", now=turn.now, detail=reason)
        return
    notify(
        turn,
        author,
        turn.texts("notice.undelivered", number=ticket.number, reason=reason),
        ticket=ticket,
        mail_key="mail.undelivered",
        number=ticket.number,
        reason=reason,
        url=f"{turn.world.public_url}/console/demandes/{ticket.number}",
    )
    tickets.note(turn.session, ticket.number, "undelivered", now=turn.now, detail=reason)
