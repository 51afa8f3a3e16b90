"""`report`: the week's figures in the terminal."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from storage import contacts, questions
from storage.database import open_database
from tests.cli.conftest import Terminal

MONDAY = datetime(2024, 3, 25, 9, tzinfo=UTC)
WEEK = ("--week", "2024-W13")
ASKED = (
    ("answer", "pro-create-account", "25", 12),
    ("handoff", None, "25", 3),
    ("out_of_scope", None, "71", 1),
)


@pytest.fixture
def asked(bot: Terminal, tmp_path: Path) -> None:
    """Sixteen questions of a week of March in which clocks change, and four of each week before."""

    def ask(session: Session) -> None:
        for outcome, entry_id, territory, times in ASKED:
            for _ in range(times):
                _log(session, MONDAY, outcome, entry_id, territory)
        for week in range(1, 5):
            for _ in range(4):
                _log(session, MONDAY - timedelta(weeks=week), "answer", "eligibility-age", "25")

    async def go() -> None:
        database = open_database(f"sqlite:///{tmp_path / 'souffleur.db'}")
        await database.write(ask)
        await database.close()

    asyncio.run(go())


def _log(session: Session, at: datetime, outcome: str, entry_id: str | None, territory: str) -> None:
    contact = contacts.at(session, "web:alice", now=at)
    contact.territory, contact.audience = territory, "partenaire"
    text = "le bidule violet de alice"
    questions.log(
        session,
        contact,
        at=at,
        text=text,
        outcome=outcome,
        candidates=[],
        entry_id=entry_id,
        knowledge_hash="0",
    )


@pytest.mark.usefixtures("asked")
def test_the_report_of_a_week(bot: Terminal) -> None:
    done = bot("report", *WEEK)
    assert done.code == 0, done
    assert "Point de la semaine 13, du 25 au 31 mars 2024 : France entière" in done.out
    assert "Questions : 16 (4 une semaine habituelle)" in done.out
    assert "Réponses automatiques : 12 (75 %)" in done.out
    assert "(12, jamais les semaines d'avant)" in done.out
    assert "Doubs (25)" in done.out
    assert "le bidule violet de alice" in done.out
    assert "alice" not in done.out.replace("le bidule violet de alice", "")


@pytest.mark.usefixtures("asked")
def test_of_one_territory_as_json(bot: Terminal) -> None:
    done = bot("report", *WEEK, "--territory", "71", "--json")
    assert done.code == 0, done
    data: dict[str, Any] = json.loads(done.out)
    assert data["week"] == "2024-W13"
    assert data["place"] == {"id": "71", "name": "Saône-et-Loire (71)", "codes": ["71"]}
    assert (data["whole"]["total"], data["whole"]["declined"], data["over"]) == (1, 1, True)
    assert [one["name"] for one in data["territories"]] == ["Saône-et-Loire (71)"]
    assert data["growing"] == []
    nothing = {"part": 0, "whole": 0, "share": None, "low": None, "high": None}
    assert data["quality"] == {"weeks": [], "wrong": nothing, "incomplete": nothing, "waiting": 0}
    assert data["desk"]["first_reply"] == {"count": 0, "median": None, "p90": None}


def test_an_empty_week_is_said_to_be_one(bot: Terminal) -> None:
    done = bot("report")
    assert done.code == 0, done
    assert "Questions : 0 (pas encore de semaine à comparer)" in done.out
    assert "Réponses automatiques : 0 (–)" in done.out
    assert "Première réponse : aucune cette semaine" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--week", "2026-W60"), "Je ne connais pas cette semaine. Elle s'écrit par exemple « 20"),
        (("--week", "hier"), "Je ne connais pas cette semaine."),
        (("--week", "2099-W01"), "n'a pas encore commencé"),
        (("--territory", "00"), "Je ne connais pas de territoire « 00 »"),
    ],
)
def test_what_is_no_week_or_place_is_said(bot: Terminal, arguments: tuple[str, ...], said: str) -> None:
    done = bot("report", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
