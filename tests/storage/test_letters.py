"""What a newsletter may tell of: what enough people asked, on each kind of database."""

from datetime import timedelta

from sqlalchemy.orm import Session

from storage import contacts, letters, questions
from storage.database import Database
from storage.statistics import Scope
from tests.clock import Clock


async def test_people_are_counted_not_questions(database: Database, clock: Clock) -> None:
    now = clock()
    scope = Scope(start=now - timedelta(days=7), end=now + timedelta(days=1), territories=frozenset({"25"}))

    def ask(session: Session) -> list[list[str]]:
        for entry_id, people, times in (("few", 2, 9), ("some", 3, 1), ("many", 4, 1), ("nobody", 0, 0)):
            for person in range(people):
                for _ in range(times):
                    log(session, f"web:{person}", entry_id)
        for person in range(5):
            log(session, f"web:far{person}", "elsewhere", territory="71")
            log(session, f"web:{person}", "grave", outcome="distress")
            log(session, f"web:{person}", None)
        return [
            letters.most_asked(session, scope, None, at_least=3),
            letters.most_asked(session, scope, "jeune", at_least=2),
            letters.most_asked(session, scope, "partenaire", at_least=1),
        ]

    def log(
        session: Session,
        address: str,
        entry_id: str | None,
        *,
        territory: str = "25",
        outcome: str = "answer",
    ) -> None:
        contact = contacts.at(session, address, now=now)
        contact.territory, contact.audience = territory, "jeune"
        questions.log(
            session,
            contact,
            at=now,
            text="x",
            outcome=outcome,
            candidates=[],
            entry_id=entry_id,
            knowledge_hash="0",
        )

    assert await database.write(ask) == [["many", "some"], ["many", "some", "few"], []]
