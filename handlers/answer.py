"""Giving an answer: the entry in this person's wording, its source and date, and « did it help? »."""

from collections.abc import Sequence

from handlers import escalation, greeting, holds, question_log
from handlers.delivery import Option, say, tell
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge import answering
from knowledge.entries import Audience, Entry
from knowledge.markup import escape
from knowledge.outcomes import Found, Match
from knowledge.texts import Raw
from storage import repairs
from storage.tables import Contact, Question, Ticket

HUMAN = Option("human")


def audience_of(contact: Contact) -> Audience | None:
    return audience_named(contact.audience)


def audience_named(name: str | None) -> Audience | None:
    return Audience(name) if name in set(Audience) else None


def give(turn: Turn, contact: Contact, talk: Talk, entries: Sequence[Entry], question: Question) -> None:
    """Gives one answer, or one for each part of the message; some entries always go on to a referent."""
    question_log.remember(talk, question)
    talk.rephrasing = False
    text = _text(turn, contact, entries)
    always = [entry for entry in entries if entry.handoff == "always"]
    if always:
        tell(turn, contact, text)
        escalation.hand_over(turn, contact, talk, question_id=question.id, theme=always[0].theme)
        return
    # Who has just walked a guide to this answer is not asked to begin one.
    guides = _guide_options(turn, entries) if question.outcome != "guide" else []
    more = [*_facile_options(turn, entries, question), *guides]
    tell_and_ask(turn, contact, text, question, more=more, person_needed=_person_needed(entries))


def give_facile(turn: Turn, contact: Contact, talk: Talk, entry_id: str, question_id: int) -> None:
    """The same answer in easy-to-read French."""
    question = question_log.own(turn, contact, question_id)
    if question is None:
        say(turn, contact, "choice.gone")
        return
    entries = holds.sayable(turn, [turn.world.knowledge.entry(entry_id)])
    if not entries:
        withdrawn(turn, contact, talk, question.id, [entry_id])
        return
    text = _text(turn, contact, entries, facile=True)
    tell_and_ask(turn, contact, text, question, person_needed=_person_needed(entries))


def tell_and_ask(
    turn: Turn,
    contact: Contact,
    text: str,
    question: Question,
    *,
    more: Sequence[Option] = (),
    person_needed: bool = False,
) -> None:
    """Says an answer and asks whether it helped; `more` is what else may be chosen under it."""
    given: dict[str, str | int] = {"question": question.id}
    options = [Option("helped", given), Option("not_helped", given), *more, HUMAN]
    key = "answer.frame_handoff" if person_needed else "answer.frame"
    tell(turn, contact, turn.texts(key, answer=Raw(text)), options)


def give_beside_ticket(turn: Turn, contact: Contact, entries: Sequence[Entry], ticket: Ticket) -> None:
    """An answer for somebody who waits for a referent, labelled as what it is."""
    text = turn.texts("answer.beside_ticket", number=ticket.number, answer=Raw(_text(turn, contact, entries)))
    tell(turn, contact, text, ticket=ticket)


def show_entry(
    turn: Turn, contact: Contact, talk: Talk, entry_id: str, *, question_id: int | None = None
) -> None:
    """Gives the answer that a person chose among questions."""
    entry = turn.world.knowledge.entry(entry_id)
    if entry is None or not holds.sayable(turn, [entry]):
        withdrawn(turn, contact, talk, talk.question_id, [entry_id])
        return
    question = question_log.chosen(turn, contact, entry, question_id)
    if question.id != talk.question_id:
        talk.asked_rows = []
    give(turn, contact, talk, [entry], question)


def give_sayable(turn: Turn, contact: Contact, talk: Talk, entry_id: str, question: Question) -> None:
    """An entry that something else than a match led to; a referent instead when it may not be said."""
    entries = holds.sayable(turn, [turn.world.knowledge.entry(entry_id)])
    if not entries:
        withdrawn(turn, contact, talk, question.id, [entry_id])
        return
    give(turn, contact, talk, entries, question)


def withdrawn(
    turn: Turn, contact: Contact, talk: Talk, question_id: int | None, entry_ids: Sequence[str]
) -> None:
    """What we would have said is out of date, wrong or on hold: a referent answers instead."""
    changing = holds.any_held(turn, entry_ids) and not repairs.any_wrong(turn.session, entry_ids)
    say(turn, contact, "answer.frozen" if changing else "answer.withdrawn")
    wanted = turn.world.knowledge.entry(entry_ids[0]) if entry_ids else None
    theme = wanted.theme if wanted is not None else question_log.theme_of(turn, question_id)
    escalation.hand_over(turn, contact, talk, question_id=question_id, theme=theme)


def sure_entries(turn: Turn, match: Match) -> list[Entry]:
    """The entries of a sure match that may be said today; [] when one of them may not.

    The knowledge base may have been reloaded between the match and this turn.
    """
    if not isinstance(match, Found):
        return []
    said = holds.sayable(turn, map(turn.world.knowledge.entry, match.entry_ids))
    return said if len(said) == len(match.entry_ids) else []


def entry_options(entries: Sequence[Entry], question_id: int | None = None) -> list[Option]:
    """Questions to choose from; with the question that they are proposed for."""
    given = {} if question_id is None else {"question": question_id}
    return [Option("entry", {"entry": entry.id, **given}, label=entry.title) for entry in entries]


def _person_needed(entries: Sequence[Entry]) -> bool:
    return any(entry.handoff == "after_answer" for entry in entries)


def _facile_options(turn: Turn, entries: Sequence[Entry], question: Question) -> list[Option]:
    """« Version facile », where there is one; of several answers each with its title."""
    easy = [entry for entry in entries if entry.facile is not None]
    if len(entries) == len(easy) == 1:
        return [Option("facile", {"entry": easy[0].id, "question": question.id})]
    return [
        Option(
            "facile",
            {"entry": entry.id, "question": question.id},
            label=turn.texts("answer.facile_of", title=Raw(entry.title)),
        )
        for entry in easy
    ]


def _guide_options(turn: Turn, entries: Sequence[Entry]) -> list[Option]:
    """The guides that these answers offer."""
    ids = {entry.id for entry in entries}
    guides = turn.world.knowledge.guides.values()
    return greeting.guide_list([guide for guide in guides if not ids.isdisjoint(guide.offered_by)])


def _text(turn: Turn, contact: Contact, entries: Sequence[Entry], *, facile: bool = False) -> str:
    audience, base = audience_of(contact), turn.world.knowledge
    territory = base.territories.by_code(contact.territory) if contact.territory else None
    texts = [
        answering.answer_text(
            base, entry, audience=audience, on=turn.today, territory=territory, facile=facile
        )
        for entry in entries
    ]
    if len(texts) == 1:
        return texts[0]
    return "\n\n".join(f"**{escape(e.title)}**\n\n{text}" for e, text in zip(entries, texts, strict=True))
