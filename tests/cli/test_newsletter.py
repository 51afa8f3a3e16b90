"""`newsletter`: the draft in the terminal."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from storage import contacts, questions
from storage.database import open_database
from tests.cli.conftest import Terminal

DAY = datetime(2024, 3, 25, 9, tzinfo=UTC)
PERIOD = ("--since", "2024-03-01", "--until", "2024-03-31")


@pytest.fixture
def asked(bot: Terminal, tmp_path: Path) -> None:
    """Three people of the Doubs ask the same, two the other thing."""

    def ask(session: Session) -> None:
        for number, entry_id in enumerate(["eligibility-age"] * 3 + ["pro-create-account"] * 2):
            contact = contacts.at(session, f"web:alice{number}", now=DAY)
            contact.territory, contact.audience = "25", "jeune"
            questions.log(
                session,
                contact,
                at=DAY,
                text="le bidule violet de alice",
                outcome="answer",
                candidates=[],
                entry_id=entry_id,
                knowledge_hash="0",
            )

    async def go() -> None:
        database = open_database(f"sqlite:///{tmp_path / 'souffleur.db'}")
        await database.write(ask)
        await database.close()

    asyncio.run(go())


@pytest.mark.usefixtures("asked")
def test_a_draft_as_markdown_and_as_a_page(bot: Terminal) -> None:
    done = bot("newsletter", "--territory", "25", "--audience", "jeune", *PERIOD)
    assert done.code == 0, done
    assert "# Des nouvelles du pass Culture" in done.out
    assert "du 1 au 31 mars 2024" in done.out
    assert done.out.count("### ") == 1
    assert "/fiches/eligibility-age" in done.out
    assert "alice" not in done.out
    whole = bot("newsletter", "--html", *PERIOD)
    assert whole.out.startswith("<!doctype html>")
    assert whole.out.count("<h3>") == 1


@pytest.mark.usefixtures("asked")
def test_elsewhere_there_is_nothing_to_tell(bot: Terminal) -> None:
    assert "Rien à signaler" in bot("newsletter", "--territory", "71", *PERIOD).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--territory", "00"), "Je ne connais pas de territoire « 00 »"),
        (("--audience", "tous"), "Je ne connais pas de public « tous »"),
        (("--since", "hier"), "Ces jours ne vont pas"),
        (("--since", "2024-03-02", "--until", "2024-03-01"), "Ces jours ne vont pas"),
        (("--until", "2099-01-01"), "Ces jours ne vont pas"),
    ],
)
def test_what_is_no_place_audience_or_period_is_said(
    bot: Terminal, arguments: tuple[str, ...], said: str
) -> None:
    done = bot("newsletter", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
