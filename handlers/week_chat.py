"""`/semaine` in the chat: the pack of the last week, or of the one and the place that are named."""

from handlers import pack_places, pack_words, weekly
from handlers.delivery import say_refused
from handlers.errors import Refused, refused
from handlers.events import CommandGiven
from handlers.pack import pack
from handlers.pack_places import Place
from handlers.turn import Turn
from handlers.week import Week
from storage.tables import Contact, Referent


def give(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    """« /semaine », « /semaine 2026-W48 », « /semaine 2026-W48 25 », « /semaine 25 »."""
    words = event.argument.split()
    code = next((word for word in words if word.isalnum() and len(word) <= 3), "")
    week = pack_words.asked_week(turn, " ".join(word for word in words if word != code))
    place = _place(turn, writer, code)
    if isinstance(week, Refused):
        say_refused(turn, contact, week)
    elif isinstance(place, Refused):
        say_refused(turn, contact, place)
    else:
        _show(turn, contact, writer, week, place)


def _show(turn: Turn, contact: Contact, writer: Referent, week: Week, place: Place) -> None:
    made = pack(turn, week, place, writer, quoting=False)
    weekly.show(turn, contact, made, pack_words.lines(turn, made))


def _place(turn: Turn, writer: Referent, code: str) -> Place | Refused:
    """Not there and not theirs read the same."""
    places = pack_places.places(turn, writer)
    found = next((one for one in places if code.upper() in ("", one.id)), None)
    return found if found is not None else refused("week.unknown_place", place=code)
