"""Meeting memory: what was agreed comes back each week until it is done or dropped.

Everybody at the desk reads all of it and may end any of it: it is what a team said to itself, and holds
nothing of the people who write to us.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from handlers import audit, calendar, meeting_words
from handlers.audit import Action
from handlers.delivery import notify
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge.masking import mask
from knowledge.normalising import fold
from knowledge.texts import Raw
from storage import directory, meeting
from storage.tables import MeetingAction, Referent

LONGEST = 300
LONGEST_NAME = 80
FURTHEST = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """An action as it is shown; `late` when its day is over and it is not ended."""

    id: int
    what: str
    who: str
    mine: bool
    due: date
    until: str
    late: bool
    ending: str | None = None


def note(turn: Turn, by: Referent, *, who: str, what: str, due: date | None) -> MeetingAction | Refused:
    """Notes an action; without a day it is due at the next meeting. A colleague who is named is told."""
    what, who, due = " ".join(what.split()), " ".join(who.split()), due or next_meeting(turn)
    problem = _problem(turn, who, what, due)
    if problem is not None:
        return problem
    colleague = by if fold(who) == "moi" else called(turn, who)
    action = meeting.add(
        turn.session,
        what=what,
        who=None if colleague is not None else who,
        referent_id=colleague.id if colleague is not None else None,
        due=due,
        noted_by_id=by.id,
        now=turn.now,
    )
    audit.note(turn, by, Action.AGREED, "action", action.id, detail=f"{due}")
    if colleague is not None and colleague.id != by.id:
        _tell(turn, colleague, by, action)
    return action


def end(turn: Turn, by: Referent, action_id: int, ending: str) -> MeetingAction | Refused:
    """« done » or « dropped »; who comes second is told so."""
    action = meeting.get(turn.session, action_id)
    if action is None:
        return refused("action.unknown", number=action_id)
    if not meeting.end(turn.session, action_id, ending, by_id=by.id, now=turn.now):
        return refused("action.ended_already", number=action_id)
    audit.note(turn, by, Action.ENDED, "action", action_id, detail=ending)
    return action


def postpone(turn: Turn, by: Referent, action_id: int, due: date) -> MeetingAction | Refused:
    """Another day for an action that is still open."""
    if not turn.today <= due <= turn.today + FURTHEST:
        return refused("action.bad_day")
    action = meeting.get(turn.session, action_id)
    if action is None:
        return refused("action.unknown", number=action_id)
    if not meeting.postpone(turn.session, action_id, due):
        return refused("action.ended_already", number=action_id)
    audit.note(turn, by, Action.POSTPONED, "action", action_id, detail=f"{due}")
    turn.session.refresh(action)
    return action


def still_open(turn: Turn, reader: Referent | None = None) -> list[Agreed]:
    """What is to be done, the most urgent first."""
    return [shown(turn, action, reader) for action in meeting.open_ones(turn.session)]


def lately_ended(turn: Turn, reader: Referent | None = None, *, days: int = 28) -> list[Agreed]:
    """What was done or dropped in the last weeks, the last first."""
    since = turn.now - timedelta(days=days)
    return [shown(turn, action, reader) for action in meeting.ended_since(turn.session, since)]


def shown(turn: Turn, action: MeetingAction, reader: Referent | None = None) -> Agreed:
    name = directory.name_of(turn.session, action.referent_id)
    return Agreed(
        id=action.id,
        what=action.what,
        who=name or action.who or turn.texts("action.nobody"),
        mine=reader is not None and action.referent_id == reader.id,
        due=action.due,
        until=calendar.dated(action.due, turn.today),
        late=action.ended_at is None and action.due < turn.today,
        ending=action.ending,
    )


def called(turn: Turn, who: str) -> Referent | None:
    """The colleague of this name, or of this first name where it is theirs alone."""
    everyone, wanted = directory.everyone(turn.session), fold(who)
    whole = [one for one in everyone if fold(one.name) == wanted]
    first = [one for one in everyone if fold(one.name).split()[:1] == [wanted]]
    found = whole or first
    return found[0] if len(found) == 1 else None


def next_meeting(turn: Turn) -> date:
    """The day on which what nobody dated comes back."""
    return meeting_words.next_monday(turn.today)


def _problem(turn: Turn, who: str, what: str, due: date) -> Refused | None:
    if not who or len(who) > LONGEST_NAME:
        return refused("action.who", limit=LONGEST_NAME)
    if not what or len(what) > LONGEST:
        return refused("action.what", limit=LONGEST)
    if mask(what) != what:
        return refused("action.personal")
    if not turn.today <= due <= turn.today + FURTHEST:
        return refused("action.bad_day")
    return None


def _tell(turn: Turn, colleague: Referent, by: Referent, action: MeetingAction) -> None:
    url, until = f"{turn.world.public_url}/console/reunion", calendar.dated(action.due, turn.today)
    text = turn.texts("notice.action", name=by.name, what=action.what, until=until, number=action.id)
    notify(
        turn,
        colleague,
        text,
        mail_key="mail.action",
        name=by.name,
        what=action.what,
        until=until,
        number=action.id,
        url=Raw(url),
    )
