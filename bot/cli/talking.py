"""`chat`: the whole bot in a terminal, on a temporary database that is thrown away."""

import asyncio
import sys
import tempfile
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from bot.app import House
from bot.cli.console import err, out
from bot.config import load_settings
from bot.library import Library
from bot.logs import set_up
from handlers import visitor
from handlers.turn import Turn
from knowledge.entries import Audience
from knowledge.markup import plain
from storage import contacts, migrations, queue, transcript
from storage.database import open_database
from storage.tables import Transcript

ADDRESS = "web:terminal"
QUIET = 0.05
"""Seconds between two looks whether the bot has finished speaking."""


def talk(library: Library, audience: Audience | None) -> int:
    set_up("error", "text")
    with tempfile.TemporaryDirectory(prefix="souffleur-") as folder:
        asyncio.run(_talk(library, audience, Path(folder)))
    return 0


async def _talk(library: Library, audience: Audience | None, folder: Path) -> None:
    url = f"sqlite:///{folder / 'chat.db'}"
    settings = load_settings(telegram_token=None, smtp_url=None, database_url=url, data_dir=folder)
    await migrations.migrate(url)
    database = open_database(url)
    house = House(settings=settings, database=database, library=library)
    working = asyncio.create_task(house.worker.run())
    err.print("Écrivez votre question. Un numéro choisit un bouton. Ctrl-D pour finir.")
    try:
        await _converse(house, audience)
    finally:
        house.worker.stop()
        await working
        await database.close()


async def _converse(house: House, audience: Audience | None) -> None:
    seq, choices, count = 0, list[dict[str, str]](), 0

    def begin(turn: Turn) -> None:
        contact = contacts.at(turn.session, ADDRESS, now=turn.now)
        contact.audience = audience.value if audience else None

    await house.turn(begin)
    while True:
        line = await asyncio.to_thread(_read)
        if line is None:
            return
        count += 1
        picked = choices[int(line) - 1]["id"] if line.isdigit() and 0 < int(line) <= len(choices) else None
        await house.turn(partial(_send, count, line, picked))
        house.worker.inbox_wake()
        seq, said = await _heard(house, seq)
        choices = []
        for row in said:
            out.print(f"\n{plain(row.text) if row.markup else row.text}", markup=False)
            for choice in row.offered:
                choices.append(choice)
                out.print(f"  [{len(choices)}] {choice['label']}", markup=False)


def _send(count: int, text: str, choice: str | None, turn: Turn) -> None:
    contact = contacts.at(turn.session, ADDRESS, now=turn.now)
    visitor.receive(
        turn, contact, client_id=f"terminal-{count}", text=None if choice else text, choice=choice
    )


async def _heard(house: House, seq: int) -> tuple[int, list[Transcript]]:
    """What the bot says next, until nothing is left to handle; it may wait for more of the same thought."""
    while not await house.turn(_is_quiet):  # noqa: ASYNC110  # the end of work is in the database
        await asyncio.sleep(QUIET)
    rows = await house.database.read(partial(_rows, seq))
    return (rows[-1].seq if rows else seq), [row for row in rows if row.author != "visitor"]


def _is_quiet(turn: Turn) -> bool:
    soon = turn.now + turn.world.patience.more_words
    return queue.oldest(turn.session, now=soon) is None


def _rows(after: int, session: Session) -> list[Transcript]:
    contact = contacts.by_address(session, ADDRESS)
    rows = list(transcript.after(session, contact.id, after)) if contact is not None else []
    for row in rows:
        session.expunge(row)
    return rows


def _read() -> str | None:
    if sys.stdin.isatty():
        sys.stderr.write("\n> ")
        sys.stderr.flush()
    line = sys.stdin.readline()
    return line.strip() if line else None
