"""What the console's pages ask the database, on both databases."""

from sqlalchemy.orm import Session

from storage import contacts, directory, outbox, questions
from storage.database import Database
from storage.tables import Contact, OutboxItem, Referent
from tests.storage.passing import NOW


def _alice(session: Session) -> Contact:
    return contacts.at(session, "telegram:1", now=NOW)


async def test_questions_by_number(database: Database) -> None:
    def work(session: Session) -> list[str | None]:
        alice = _alice(session)
        asked = [
            questions.log(
                session,
                alice,
                at=NOW,
                text=text,
                outcome="handoff",
                candidates=[],
                entry_id=None,
                knowledge_hash="0",
            )
            for text in ("un", "deux")
        ]
        found = questions.by_ids(session, [asked[1].id, 999])
        return [question.text for question in found.values()]

    assert await database.write(work) == ["deux"]


async def test_of_a_message_in_parts_the_worst_state_is_told(database: Database) -> None:
    def work(session: Session) -> dict[int, tuple[str, str | None]]:
        for row, states in enumerate((("sent", "sent"), ("sent", "waiting"), ("failed", "sent")), start=1):
            for state in states:
                outbox.put(session, lane="telegram:1", payload={}, now=NOW, transcript_id=row)
                item = session.query(OutboxItem).order_by(OutboxItem.id.desc()).limit(1).one()
                item.status = state
                item.reason = "too long" if state == "failed" else None
        session.flush()
        assert session.query(OutboxItem).count() == 6
        return outbox.states_by_transcript(session, [1, 2, 3, 4])

    told = await database.write(work)
    assert told == {1: ("sent", None), 2: ("waiting", None), 3: ("failed", "too long")}


async def test_only_administrators_reach_a_referent_by_number(database: Database) -> None:
    def work(session: Session) -> list[bool]:
        def hire(name: str, role: str) -> Referent:
            return directory.add(session, name=name, role=role, national=False, email=None, now=NOW)

        chief, camille = hire("Nadia", "admin"), hire("Camille", "referent")
        gone = hire("Driss", "referent")
        directory.remove(session, gone, now=NOW)
        found = [
            directory.for_administrator(session, camille.id, chief),
            directory.for_administrator(session, gone.id, chief),
            directory.for_administrator(session, chief.id, camille),
        ]
        return [one is not None for one in found]

    assert await database.write(work) == [True, False, False]


async def test_names_with_accents_are_found_in_any_case(database: Database) -> None:
    def work(session: Session) -> str | None:
        directory.add(session, name="Élise Garnier", role="referent", national=False, email=None, now=NOW)
        found = directory.by_name(session, " éLISE garnier ")
        return found.name if found is not None else None

    assert await database.write(work) == "Élise Garnier"
