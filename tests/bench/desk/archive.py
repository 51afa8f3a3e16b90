"""Years of tickets, as a desk would have them: two in a hundred open, words of the content, rare ones too."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from knowledge.entries import KnowledgeBase
from knowledge.searching import words
from storage.database import Database
from storage.tables import Contact, Question, Table, Ticket, TicketEvent, TicketRead, TicketWords, Transcript

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OPEN = 0.02
RARE = 2_000
"""One ticket in so many holds the word « xylophone »."""
_BATCH = 5_000
_AUDIENCES = ("jeune", "relais", "partenaire", "collectivite", None)
Row = dict[str, Any]
_HOURS = 3 * 365 * 24


async def fill(database: Database, base: KnowledgeBase, number: int, readers: Sequence[int]) -> None:
    """Writes `number` tickets with three messages each; `readers` have read most of them."""
    chance = random.Random(number)  # the same archive each time
    phrasings = [phrase for entry in base.entries.values() for phrase in entry.phrasings]
    territories = [territory.code for territory in base.territories.all()]
    for first in range(1, number + 1, _BATCH):
        numbers = range(first, min(first + _BATCH, number + 1))
        rows = list(_rows(chance, base, phrasings, territories, numbers, number))
        await database.write(partial(_write, rows=rows, readers=readers))
    await database.write(lambda session: session.execute(text("ANALYZE")))


def _rows(
    chance: random.Random,
    base: KnowledgeBase,
    phrasings: Sequence[str],
    territories: Sequence[str],
    numbers: range,
    most: int,
) -> Iterator[Row]:
    for number in numbers:
        opened = NOW - timedelta(hours=_HOURS * (most - number) / most)
        is_open = chance.random() < OPEN
        state = chance.choice(("waiting", "taken", "answered")) if is_open else "closed"
        said = [chance.choice(phrasings) for _ in range(3)]
        if number % RARE == 7:
            said.append("j'ai perdu mon xylophone")
        yield {
            "number": number,
            "opened": opened,
            "state": state,
            "territory": chance.choice(territories),
            "audience": chance.choice(_AUDIENCES),
            "theme": chance.choice(list(base.themes)),
            "holder": chance.choice((1, 2)) if state in ("taken", "answered") else None,
            "said": said,
        }


def _write(session: Session, *, rows: Sequence[Row], readers: Sequence[int]) -> None:
    for table, values in _tables(rows, readers).items():
        session.execute(insert(table), values)


def _tables(rows: Sequence[Row], readers: Sequence[int]) -> dict[type[Table], list[Row]]:
    return {
        Contact: [_contact(row) for row in rows],
        Question: [_question(row) for row in rows],
        Ticket: [_ticket(row) for row in rows],
        Transcript: [line for row in rows for line in _transcript(row)],
        TicketEvent: [
            {"ticket_number": row["number"], "at": row["opened"], "what": what}
            for row in rows
            for what in ("opened", "routed", "taken", "replied")
        ],
        TicketWords: [
            {"ticket_number": row["number"], "folded": words("\n".join((*row["said"], str(row["number"]))))}
            for row in rows
        ],
        TicketRead: [
            {"referent_id": one, "ticket_number": row["number"], "seen_id": 10_000_000}
            for row in rows
            for one in readers
            if row["number"] % 10
        ],
    }


def _contact(row: Row) -> Row:
    number, opened = row["number"], row["opened"]
    address = {"address": f"web:{number}", "state": {}, "last_seq": 9}
    return {"id": number, **address, "created_at": opened, "seen_at": opened}


def _question(row: Row) -> Row:
    asked = {"contact_id": row["number"], "asked_at": row["opened"], "text": row["said"][0]}
    found: Row = {"candidates": [], "outcome": "handoff", "knowledge_hash": "", "channel": "web"}
    return {"id": row["number"], **asked, **found}


def _transcript(row: Row) -> Iterator[Row]:
    about = {"contact_id": row["number"], "ticket_number": row["number"], "at": row["opened"]}
    for seq, line in enumerate(row["said"], 1):
        author = "visitor" if seq % 2 else "referent"
        yield {**about, "seq": seq, "author": author, "text": line, "markup": False, "distress": False}


def _ticket(row: Row) -> Row:
    opened, is_open = row["opened"], row["state"] != "closed"
    waits = row["state"] in ("waiting", "taken")
    return {
        "number": row["number"],
        "contact_id": row["number"],
        "question_id": row["number"],
        "state": row["state"],
        "territory": row["territory"],
        "audience": row["audience"],
        "theme": row["theme"],
        "stage": "territory",
        "referent_id": row["holder"],
        "opened_at": opened,
        "near_at": opened + timedelta(hours=36) if waits else None,
        "due_at": opened + timedelta(hours=48) if waits else None,
        "closed_at": None if is_open else opened + timedelta(hours=30),
        "heard_id": row["number"] * 3,
    }
