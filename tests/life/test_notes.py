"""A note that is written while its ticket is erased: erased with it, or refused; never left behind."""

import asyncio
from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session

from bot.library import Library
from handlers import notes, privacy
from handlers.turn import Turn
from storage import contacts, directory
from storage import notes as stored
from storage.database import Database, open_database
from storage.tables import Ticket
from tests.life import scene

ROUNDS = 15


def _begin(turn: Turn) -> int:
    """A demand of Besançon with nobody's note yet; its number."""
    if directory.by_name(turn.session, "Camille") is None:
        scene.open_desk(turn)
    scene.ask(turn)
    return turn.session.query(Ticket).order_by(Ticket.number.desc()).limit(1).one().number


def _note(turn: Callable[[Session], Turn], number: int, session: Session) -> None:
    camille = directory.by_name(session, "Camille")
    assert camille is not None
    notes.add(turn(session), camille, number, "à rappeler")


def _erase(turn: Turn) -> None:
    asker = contacts.by_address(turn.session, scene.ASKER)
    assert asker is not None
    privacy.erase_contact(turn, asker)


async def test_no_note_outlives_what_it_is_about(
    database: Database, database_url: str, library: Library
) -> None:
    def turn(session: Session) -> Turn:
        return Turn(session=session, now=scene.LATER, world=scene.world(library.base))

    other, kept = open_database(database_url), 0
    for _ in range(ROUNDS):
        number = await database.write(lambda session: _begin(turn(session)))
        await asyncio.gather(
            other.write(partial(_note, turn, number)), database.write(lambda session: _erase(turn(session)))
        )
        kept += await database.read(partial(stored.count, number=number))
    await other.close()
    assert kept == 0
