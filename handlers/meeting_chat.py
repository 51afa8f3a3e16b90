"""`/action` in the chat: notes what was agreed, lists it, ends it, gives it another day."""

import re

from handlers import calendar, meeting, meeting_words, referent_chat
from handlers.delivery import Option, say, say_refused
from handlers.errors import Refused
from handlers.events import CommandGiven
from handlers.turn import Turn
from knowledge.texts import Raw
from storage import directory
from storage.tables import Contact, MeetingAction, Referent

LISTED = 10
_FINISHED = re.compile(r"(fait|faite|abandon|abandonner)\s+(?:n\s*[°º]\s*)?(\d{1,9})", re.IGNORECASE)
_LATER = re.compile(r"(?:reporter|report)\s+(?:n\s*[°º]\s*)?(\d{1,9})\s+(.+)", re.IGNORECASE)


def give(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    """What stands after `/action`; nothing lists what is open."""
    words = event.argument.strip()
    if not words:
        _list(turn, contact, writer)
    elif (found := _FINISHED.fullmatch(words)) is not None:
        ending = "dropped" if found[1].lower().startswith("abandon") else "done"
        _finish(turn, contact, writer, int(found[2]), ending)
    elif (found := _LATER.fullmatch(words)) is not None:
        _postpone(turn, contact, writer, int(found[1]), found[2])
    else:
        _note(turn, contact, writer, words)


def done(turn: Turn, contact: Contact, number: int) -> None:
    """The button « c'est fait »."""
    writer = referent_chat.of(turn, contact)
    if writer is None:
        say(turn, contact, "choice.gone")
        return
    _finish(turn, contact, writer, number, "done")


def _finish(turn: Turn, contact: Contact, writer: Referent, number: int, ending: str) -> None:
    outcome = meeting.end(turn, writer, number, ending)
    if isinstance(outcome, Refused):
        say_refused(turn, contact, outcome)
        return
    key = "action.done" if ending == "done" else "action.dropped"
    say(turn, contact, key, number=number, what=outcome.what)


def _list(turn: Turn, contact: Contact, writer: Referent) -> None:
    agreed = meeting.still_open(turn, writer)
    if not agreed:
        say(turn, contact, "action.none")
        return
    lines = Raw("\n".join(_line(turn, one) for one in agreed[:LISTED]))
    options = [
        Option("action_done", {"action": one.id}, label=turn.texts("action.button", number=one.id))
        for one in agreed[:LISTED]
        if one.mine
    ]
    url = f"{turn.world.public_url}/console/reunion"
    say(turn, contact, "action.list", options, lines=lines, count=len(agreed), url=Raw(url))


def _line(turn: Turn, one: meeting.Agreed) -> str:
    """« n° 3, Camille Martin : relancer la DRAC, pour mardi 24 novembre »"""
    key = "action.line_late" if one.late else "action.line"
    return turn.texts(key, number=one.id, who=one.who, what=one.what, until=one.until)


def _note(turn: Turn, contact: Contact, writer: Referent, words: str) -> None:
    names = [one.name for one in directory.everyone(turn.session)]
    meant = meeting_words.read(words, names, turn.today)
    if meant is None:
        say(turn, contact, "action.usage")
        return
    outcome = meeting.note(turn, writer, who=meant.who, what=meant.what, due=meant.due)
    if isinstance(outcome, Refused):
        say_refused(turn, contact, outcome)
        return
    one = meeting.shown(turn, outcome, writer)
    say(turn, contact, "action.noted", number=one.id, who=one.who, what=one.what, until=one.until)


def _postpone(turn: Turn, contact: Contact, writer: Referent, number: int, words: str) -> None:
    due = meeting_words.upcoming(words, turn.today)
    if due is None:
        say(turn, contact, "action.bad_day")
        return
    outcome = meeting.postpone(turn, writer, number, due)
    if isinstance(outcome, MeetingAction):
        until = calendar.dated(outcome.due, turn.today)
        say(turn, contact, "action.postponed", number=number, until=until)
    else:
        say_refused(turn, contact, outcome)
