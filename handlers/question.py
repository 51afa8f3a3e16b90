"""A question is asked: what was found decides what is said, and every question is written down."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import escalation, greeting
from handlers.delivery import Option, say, tell
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge import answering
from knowledge.entries import Audience, Entry
from knowledge.masking import mask
from knowledge.matching import (
    Candidate,
    Distress,
    Found,
    HumanRequested,
    Match,
    OutOfScope,
    SmallTalk,
    Unknown,
    Unsure,
)
from knowledge.texts import Raw
from storage import questions, transcript
from storage.tables import Contact, Question, Ticket

PROPOSED = 3
HUMAN = Option("human")
REPHRASE = Option("rephrase")
ABOUT_US = Option("human", text="about_us")


@dataclass(frozen=True, slots=True)
class Asked:
    """A text to answer, the rows of the transcript that hold it, and what was found for it."""

    text: str
    rows: tuple[int, ...]
    match: Match


def audience_of(contact: Contact) -> Audience | None:
    return Audience(contact.audience) if contact.audience in set(Audience) else None


def is_sure(match: Match) -> bool:
    return isinstance(match, Found)


def may_be_a_part(match: Match) -> bool:
    """Whether the message may be one of several that make one thought: then we wait for the others."""
    return isinstance(match, (Unsure, Unknown, OutOfScope))


def answer(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    """Answers, proposes, hands over or declines."""
    match asked.match:
        case SmallTalk(kind=kind):
            _small_talk(turn, contact, kind)
        case Distress():
            _distress(turn, contact, asked)
        case HumanRequested():
            _human_requested(turn, contact, talk, asked)
        case OutOfScope():
            _log(turn, contact, talk, asked, entry_id=None)
            say(turn, contact, "decline", [ABOUT_US])
        case Found():
            _found(turn, contact, talk, asked)
        case Unsure():
            _propose(turn, contact, talk, asked)
        case Unknown():
            _unknown(turn, contact, talk, asked)


def decide(turn: Turn, contact: Contact, talk: Talk, match: Match | None) -> None:
    """Decides on all messages gathered so far, as one thought."""
    text, rows = "\n".join(talk.gathering), tuple(talk.gathered_rows)
    talk.forget_gathered()
    if text.strip():
        answer(turn, contact, talk, Asked(text, rows, match or Unknown(())))


def answer_beside_ticket(turn: Turn, contact: Contact, talk: Talk, asked: Asked, ticket: Ticket) -> bool:
    """While a referent has the ticket, a sure answer is still given, labelled; whether one was."""
    entry = _entry(turn, asked.match.candidates) if is_sure(asked.match) else None
    if entry is None or entry.handoff == "always" or not entry.in_force(turn.today):
        return False
    _log(turn, contact, talk, asked, entry_id=entry.id)
    tell(
        turn,
        contact,
        turn.texts("answer.beside_ticket", answer=Raw(answer_text(turn, contact, entry))),
        ticket=ticket,
    )
    return True


def show_entry(
    turn: Turn, contact: Contact, talk: Talk, entry_id: str, *, question_id: int | None = None
) -> None:
    """Gives the answer that a person chose among questions."""
    entry = turn.world.knowledge.entry(entry_id)
    if entry is None or not entry.in_force(turn.today):
        _hand_over_entry(turn, contact, talk, "answer.withdrawn")
        return
    question = _chosen_question(turn, contact, talk, entry, question_id)
    if entry.handoff == "always":
        tell(turn, contact, answer_text(turn, contact, entry))
        escalation.hand_over(turn, contact, talk, question_id=question.id, theme=entry.theme)
        return
    _give(turn, contact, entry, question)


def answer_text(turn: Turn, contact: Contact, entry: Entry) -> str:
    """What this person reads of an entry today."""
    return answering.answer_text(turn.world.knowledge, entry, audience=audience_of(contact), on=turn.today)


def feedback(turn: Turn, contact: Contact, talk: Talk, question_id: int, *, helped: bool) -> None:
    """« Cette réponse vous a-t-elle aidé ? », answered; the first answer counts."""
    question = _own(turn, contact, question_id)
    if question is None:
        say(turn, contact, "choice.gone")
        return
    if question.feedback is not None:
        say(turn, contact, "feedback.already")
        return
    question.feedback = "yes" if helped else "no"
    if helped:
        say(turn, contact, "feedback.thanks")
        return
    neighbours = _neighbours(turn, question)
    say(turn, contact, "feedback.sorry", [*_entry_options(neighbours, question.id), REPHRASE, HUMAN])
    talk.rephrasing = False


def none_of_these(turn: Turn, contact: Contact, talk: Talk, question_id: int | None) -> None:
    """No proposal fits: one rephrasing, then the referent."""
    if talk.rephrasing:
        escalation.hand_over(turn, contact, talk, question_id=question_id, theme=_theme_of(turn, question_id))
        talk.rephrasing = False
        return
    ask_to_rephrase(turn, contact, talk)


def hand_over_last(turn: Turn, contact: Contact, talk: Talk) -> None:
    """A person asks for a human: the ticket is about their last question."""
    greeting.inform_once(turn, contact)
    theme = _theme_of(turn, talk.question_id)
    escalation.hand_over(turn, contact, talk, question_id=talk.question_id, theme=theme)


def ask_to_rephrase(turn: Turn, contact: Contact, talk: Talk) -> None:
    talk.rephrasing = True
    say(turn, contact, "rephrase", [HUMAN])


def _found(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    entry = _entry(turn, asked.match.candidates)
    if entry is None or not entry.in_force(turn.today):
        question = _log(turn, contact, talk, asked, entry_id=None, outcome="handoff")
        say(turn, contact, "answer.withdrawn")
        escalation.hand_over(
            turn, contact, talk, question_id=question.id, theme=entry.theme if entry else None
        )
        return
    question = _log(turn, contact, talk, asked, entry_id=entry.id)
    talk.rephrasing = False
    if entry.handoff == "always":
        tell(turn, contact, answer_text(turn, contact, entry))
        escalation.hand_over(turn, contact, talk, question_id=question.id, theme=entry.theme)
        return
    _give(turn, contact, entry, question)


def _give(turn: Turn, contact: Contact, entry: Entry, question: Question) -> None:
    options = [
        Option("helped", {"question": question.id}),
        Option("not_helped", {"question": question.id}),
        HUMAN,
    ]
    key = "answer.frame_handoff" if entry.handoff == "after_answer" else "answer.frame"
    tell(turn, contact, turn.texts(key, answer=Raw(answer_text(turn, contact, entry))), options)


def _propose(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    question = _log(turn, contact, talk, asked, entry_id=None)
    near = [entry for entry in _entries(turn, asked.match.candidates) if entry.in_force(turn.today)][
        :PROPOSED
    ]
    none = Option("none", {"question": question.id})
    say(turn, contact, "propose", [*_entry_options(near, question.id), none, HUMAN])


def _unknown(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    question = _log(turn, contact, talk, asked, entry_id=None)
    if not talk.rephrasing:
        ask_to_rephrase(turn, contact, talk)
        return
    talk.rephrasing = False
    escalation.hand_over(turn, contact, talk, question_id=question.id, theme=_theme_of(turn, question.id))


def _small_talk(turn: Turn, contact: Contact, kind: str) -> None:
    tell(
        turn,
        contact,
        turn.texts.variant(f"smalltalk.{kind}", contact.last_seq),
        [Option("themes")],
    )


def _distress(turn: Turn, contact: Contact, asked: Asked) -> None:
    questions.log(
        turn.session,
        contact,
        at=turn.now,
        text=None,
        outcome="distress",
        candidates=[],
        entry_id=None,
        knowledge_hash=turn.world.knowledge.hash,
    )
    transcript.mark_distress(turn.session, asked.rows)
    say(turn, contact, "distress", [Option("human", text="somebody")])


def _human_requested(turn: Turn, contact: Contact, talk: Talk, asked: Asked) -> None:
    previous = talk.question_id
    question = _log(turn, contact, talk, asked, entry_id=None, remember=False)
    escalation.hand_over(
        turn, contact, talk, question_id=previous or question.id, theme=_theme_of(turn, previous)
    )


def _hand_over_entry(turn: Turn, contact: Contact, talk: Talk, key: str) -> None:
    say(turn, contact, key)
    escalation.hand_over(turn, contact, talk, question_id=talk.question_id, theme=None)


def _log(
    turn: Turn,
    contact: Contact,
    talk: Talk,
    asked: Asked,
    *,
    entry_id: str | None,
    outcome: str | None = None,
    remember: bool = True,
) -> Question:
    shown = [{"id": c.entry_id, "score": round(c.score, 1)} for c in asked.match.candidates[:3]]
    question = questions.log(
        turn.session,
        contact,
        at=turn.now,
        text=mask(asked.text),
        outcome=outcome or asked.match.outcome,
        candidates=shown,
        entry_id=entry_id,
        knowledge_hash=turn.world.knowledge.hash,
    )
    if remember:
        talk.previous, talk.question_id = mask(asked.text)[:500], question.id
    return question


def _chosen_question(
    turn: Turn, contact: Contact, talk: Talk, entry: Entry, question_id: int | None
) -> Question:
    """The question that the choice answers; a topic opened from a list is a question of its own."""
    question = _own(turn, contact, question_id) if question_id is not None else None
    if question is None:
        question = questions.log(
            turn.session,
            contact,
            at=turn.now,
            text=entry.title,
            outcome="chosen",
            candidates=[],
            entry_id=entry.id,
            knowledge_hash=turn.world.knowledge.hash,
        )
    elif question.entry_id != entry.id:
        question.entry_id, question.feedback = entry.id, None
    talk.previous, talk.question_id, talk.rephrasing = entry.title, question.id, False
    return question


def _own(turn: Turn, contact: Contact, question_id: int) -> Question | None:
    question = questions.get(turn.session, question_id)
    return question if question is not None and question.contact_id == contact.id else None


def _entries(turn: Turn, candidates: Sequence[Candidate]) -> list[Entry]:
    found = (turn.world.knowledge.entry(candidate.entry_id) for candidate in candidates)
    return [entry for entry in found if entry is not None]


def _entry(turn: Turn, candidates: Sequence[Candidate]) -> Entry | None:
    # The knowledge base may have been reloaded between the match and this turn.
    return next(iter(_entries(turn, candidates[:1])), None)


def _entry_options(entries: Sequence[Entry], question_id: int) -> list[Option]:
    return [
        Option("entry", {"entry": entry.id, "question": question_id}, label=entry.title) for entry in entries
    ]


def _neighbours(turn: Turn, question: Question) -> list[Entry]:
    """What else the question may have meant: its other candidates, then what the answer is related to."""
    base = turn.world.knowledge
    shown = base.entry(question.entry_id) if question.entry_id else None
    ids = [candidate["id"] for candidate in question.candidates] + list(shown.related if shown else ())
    others = dict.fromkeys(entry_id for entry_id in ids if entry_id != question.entry_id)
    found = [base.entry(entry_id) for entry_id in others]
    return [entry for entry in found if entry is not None and entry.in_force(turn.today)][:PROPOSED]


def _theme_of(turn: Turn, question_id: int | None) -> str | None:
    """The theme of the nearest entry: helps the referent, decides nothing."""
    question = questions.get(turn.session, question_id) if question_id is not None else None
    ids = [candidate["id"] for candidate in question.candidates] if question is not None else []
    if question is not None and question.entry_id:
        ids.insert(0, question.entry_id)
    entries = [turn.world.knowledge.entry(entry_id) for entry_id in ids]
    return next((entry.theme for entry in entries if entry is not None), None)
