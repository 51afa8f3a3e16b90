"""`/semaine` in the chat: the pack of the last week, or of the one and the place that are named."""

from handlers import pack_words, week_draft, weekly
from handlers.delivery import say_refused
from handlers.errors import Refused
from handlers.events import CommandGiven
from handlers.turn import Turn
from storage.tables import Contact, Referent


def give(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    """« /semaine », « /semaine 2026-W48 », « /semaine 2026-W48 25 », « /semaine 25 »."""
    meant = week_draft.wanted(turn, writer, event.argument)
    if isinstance(meant, Refused):
        say_refused(turn, contact, meant)
        return
    made = week_draft.drawn(turn, *meant, writer)
    weekly.show(turn, contact, made, pack_words.lines(turn, made))
