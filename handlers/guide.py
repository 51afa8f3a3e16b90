"""A guide at work (*parcours*): a step at a time, each with buttons; where it stands is kept in the talk.

A button of a step that was passed already goes back to that step. Of a typed birth date or SIRET nothing is
kept but the band it falls into: the words themselves are overwritten in the transcript.
"""

from dataclasses import dataclass

from handlers import guide_end
from handlers.delivery import Option, say
from handlers.talk import Talk, Walk
from handlers.turn import Turn
from knowledge.guides import HIDDEN, Guide, Step, Way
from knowledge.normalising import fold
from knowledge.outcomes import Distress, Found, HumanRequested, Match
from knowledge.texts import Raw
from storage import transcript
from storage.tables import Contact, Transcript

_HINTS = {"birth": "guide.birth", "siret": "guide.siret"}
_NOT_READ = {"birth": "guide.birth_not_read", "siret": "guide.siret_not_read"}
_ENOUGH_DIGITS = 5
"""A text with as many is a date or a number, whatever stands around it."""
_LONGEST_ANSWER = 12
_SHORT = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody is."""

    guide: Guide
    name: str
    walk: Walk

    @property
    def step(self) -> Step:
        return self.guide.steps[self.name]


def start(turn: Turn, contact: Contact, talk: Talk, guide_id: str) -> None:
    """Begins a guide; another one that was open is left."""
    guide = turn.world.knowledge.guides.get(guide_id)
    if guide is None:
        say(turn, contact, "choice.gone")
        return
    talk.walk = Walk(guide=guide_id)
    talk.rephrasing = False
    _ask(turn, contact, Standing(guide, guide.start, talk.walk))


def pick(turn: Turn, contact: Contact, talk: Talk, guide_id: str, step: str, label: str) -> None:
    """A button of a step: also of one that was passed already, which is then answered anew."""
    at = _rewound(turn, talk, guide_id, step)
    way = next((one for one in at.step.choices if one.label == label), None) if at is not None else None
    if at is None or way is None:
        say(turn, contact, "choice.gone")
        return
    _go(turn, contact, talk, at, way)


def back(turn: Turn, contact: Contact, talk: Talk, guide_id: str, step: str) -> None:
    """One step back from the step whose button it is."""
    at = _rewound(turn, talk, guide_id, step)
    if at is None or not at.walk.steps:
        say(turn, contact, "choice.gone")
        return
    name = at.walk.steps.pop()[0]
    _ask(turn, contact, Standing(at.guide, name, at.walk))


def leave(turn: Turn, contact: Contact, talk: Talk, guide_id: str) -> None:
    """Out of the guide, at any step; nothing of it is kept."""
    if talk.walk is None or talk.walk.guide != guide_id:
        say(turn, contact, "choice.gone")
        return
    talk.walk = None
    say(turn, contact, "guide.left", [Option("themes"), Option("human")])


def resume(turn: Turn, contact: Contact, talk: Talk) -> None:
    """The step that is open, once more."""
    at = _standing(turn, talk)
    if at is None:
        say(turn, contact, "choice.gone")
        return
    _ask(turn, contact, at)


def remind(turn: Turn, contact: Contact, talk: Talk) -> None:
    """After something else was asked: the way back, once for each step."""
    at = _standing(turn, talk)
    if at is None or at.walk.reminded:
        return
    at.walk.reminded = True
    options = [Option("guide_resume"), Option("guide_leave", {"guide": at.guide.id})]
    say(turn, contact, "guide.still_open", options, title=at.guide.title)


def takes(
    turn: Turn, contact: Contact, talk: Talk, row: Transcript, match: Match | None, *, beside_ticket: bool
) -> bool:
    """Whether a text answers the step that is open; then it is dealt with.

    Distress and the wish for a human never do. With an open ticket (`beside_ticket`) only what was asked for
    does: the rest is for the referent, and so is everything after a reply of theirs.
    """
    at = _standing(turn, talk)
    if at is None or isinstance(match, Distress | HumanRequested):
        return False
    if beside_ticket and _referent_spoke(turn, contact, at):
        return False
    asked = _asked_for(turn, talk, at, row.text)
    if asked is not None and not _asks(row.text, match):
        _typed(turn, contact, talk, asked, row, row.text)
        return True
    if beside_ticket:
        return False
    way = _labelled(at.step, row.text)
    if way is not None:
        _go(turn, contact, talk, at, way)
        return True
    if at.step.input is None or _asks(row.text, match):
        return False
    if any(map(str.isdigit, row.text)):
        row.text = HIDDEN[at.step.input]
    _ask(turn, contact, at, _NOT_READ[at.step.input])
    return True


def edited(turn: Turn, contact: Contact, talk: Talk, row: Transcript, text: str) -> bool:
    """Whether a changed message was, or now is, the typed answer of a step: it is answered anew."""
    at = _standing(turn, talk)
    hidden = row.text in HIDDEN.values()
    new = at is not None and row.id > at.walk.row and row.ticket_number is None and not _asks(text, None)
    asked = _asked_for(turn, talk, at, text) if at is not None and (hidden or new) else None
    if asked is not None:
        _typed(turn, contact, talk, asked, row, text)
    elif hidden:
        say(turn, contact, "guide.over" if at is None else "guide.not_changed")
    return hidden or asked is not None


def _typed(turn: Turn, contact: Contact, talk: Talk, at: Standing, row: Transcript, text: str) -> None:
    """A birth date or a SIRET: it leads on, and its words are forgotten."""
    found = at.step.read(text, turn.today)
    if found is None or at.step.input is None:
        return
    row.text = HIDDEN[at.step.input]
    band, go = found
    named = {"valid": turn.texts("guide.siret_valid"), "doubtful": turn.texts("guide.siret_doubtful")}
    _go(turn, contact, talk, at, Way(label=named.get(band, band), go=go))


def _go(turn: Turn, contact: Contact, talk: Talk, at: Standing, way: Way) -> None:
    at.walk.steps.append([at.name, way.label, way.go])
    if way.go in at.guide.steps:
        _ask(turn, contact, Standing(at.guide, way.go, at.walk))
        return
    talk.walk = None
    guide_end.reach(turn, contact, talk, at.guide, at.guide.leaves[way.go], at.walk.answers)


def _ask(turn: Turn, contact: Contact, at: Standing, first: str | None = None) -> None:
    """Asks a step; `first` is a sentence to begin with, instead of how to answer."""
    hint = first or (_HINTS[at.step.input] if at.step.input is not None else None)
    lines = [at.step.ask.strip(), *([turn.texts(hint)] if hint is not None else [])]
    here: dict[str, str | int] = {"guide": at.guide.id, "step": at.name}
    ways = [Option("guide_pick", {**here, "label": way.label}, label=way.label) for way in at.step.choices]
    again = [Option("guide_back", here)] if at.walk.steps else []
    options = [*ways, *again, Option("guide_leave", {"guide": at.guide.id})]
    key = "guide.step" if at.walk.steps else "guide.first_step"
    row = say(turn, contact, key, options, title=at.guide.title, ask=Raw("\n\n".join(lines)))
    at.walk.row, at.walk.reminded = row.id, False


def _standing(turn: Turn, talk: Talk) -> Standing | None:
    """The step that is open. One that waited too long, or that the content lost meanwhile, is not."""
    walk = talk.walk
    guide = turn.world.knowledge.guides.get(walk.guide) if walk is not None else None
    if walk is None or guide is None:
        return None
    name = walk.steps[-1][2] if walk.steps else guide.start
    row = transcript.get(turn.session, walk.row)
    if name not in guide.steps or row is None or turn.now - row.at > turn.world.patience.guide:
        talk.walk = None
        return None
    return Standing(guide, name, walk)


def _rewound(turn: Turn, talk: Talk, guide_id: str, step: str) -> Standing | None:
    """The same, gone back to a step that was passed already; None when `step` was never asked here."""
    at = _standing(turn, talk)
    if at is None or at.guide.id != guide_id or step not in at.guide.steps:
        return None
    if at.name == step:
        return at
    names = [name for name, _, _ in at.walk.steps]
    if step not in names:
        return None
    del at.walk.steps[names.index(step) :]
    return Standing(at.guide, step, at.walk)


def _asked_for(turn: Turn, talk: Talk, at: Standing, text: str) -> Standing | None:
    """The step that asked for such a text: this one, or, for a whole date or number, one passed before."""
    if at.step.read(text, turn.today) is not None:
        return at
    if sum(map(str.isdigit, text)) < _ENOUGH_DIGITS:
        return None
    passed = [name for name, _, _ in at.walk.steps if at.guide.steps[name].read(text, turn.today)]
    return _rewound(turn, talk, at.guide.id, passed[-1]) if passed else None


def _labelled(step: Step, text: str) -> Way | None:
    """The button whose words somebody typed instead of pressing it."""
    return next((way for way in step.choices if fold(way.label) == fold(text).strip(" .!")), None)


def _asks(text: str, match: Match | None) -> bool:
    """Whether a text is a question of its own rather than the date or number that we asked for."""
    digits, words = sum(map(str.isdigit, text)), len(text.split())
    if digits >= _ENOUGH_DIGITS:
        return False
    question = words > _LONGEST_ANSWER or ("?" in text and words > _SHORT)
    return question or (digits == 0 and isinstance(match, Found))


def _referent_spoke(turn: Turn, contact: Contact, at: Standing) -> bool:
    """Whether a referent wrote after the step was asked: then they are the one who is answered."""
    row = transcript.get(turn.session, at.walk.row)
    since = transcript.after(turn.session, contact.id, row.seq) if row is not None else ()
    return any(one.author == "referent" for one in since)
