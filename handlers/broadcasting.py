"""How a broadcast leaves: a few at a time, behind everything that somebody waits for, never at night.

Each step is a timer of its own and writes, in one transaction, who was taken, what is said to them and when
the next step is. It hands over no more than leaves in a moment: an answer never stands behind a long queue.
"""

from datetime import datetime, timedelta

from handlers import infos, infos_chat, night, posting
from handlers.turn import Turn
from knowledge.localities import zone_of
from storage import broadcasts, contacts, queue, subscriptions, transcript
from storage.broadcasts import Next
from storage.tables import Broadcast, Contact

PURPOSE = "broadcast"
PAUSE = timedelta(seconds=2)
"""From one step to the next."""
CHANNEL = "telegram"


def begin(turn: Turn, number: int) -> None:
    """Asks for the first step, at once."""
    _ask(turn, number, 1, turn.now)


def step(turn: Turn, number: int, step_number: int) -> None:
    """Hands over the next few, unless it was stopped; asks for the next step as long as there is one."""
    broadcast = broadcasts.lock(turn.session, number)
    if broadcast is None:
        return
    broadcasts.settle(turn.session, number)
    if broadcast.state == "sending":
        _hand_over(turn, broadcast)
    following = _following(turn, broadcast)
    if following is not None:
        _ask(turn, number, step_number + 1, following)
    else:
        broadcasts.finish(turn.session, number, now=turn.now)


def message(turn: Turn, broadcast: Broadcast) -> str:
    """What people read: the text, and under it why they get it and how it ends."""
    footer = turn.texts("infos.footer", subject=infos.name_of(turn, broadcast.subject))
    return f"{broadcast.text}\n\n{footer}"


def _hand_over(turn: Turn, broadcast: Broadcast) -> None:
    dark = night.dark_places(turn)
    broadcasts.take_back(turn.session, broadcast.id, places=dark)
    most = round(turn.world.broadcast_rate * PAUSE.total_seconds())
    room = most - broadcasts.ahead(turn.session, CHANNEL, limit=most)
    for one in broadcasts.due(turn.session, broadcast.id, except_in=dark, limit=room) if room > 0 else ():
        _send(turn, broadcast, one)


def _send(turn: Turn, broadcast: Broadcast, one: Next) -> None:
    """To one person, who may have left the list or the town at this very instant."""
    contact = contacts.lock(turn.session, one.contact_id) if one.contact_id is not None else None
    if contact is None or broadcast.subject not in subscriptions.open_of(turn.session, contact.id):
        broadcasts.take(turn.session, one.id, "left")
    elif contact.unreachable_at is not None:
        broadcasts.take(turn.session, one.id, "blocked")
    elif not posting.goes_out(contact):
        # Who writes on the web finds it in the conversation.
        if broadcasts.take(turn.session, one.id, "sent"):
            _say(turn, broadcast, contact)
    elif broadcasts.take(turn.session, one.id, "queued"):
        row_id = _say(turn, broadcast, contact)
        broadcasts.sent_by(turn.session, one.id, row_id, contact.address)


def _say(turn: Turn, broadcast: Broadcast, contact: Contact) -> int:
    """A row of the conversation; its button on Telegram outlives the row, which is erased after a while."""
    subject = broadcast.subject
    label = turn.texts("infos.no_more")
    row = transcript.add(
        turn.session,
        contact,
        author="bot",
        text=message(turn, broadcast),
        markup=True,
        at=turn.now,
        choices=[{"label": label, "do": "infos_stop", "given": {"subject": subject}}],
    )
    if posting.goes_out(contact):
        for payload in posting.parts(turn, contact, row):
            if payload["choices"]:
                payload["choices"] = [{"id": infos_chat.stop_id(subject), "label": label}]
            posting.put(turn, contact, row, payload, purpose=PURPOSE, author_id=None)
    return row.id


def _following(turn: Turn, broadcast: Broadcast) -> datetime | None:
    """When there is something to do again: in a moment, when a night ends, or never."""
    if broadcasts.any_left(turn.session, broadcast.id, "queued"):
        return turn.now + PAUSE
    if not broadcasts.any_left(turn.session, broadcast.id, "waiting"):
        return None
    dark = night.dark_places(turn)
    if broadcasts.due(turn.session, broadcast.id, except_in=dark, limit=1):
        return turn.now + PAUSE
    places = broadcasts.places_left(turn.session, broadcast.id)
    return min(night.morning(turn.now, zone_of(code, turn.world.timezone)) for code in places)


def _ask(turn: Turn, number: int, step_number: int, due_at: datetime) -> None:
    queue.put_timer(
        turn.session,
        key=f"broadcast:{number}:{step_number}",
        lane=f"timer:broadcast:{number}",
        kind="broadcast",
        now=turn.now,
        due_at=due_at,
        number=number,
        step=step_number,
    )
