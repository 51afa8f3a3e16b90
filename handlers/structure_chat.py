"""`/structure` and `/structures` in the chat: how far one has come, and which are stuck."""

from handlers import structure_links, structures
from handlers.delivery import say
from handlers.events import CommandGiven
from handlers.routing import territory_name
from handlers.structure_words import KINDS, STAGES, STUCK_AFTER, stuck_since
from handlers.turn import Turn
from knowledge.texts import Raw
from storage import structures as stored
from storage.structures import Wanted
from storage.tables import Contact, Referent, Structure

LISTED = 10


def give(turn: Turn, contact: Contact, writer: Referent, event: CommandGiven) -> None:
    """« /structure le rex »: those that are called so, with their stage."""
    words = " ".join(event.argument.split())
    if not words:
        say(turn, contact, "structures.usage")
        return
    found = structure_links.matching(turn, writer, words, limit=LISTED + 1)
    if not found:
        say(turn, contact, "structures.unknown", words=words[:60])
        return
    lines = Raw("\n".join(_line(turn, one) for one in found[:LISTED]))
    key = "structures.found" if len(found) <= LISTED else "structures.found_many"
    say(turn, contact, key, lines=lines, url=Raw(f"{turn.world.public_url}/console/structures"))


def stuck(turn: Turn, contact: Contact, writer: Referent, _: CommandGiven) -> None:
    """Those that have been at one stage for too long, the longest first."""
    wanted = stuck_of(turn, writer)
    found = stored.listed(turn.session, wanted, limit=LISTED)
    if not found:
        say(turn, contact, "structures.none_stuck", days=STUCK_AFTER)
        return
    lines = Raw("\n".join(_line(turn, one) for one in found))
    url = Raw(f"{turn.world.public_url}/console/structures?jours={STUCK_AFTER}")
    count = stored.count(turn.session, wanted)
    say(turn, contact, "structures.stuck", lines=lines, count=count, days=STUCK_AFTER, url=url)


def stuck_of(turn: Turn, who: Referent) -> Wanted:
    """What is stuck in the territories that somebody keeps."""
    return Wanted(
        territories=stored.reach(turn.session, who, now=turn.now), stuck_since=stuck_since(turn, STUCK_AFTER)
    )


def _line(turn: Turn, one: Structure) -> str:
    return turn.texts(
        "structures.line",
        number=one.id,
        name=one.name,
        kind=KINDS[one.kind].words,
        territory=territory_name(turn, one.territory),
        stage=STAGES[one.stage],
        days=structures.days_at(turn, one),
    )
