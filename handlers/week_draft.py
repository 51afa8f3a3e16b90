"""The figures of a pack, read before the turn that gives it: no transaction has to wait for them.

On SQLite there is one writer, and on a Monday morning everybody's pack is due at once.
"""

from handlers import pack_places, pack_words
from handlers.errors import Refused, refused
from handlers.events import CommandGiven, Event, TimerDue
from handlers.pack import Pack, pack
from handlers.pack_places import Place
from handlers.turn import Turn
from handlers.week import Week
from storage import directory
from storage.tables import Referent

COMMAND = "semaine"


def draft(turn: Turn, event: Event) -> Pack | None:
    """The pack that this event will give, as far as can be told beforehand. Writes nothing."""
    match event:
        case TimerDue(kind="week", arguments=arguments):
            referent, week = directory.get(turn.session, int(arguments["referent"])), str(arguments["week"])
            return _due(turn, referent, Week.read(week)) if referent is not None else None
        case CommandGiven(name=name, address=address, argument=argument) if name == COMMAND:
            channel, _, account = address.partition(":")
            writer = directory.by_telegram(turn.session, int(account)) if channel == "telegram" else None
            return _asked_for(turn, writer, argument) if writer is not None else None
        case _:
            return None


def drawn(turn: Turn, week: Week, place: Place, reader: Referent) -> Pack:
    """The pack without quotations: the turn's draft, unless it is of another week or place by now."""
    known = turn.draft
    if known is not None and (known.week, known.place) == (week, place):
        return known
    return pack(turn, week, place, reader, quoting=False)


def wanted(turn: Turn, writer: Referent, argument: str) -> tuple[Week, Place] | Refused:
    """What stands behind the command: nothing, a week, a territory, or both."""
    words = argument.split()
    code = next((word for word in words if word.isalnum() and len(word) <= 3), "")
    week = pack_words.asked_week(turn, " ".join(word for word in words if word != code))
    if isinstance(week, Refused):
        return week
    places = pack_places.places(turn, writer)
    found = next((one for one in places if code.upper() in ("", one.id)), None)
    # Not there and not theirs read the same.
    return (week, found) if found is not None else refused("week.unknown_place", place=code)


def _due(turn: Turn, referent: Referent, week: Week | None) -> Pack | None:
    if week is None or (referent.told_week or "") >= week.id:
        return None
    return drawn(turn, week, pack_places.places(turn, referent)[0], referent)


def _asked_for(turn: Turn, writer: Referent, argument: str) -> Pack | None:
    meant = wanted(turn, writer, argument)
    return drawn(turn, *meant, writer) if not isinstance(meant, Refused) else None
