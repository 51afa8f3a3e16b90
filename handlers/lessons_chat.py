"""Learning from the chat: two taps after closing. What a person wrote is shown there only where it may be."""

from collections.abc import Sequence

from handlers import lessons, referent_chat
from handlers.delivery import Option, say, say_refused
from handlers.errors import Refused
from handlers.events import MessageReceived
from handlers.lessons import Idea
from handlers.turn import Turn
from knowledge.masking import mask
from knowledge.texts import Raw
from storage import questions, tickets
from storage.proposals import Kind
from storage.tables import Contact, Referent, Ticket

OFFERED = 3
_OTHERS: dict[str, Kind] = {"!entry": "entry", "!off_topic": "off_topic"}


def closed(turn: Turn, contact: Contact, ticket: Ticket) -> None:
    """The ticket is closed; what it may teach is one tap away."""
    say(turn, contact, "desk.closed_now", _offers(turn, ticket), ticket=ticket, number=ticket.number)


def begin(turn: Turn, contact: Contact, number: int, what: str) -> None:
    """The first tap: `what` is an entry, or a kind of proposal. The wording is shown, or asked for."""
    writer = referent_chat.of(turn, contact)
    ticket = tickets.for_referent(turn.session, number, writer) if writer is not None else None
    lesson = lessons.of_ticket(turn, ticket) if ticket is not None else None
    if writer is None or ticket is None or lesson is None:
        say(turn, contact, "choice.gone")
    elif lesson.question and _may_be_shown(turn, ticket):
        _ask_to_confirm(turn, contact, writer, number, what, lesson.question)
    else:
        referent_chat.expect(turn, writer, lesson=number, what=what)
        url = f"{turn.world.public_url}/console/demandes/{number}"
        say(turn, contact, "learning.write", number=number, url=url)


def takes(turn: Turn, contact: Contact, event: MessageReceived) -> bool:
    """Whether a message is the wording that a referent was asked for, or a better one."""
    writer = referent_chat.of(turn, contact)
    number = referent_chat.awaited(turn, writer, "lesson") if writer is not None else None
    if writer is None or number is None or event.reply_to is not None or not event.text.strip():
        return False
    what = str(referent_chat.awaited(turn, writer, "what"))
    _ask_to_confirm(turn, contact, writer, int(number), what, event.text)
    return True


def confirm(turn: Turn, contact: Contact) -> None:
    """The second tap: it holds nothing personal, and an editor will decide on it."""
    writer = referent_chat.of(turn, contact)
    words = referent_chat.awaited(turn, writer, "words") if writer is not None else None
    if writer is None or words is None:
        say(turn, contact, "choice.gone")
        return
    number = int(referent_chat.awaited(turn, writer, "lesson") or 0)
    idea = _idea(turn, writer, number, str(referent_chat.awaited(turn, writer, "what")), str(words))
    writer.awaiting = None
    made = lessons.learn(turn, writer, number, idea)
    if isinstance(made, Refused):
        say_refused(turn, contact, made)
        return
    say(turn, contact, "learning.proposed", text=made[0].text)


def drop(turn: Turn, contact: Contact) -> None:
    """Nothing is proposed."""
    writer = referent_chat.of(turn, contact)
    if writer is not None:
        writer.awaiting = None
    say(turn, contact, "learning.dropped")


def _offers(turn: Turn, ticket: Ticket) -> Sequence[Option]:
    lesson = lessons.of_ticket(turn, ticket)
    if lesson is None:
        return []
    number = ticket.number
    entries = [
        Option(
            "learn",
            {"ticket": number, "what": entry_id},
            label=turn.texts("learning.entry", title=Raw(title)),
        )
        for entry_id, title in lesson.near[:OFFERED]
    ]
    return [
        *entries,
        Option("learn", {"ticket": number, "what": "!entry"}, text="learn_entry"),
        Option("learn", {"ticket": number, "what": "!off_topic"}, text="learn_off_topic"),
    ]


def _may_be_shown(turn: Turn, ticket: Ticket) -> bool:
    """As for notices: only words that came by Telegram, and where the desk allows it."""
    question = questions.get(turn.session, ticket.question_id) if ticket.question_id is not None else None
    return turn.world.notices == "full" and question is not None and question.channel == "telegram"


def _ask_to_confirm(
    turn: Turn, contact: Contact, writer: Referent, number: int, what: str, words: str
) -> None:
    words = " ".join(mask(words).split())
    referent_chat.expect(turn, writer, lesson=number, what=what, words=words)
    say(turn, contact, "learning.check", [Option("learn_confirm"), Option("learn_drop")], text=words)


def _idea(turn: Turn, writer: Referent, number: int, what: str, words: str) -> Idea:
    ticket = tickets.for_referent(turn.session, number, writer)
    lesson = lessons.of_ticket(turn, ticket) if ticket is not None else None
    themes = turn.world.knowledge.themes
    theme = lesson.theme if lesson is not None and lesson.theme in themes else None
    return Idea(
        kind=_OTHERS.get(what, "phrasing"),
        texts=(words,),
        impersonal=True,
        entry_id=what,
        # The ticket's, else a first guess that an editor corrects.
        theme=theme or next(iter(themes)),
        audience=(lesson.audience if lesson is not None else None) or "",
        answer=lesson.reply if lesson is not None else "",
    )
