"""Several messages that make one thought: what is not sure waits a moment for the rest of it.

not sure, the first ──▶ put off in the inbox, nothing written ──moment over──▶ one turn: decided
                          │ another message comes
                          ▼
          its turn: gathered in the talk, with a timer ──▶ the next: gathered too ──timer──▶ decided
"""

from sqlalchemy.orm import Session

from handlers import infos_chat, question, referent_chat
from handlers.events import MessageReceived
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.outcomes import Match, OutOfScope, Unknown, Unsure
from storage import contacts, queue
from storage.contacts import Standing
from storage.tables import Contact, Transcript

GATHERED_AT_MOST = 5


def only_waits(session: Session, event: MessageReceived, standing: Standing) -> bool:
    """Whether all that this message would do is to wait, if it is one that `may_be_a_part`.

    That of somebody who was informed, and who has nothing open that it may be for.
    """
    talk = Talk.read(standing.state)
    return (
        standing.informed
        and event.reply_to is None
        and not (talk.gathering or talk.rephrasing or talk.ticket is not None or talk.walk is not None)
        and not infos_chat.says_stop(event.text)
        and referent_chat.at(session, event.address) is None
    )


def may_be_a_part(match: Match) -> bool:
    """Whether the message may be one of several that make one thought: then we wait for the others."""
    return isinstance(match, (Unsure, Unknown, OutOfScope))


def ask(turn: Turn, contact: Contact, talk: Talk, text: str, row: Transcript, match: Match | None) -> None:
    """A question: decided at once when that is sure, else after a moment for the rest of the thought."""
    talk.gathering.append(text)
    talk.gathered_rows.append(row.id)
    talk.round += 1
    wait = match is not None and may_be_a_part(match) and not talk.rephrasing and not turn.waited
    if not wait or len(talk.gathering) >= GATHERED_AT_MOST:
        question.settle(turn, contact, talk, match)
        return
    queue.put_timer(
        turn.session,
        key=f"gathered:{contact.id}:{row.id}",
        lane=contact.address,
        kind="gathered",
        now=turn.now,
        due_at=turn.now + turn.world.patience.more_words,
        contact=contact.id,
        round=talk.round,
    )


def due(turn: Turn, contact_id: int, round_number: int, match: Match | None) -> None:
    """Nothing more came: what was gathered is decided on. A later message has started a wait of its own."""
    contact = contacts.get(turn.session, contact_id)
    if contact is None:
        return
    talk = Talk.of(contact)
    if talk.round != round_number or not talk.gathering:
        return
    question.settle(turn, contact, talk, match)
    talk.save(contact)
