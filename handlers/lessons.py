"""Learning from a demand: what its referent proposes once it is closed. Nothing is learnt by that alone.

A proposal holds words that its author read, masked and declared free of anything personal; it does not
lead back to the demand or to the person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from handlers import suggestions
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge import overlay
from knowledge.entries import ANSWER_LIMIT, TITLE_LIMIT, AudienceName
from knowledge.masking import mask
from knowledge.normalising import split_words
from storage import proposals, questions, tickets
from storage.proposals import Kind
from storage.tables import Proposal, Referent, Ticket

ELSEWHERE = "autre"
"""The off-topic subject of what nobody sorted."""
_LONGEST_ID = 60
MOST_WORDINGS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a demand may teach, as a first version to be edited."""

    question: str
    reply: str
    near: tuple[tuple[str, str], ...]
    """Ids and titles of the entries that were shown or near, best first."""
    theme: str | None
    audience: str | None
    proposed: bool
    """Whether something was proposed from it already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """What somebody wants learnt: a wording of `entry_id`, of no entry of ours, or of a new one."""

    kind: Kind
    texts: tuple[str, ...]
    impersonal: bool
    """« Ne contient rien de personnel », confirmed."""
    entry_id: str = ""
    title: str = ""
    theme: str = ""
    audience: str = ""
    answer: str = ""


def of_ticket(turn: Turn, ticket: Ticket) -> Lesson | None:
    """None while the demand is open, and when its texts are erased."""
    if ticket.state != "closed" or ticket.erased_at is not None:
        return None
    question = questions.get(turn.session, ticket.question_id) if ticket.question_id is not None else None
    candidates = question.candidates if question is not None else []
    shown = [question.entry_id] if question is not None and question.entry_id else []
    ids = dict.fromkeys([*shown, *(str(candidate["id"]) for candidate in candidates)])
    entries = filter(None, map(turn.world.knowledge.entry, ids))
    events = tickets.history(turn.session, ticket.number)
    return Lesson(
        question=_clean(suggestions.asked(turn, ticket) or "")[: overlay.LONGEST],
        reply=(suggestions.last_reply(turn, ticket.number) or "")[:ANSWER_LIMIT],
        near=tuple((entry.id, entry.title) for entry in entries),
        theme=ticket.theme,
        audience=ticket.audience,
        proposed=any(event.what == "learnt" for event in events),
    )


def learn(turn: Turn, who: Referent, number: int, idea: Idea) -> list[Proposal] | Refused:
    """Proposes something from a demand; its history says that, and not what."""
    ticket = tickets.for_referent(turn.session, number, who)
    if ticket is None:
        return refused("desk.not_found", number=number)
    if ticket.state != "closed":
        return refused("learning.still_open", number=number)
    if ticket.erased_at is not None:
        return refused("desk.erased", number=number)
    made = propose(turn, who, idea)
    if not isinstance(made, Refused):
        tickets.note(turn.session, number, "learnt", now=turn.now, referent_id=who.id)
    return made


def propose(turn: Turn, who: Referent, idea: Idea) -> list[Proposal] | Refused:
    """What an editor will decide on: all of it, or the first reason why not."""
    if not idea.impersonal:
        return refused("learning.confirm")
    texts = list(dict.fromkeys(map(_clean, idea.texts)))[:MOST_WORDINGS]
    fault = next(filter(None, (text_fault(turn, text) for text in texts or [""])), None)
    if fault is not None:
        return fault
    match idea.kind:
        case "entry":
            made = _draft(turn, idea, texts)
            return (
                made if isinstance(made, Refused) else [_add(turn, who, "entry", idea.theme, texts[0], made)]
            )
        case "phrasing":
            return _all(turn, who, "phrasing", idea.entry_id, texts)
        case "off_topic":
            return _all(turn, who, "off_topic", ELSEWHERE, texts)


def text_fault(turn: Turn, text: str) -> Refused | None:
    """Why these words can be no wording at all."""
    base = turn.world.knowledge
    if not text or not overlay.wording(text) or len(text) > overlay.LONGEST:
        return refused("learning.length", limit=overlay.LONGEST)
    if not overlay.telling(base, text):
        return refused("learning.vague")
    said = overlay.wording(text)
    if any(overlay.wording(example.text) == said for example in base.examples):
        return refused("learning.example")
    return None


def wording_fault(turn: Turn, kind: str, target: str, text: str) -> Refused | None:
    """Why these words cannot be learnt for that target: they are somebody else's, or known."""
    base = turn.world.knowledge
    entry = base.entry(target)
    if kind == "phrasing" and entry is None:
        return refused("learning.unknown_entry", target=target[:60])
    other = base.entry(overlay.owner(base, text) or "")
    if other is not None:
        known = kind == "phrasing" and other.id == target
        return refused("learning.known" if known else "learning.of_another", title=other.title)
    if overlay.declined(base, text):
        return refused("learning.declined")
    taught = proposals.taught(turn.session, overlay.wording(text))
    if taught is not None:
        owner = base.entry(taught.target or "")
        return refused("learning.of_another", title=owner.title) if owner else refused("learning.declined")
    return None


def identifier(turn: Turn, title: str) -> str:
    """An id for a new entry, made of the words of its title, and of no other entry."""
    words = [word for word in split_words(title) if len(word) > 2]
    name = "-".join(words)[: _LONGEST_ID - 3].rstrip("-") or "fiche"
    taken, number = {*turn.world.knowledge.entries, *proposals.drafted(turn.session)}, 2
    if name not in taken:
        return name
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"


def draft_fault(turn: Turn, draft: Mapping[str, Any]) -> Refused | None:
    """Why an entry cannot be begun so."""
    if not 3 <= len(draft["title"]) <= TITLE_LIMIT:
        return refused("learning.title", limit=TITLE_LIMIT)
    if draft["theme"] not in turn.world.knowledge.themes:
        return refused("learning.theme")
    if draft["audience"] not in get_args(AudienceName):
        return refused("learning.audience")
    if len(draft["answer"]) > ANSWER_LIMIT:
        return refused("learning.answer", limit=ANSWER_LIMIT)
    return None


def _draft(turn: Turn, idea: Idea, texts: list[str]) -> dict[str, Any] | Refused:
    title = _clean(idea.title) or texts[0]
    draft: dict[str, Any] = {
        "id": identifier(turn, title),
        "title": title[:TITLE_LIMIT],
        "theme": idea.theme,
        "audience": idea.audience or "general",
        "phrasings": texts,
        "answer": mask("\n".join(idea.answer.strip().splitlines())),
    }
    return draft_fault(turn, draft) or draft


def _all(turn: Turn, who: Referent, kind: Kind, target: str, texts: list[str]) -> list[Proposal] | Refused:
    faults = [wording_fault(turn, kind, target, text) or _waits(turn, kind, target, text) for text in texts]
    fault = next(filter(None, faults), None)
    return fault or [_add(turn, who, kind, target, text) for text in texts]


def _waits(turn: Turn, kind: Kind, target: str, text: str) -> Refused | None:
    same = proposals.waiting_for(turn.session, overlay.wording(text), kind=kind, target=target)
    return refused("learning.waits") if same is not None else None


def _add(
    turn: Turn,
    who: Referent,
    kind: Kind,
    target: str,
    text: str,
    draft: Mapping[str, Any] | None = None,
) -> Proposal:
    return proposals.add(
        turn.session,
        kind=kind,
        target=target,
        words=text,
        wording=overlay.wording(text),
        draft=draft,
        referent_id=who.id,
        now=turn.now,
    )


def _clean(text: str) -> str:
    return " ".join(mask(text).split())
