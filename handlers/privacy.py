"""What people may see and erase of themselves, through the door they came by."""

import json
from typing import Any

from sqlalchemy.orm import Session

from handlers import infos
from handlers.delivery import MAIL_NOTICE, Option, notify, say, send_document
from handlers.routing import territory_name
from handlers.turn import Turn
from knowledge.texts import Raw
from storage import (
    contacts,
    directory,
    erasures,
    files,
    life,
    notes,
    outbox,
    questions,
    reads,
    receipts,
    secrets,
    showings,
    structure_links,
    subscriptions,
    tickets,
    transcript,
    wiping,
)
from storage.tables import Contact, Subscription, Ticket


def notice(turn: Turn, contact: Contact) -> None:
    """Who reads, how long it is kept, what one may ask for."""
    keep = turn.world.retention
    say(
        turn,
        contact,
        "privacy.notice",
        controller=turn.world.controller or turn.texts("privacy.controller_unnamed"),
        conversation=keep.conversation,
        ticket_months=round(keep.ticket / 30.5),
        proof_months=round(keep.proof / 30.5),
        question_months=round(keep.question / 30.5),
        url=Raw(f"{turn.world.public_url}/confidentialite"),
    )


def show(turn: Turn, contact: Contact) -> None:
    """`/mesdonnees`: readable, and as a JSON file where the channel can carry one."""
    data = my_data(turn.session, contact)
    say(
        turn,
        contact,
        "privacy.data",
        audience=turn.texts(f"audience.{contact.audience or 'unknown'}"),
        territory=territory_name(turn, contact.territory),
        structure=contact.structure or "—",
        messages=len(data["echanges"]),
        questions=len(data["questions"]),
        tickets=", ".join(f"n° {ticket['numero']}" for ticket in data["demandes"]) or "—",
        infos=_subjects(turn, contact),
    )
    send_document(
        turn, contact, name="mes-donnees.json", content=json.dumps(data, ensure_ascii=False, indent=2)
    )


def ask_erasure(turn: Turn, contact: Contact) -> None:
    """`/effacer`: says what will go, and asks once more."""
    say(
        turn,
        contact,
        "privacy.ask_erasure",
        [Option("erase"), Option("keep")],
    )


def erase_contact(turn: Turn, contact: Contact) -> None:
    """Erases a person's texts everywhere; says so last, where it can still be said.

    Kept: the number and dates of tickets and the figures of questions, without text or person.
    """
    address = contact.address
    on_telegram = address.split(":", 1)[0] == "telegram"
    # In a chat, what was written after the button was pressed is a new conversation; on the web it cannot be.
    forget(turn, contact, waiting=not on_telegram)
    if on_telegram:
        payload = {"kind": "message", "text": turn.texts("privacy.erased"), "markup": True, "choices": []}
        outbox.put(turn.session, lane=address, payload=payload, now=turn.now, purpose="erased")


def forget(turn: Turn, contact: Contact, *, waiting: bool = True) -> None:
    """The same without a word, for `forget ADDRESS`; `waiting` messages go too. No backup brings it back."""
    erasures.note(turn.session, erasures.of_address(contact.address), now=turn.now)
    let_go(turn, contact, waiting=waiting)


def let_go(turn: Turn, contact: Contact, *, waiting: bool = True) -> None:
    """The same for the retention, that does it again by itself after an older backup was restored."""
    for ticket in tickets.of_contact(turn.session, contact.id):
        _forget_question(turn, ticket)
        forget_ticket(turn, ticket)
    outbox.cancel(turn.session, contact.address)
    if contact.mail_notice:
        # The address may be a colleague's as well: mails to them are none of this person's.
        outbox.cancel(turn.session, f"mail:{contact.mail_notice}", purpose=MAIL_NOTICE)
    wiping.drop_lane(turn.session, contact.address, waiting=waiting)
    showings.wipe(turn.session, contact.id)
    questions.forget_contact(turn.session, contact.id)
    transcript.wipe(turn.session, contact.id)
    receipts.forget_lane(turn.session, contact.address)
    for kind in ("web", "link"):
        secrets.revoke_all(turn.session, kind, contact_id=contact.id)
    turn.session.flush()
    contacts.remove(turn.session, contact)


def forget_ticket(turn: Turn, ticket: Ticket) -> None:
    """Empties a ticket: notices with its text go too; whoever has it is told if it was still open."""
    was_open = life.move(turn.session, ticket.number, "erase", closed_at=turn.now)
    outbox.cancel_ticket(turn.session, ticket.number)
    transcript.wipe_ticket(turn.session, ticket.number)
    reads.forget(turn.session, ticket.number)
    structure_links.unlink(turn.session, ticket.number)
    ticket.structure, ticket.contact_id, ticket.question_id = None, None, None
    ticket.erased_at = turn.now
    erasures.note(turn.session, erasures.of_ticket(ticket.number), now=turn.now)
    tickets.note(turn.session, ticket.number, "erased", now=turn.now)
    turn.session.flush()
    # Only now that the ticket's row is ours: a note that is written at this instant is erased or refused.
    notes.wipe_ticket(turn.session, ticket.number)
    holder = directory.get(turn.session, ticket.referent_id) if ticket.referent_id is not None else None
    if was_open and holder is not None:
        notify(turn, holder, turn.texts("notice.erased", number=ticket.number))


def _forget_question(turn: Turn, ticket: Ticket) -> None:
    """Only the ticket still leads to an old question: the link to its person is cut after a month."""
    question = questions.get(turn.session, ticket.question_id) if ticket.question_id is not None else None
    if question is not None:
        question.text = None


def my_data(session: Session, contact: Contact) -> dict[str, Any]:
    """Everything that is kept about a contact, ready for JSON; keys in French, since people read them."""
    return {
        "adresse": contact.address,
        "public": contact.audience,
        "departement": contact.territory,
        "structure": contact.structure,
        "email_pour_etre_prevenu": contact.mail_notice,
        "premier_message": contact.created_at.isoformat(),
        "dernier_message": contact.seen_at.isoformat(),
        "echanges": _said(session, contact),
        "questions": [
            {
                "date": question.asked_at.isoformat(),
                "texte_masque": question.text,
                "resultat": question.outcome,
                "fiche": question.entry_id,
                "avis": question.feedback,
            }
            for question in questions.of_contact(session, contact.id)
        ],
        "demandes": [
            {
                "numero": ticket.number,
                "etat": ticket.state,
                "ouverte_le": ticket.opened_at.isoformat(),
                "resolue": ticket.solved,
                "aide": ticket.helped,
            }
            for ticket in tickets.of_contact(session, contact.id)
        ],
        "infos": [_agreed(one) for one in subscriptions.of_contact(session, contact.id)],
    }


def _subjects(turn: Turn, contact: Contact) -> str:
    held = subscriptions.open_of(turn.session, contact.id)
    return ", ".join(infos.name_of(turn, one) for one in held) or "—"


def _agreed(one: Subscription) -> dict[str, Any]:
    return {
        "sujet": one.subject,
        "departement": one.territory,
        "accord_donne_le": one.given_at.isoformat(),
        "accord_donne_par": one.act,
        "phrase_acceptee": one.wording,
        "fin_le": one.ended_at.isoformat() if one.ended_at is not None else None,
        "fin_par": one.ended_by,
    }


def _said(session: Session, contact: Contact) -> list[dict[str, Any]]:
    beside: dict[int, list[dict[str, Any]]] = {}
    for row_id, kind, name, size in files.names(session, contact.id):
        beside.setdefault(row_id, []).append({"genre": kind, "nom": name, "octets": size})
    return [
        {
            "date": row.at.isoformat(),
            "auteur": row.author,
            "texte": row.text,
            "demande": row.ticket_number,
            "pieces": beside.get(row.id, []),
        }
        for row in transcript.after(session, contact.id, 0, limit=100_000)
    ]
