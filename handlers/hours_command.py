"""`/horaires` shows one's own opening hours; with words behind it, sets them."""

from handlers import hours, hours_setting, week_words
from handlers.delivery import say, say_refused
from handlers.errors import Refused
from handlers.events import CommandGiven
from handlers.turn import Turn
from knowledge.normalising import fold
from storage import directory
from storage.tables import Contact, Referent

_BACK = frozenset({"defaut", "par defaut", "territoire"})


def give(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    """Shows, sets, or goes back to the territory's."""
    words = event.argument.strip()
    if not words:
        key = "hours.own" if hours.own(turn, writer) is not None else "hours.common"
        say(turn, contact, key, hours=in_words(turn, writer))
        return
    if fold(words) in _BACK:
        hours_setting.set_own(turn, writer, None)
        say(turn, contact, "hours.common", hours=in_words(turn, writer))
        return
    found = week_words.parse(words)
    if isinstance(found, Refused):
        say_refused(turn, contact, found)
        return
    hours_setting.set_own(turn, writer, found)
    say(turn, contact, "hours.kept", hours=in_words(turn, writer))


def in_words(turn: Turn, writer: Referent) -> str:
    """The hours that hold for somebody."""
    served = directory.territories_of(turn.session, writer.id)
    return week_words.in_words(hours.week_of(turn, writer, next(iter(served), None)))
