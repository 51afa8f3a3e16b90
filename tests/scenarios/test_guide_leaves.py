"""Every leaf of every guide is reached by its buttons and typed answers, and ends in something of use."""

from collections.abc import Sequence

import pytest

from bot.library import Library
from handlers import conversation
from handlers.events import ChoiceMade, CommandGiven, Event, MessageReceived
from handlers.talk import Talk
from handlers.turn import Turn
from knowledge.guides import Guide
from knowledge.loading import CONTENT
from knowledge.outcomes import Unknown
from storage import contacts, questions, transcript
from storage.tables import Question, Transcript
from tests.stage import Stage

GUIDES = sorted(path.stem for path in CONTENT.glob("guides/*.yaml"))
SIRETS = {"valid": "552 100 554 00013", "doubtful": "552 100 554 00014"}

Path = tuple[tuple[str, str], ...]


def test_there_are_six_guides() -> None:
    assert len(GUIDES) == 6


@pytest.mark.parametrize("guide_id", GUIDES)
async def test_every_leaf_ends_in_something_of_use(stage: Stage, library: Library, guide_id: str) -> None:
    guide = library.base.guides[guide_id]
    paths = {path[-1][1]: path for path in sorted(guide.paths(), key=len, reverse=True)}
    assert set(paths) == set(guide.leaves)
    problems = []
    for number, (leaf, path) in enumerate(paths.items()):
        address = f"web:leaf{number}"
        problem = await stage.turn(lambda turn, path=path, address=address: _walk(turn, guide, path, address))  # type: ignore[misc]
        problems += [f"{leaf}: {problem}"] if problem else []
    assert problems == []


def _walk(turn: Turn, guide: Guide, path: Path, address: str) -> str | None:
    """Walks one path as one person; what is wrong with where it ended."""
    _happens(turn, CommandGiven(address=address, name="start", argument=f"parcours-{guide.id}"))
    for step, answered in path[:-1]:
        said = _said(turn, address)[-1]
        if guide.steps[step].ask.strip() not in said.text:
            return f"« {step} » was not asked but {said.text!r}"
        choice = next((one["id"] for one in said.offered if one["label"] == answered), None)
        if choice is not None:
            _happens(turn, ChoiceMade(address=address, choice=choice))
        else:
            typed = SIRETS.get(answered) or answered.partition("-")[0]
            _happens(turn, MessageReceived(address=address, text=typed))
    return _problem(turn, guide, path, address)


def _problem(turn: Turn, guide: Guide, path: Path, address: str) -> str | None:
    leaf = guide.leaves[path[-1][1]]
    said, logged = _said(turn, address), _logged(turn, address)
    heard = "\n".join(row.text for row in said)
    contact = contacts.by_address(turn.session, address)
    if contact is None or Talk.of(contact).walk is not None:
        return "the guide is still open"
    if (logged.outcome, logged.entry_id) != ("guide", leaf.entry) or guide.title not in (logged.text or ""):
        return f"logged as {logged.outcome}, {logged.entry_id}: {logged.text}"
    entry = turn.world.knowledge.entry(leaf.entry) if leaf.entry is not None else None
    if leaf.handoff or (entry is not None and entry.handoff == "always"):
        number = logged.ticket_number
        return None if number and f"n° {number}" in heard else "no number of a demand"
    if "Réponse automatique." not in heard:
        return "no answer"
    sources = entry.sources if entry is not None else leaf.sources
    return None if all(source.url in heard for source in sources) and sources else "no source"


def _happens(turn: Turn, event: Event) -> None:
    conversation.handle(event, turn, Unknown())
    turn.session.flush()


def _said(turn: Turn, address: str) -> Sequence[Transcript]:
    contact = contacts.by_address(turn.session, address)
    assert contact is not None
    return [row for row in transcript.after(turn.session, contact.id, 0) if row.author == "bot"]


def _logged(turn: Turn, address: str) -> Question:
    contact = contacts.by_address(turn.session, address)
    assert contact is not None
    return questions.of_contact(turn.session, contact.id)[-1]
