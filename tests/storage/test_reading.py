"""What is read and written past SQLAlchemy's unit of work is the same as if it had done it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from storage import contacts, directory, life, offers, questions, search, tickets, transcript
from storage.database import Database, Overtaken
from storage.tables import Contact, Question, Referent, Table, Ticket, TicketWords, Transcript
from tests.clock import Clock


def values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).columns}


async def test_what_was_written_is_in_hand_as_it_is_read(database: Database, clock: Clock) -> None:
    def write(session: Session) -> list[dict[str, Any]]:
        contact = contacts.at(session, "telegram:1", now=clock())
        contacts.keep_state(contact, {"round": 1, "gathering": ["a"]})
        said = transcript.add(session, contact, author="bot", text="é", at=clock(), choices=[{"do": "x"}])
        asked = questions.log(
            session,
            contact,
            at=clock(),
            text="?",
            outcome="answer",
            candidates=[{"id": "a", "score": 1.5}],
            entry_id="a",
            knowledge_hash="x",
        )
        ticket = tickets.open_ticket(session, contact, question_id=asked.id, theme="b", now=clock())
        transcript.link(session, said, ticket.number)
        questions.link(session, asked, ticket.number)
        return [values(row) for row in (contact, said, asked, ticket)]

    written = await database.write(write)
    assert [row.get("ticket_number") for row in written] == [None, 1, 1, None]
    tables: tuple[Any, ...] = (Contact, Transcript, Question, Ticket)
    assert await database.read(lambda s: [values(s.scalar(select(table))) for table in tables]) == written
    gets = (contacts.get, transcript.get, questions.get, tickets.get)
    assert await database.read(lambda s: [values(get(s, 1)) for get in gets]) == written


async def test_words_are_found_with_the_ticket_that_they_belong_to_now(
    database: Database, clock: Clock
) -> None:
    def write(session: Session, *moves: int) -> None:
        search.keep(session, str.lower)
        contact = contacts.at(session, "telegram:1", now=clock())
        if not moves:
            transcript.add(session, contact, author="visitor", text="Mots", at=clock())
            for _ in range(2):
                tickets.open_ticket(session, contact, question_id=None, theme=None, now=clock())
        row = transcript.get(session, 1)
        assert row is not None
        for number in moves or (1,):
            transcript.link(session, row, number)

    def words(session: Session) -> dict[int, str]:
        rows = session.scalars(select(TicketWords).order_by(TicketWords.ticket_number))
        return {row.ticket_number: row.folded for row in rows}

    await database.write(write)
    assert await database.read(words) == {1: "mots\n1", 2: "2"}
    await database.write(lambda session: write(session, 1, 2))
    assert await database.read(words) == {1: "1", 2: "mots\n2"}


async def test_what_is_in_hand_is_changed_as_any_object(database: Database, clock: Clock) -> None:
    def change(session: Session) -> None:
        contact = contacts.at(session, "telegram:1", now=clock())
        contact.territory = "25"
        again = contacts.at(session, "telegram:1", now=clock())
        assert again is contact
        assert again.territory == "25"
        again.audience = "jeune"

    await database.write(change)
    found = await database.read(lambda s: contacts.standing_at(s, "telegram:1"))
    assert found == ("jeune", {}, False)
    assert await database.read(lambda s: contacts.standing(s, 1)) == found
    contact = await database.read(lambda s: values(contacts.get(s, 1)))
    assert contact["territory"] == "25"


async def test_whole_rows_are_what_the_session_reads_and_what_it_has_changed_by_then(
    database: Database, clock: Clock
) -> None:
    def serve(session: Session) -> None:
        nadia, omar = (
            directory.add(session, name=name, role=role, national=False, email=None, now=clock())
            for name, role in (("Nadia", "referent"), ("Omar", "admin"))
        )
        directory.assign(session, nadia, ["25", "39"])
        nadia.notices_by = "mail"  # in hand, and not written yet
        assert directory.serving(session, "25") == [nadia]
        assert directory.administrators(session) == [omar]
        assert nadia.notices_by == "mail"

    await database.write(serve)
    read = await database.read(lambda session: values(directory.serving(session, "39")[0]))
    assert read == await database.read(lambda session: values(session.get(Referent, 1)))
    assert read["notices_by"] == "mail"


async def test_who_is_told_again_is_told_in_the_later_circle(database: Database, clock: Clock) -> None:
    def tell(session: Session) -> list[tuple[str, datetime | None]]:
        referent = directory.add(session, name="Nadia", role="admin", national=False, email=None, now=clock())
        asker = contacts.at(session, "telegram:1", now=clock())
        ticket = tickets.open_ticket(session, asker, question_id=None, theme=None, now=clock())
        for stage in ("first", "territory"):
            offers.make(session, ticket.number, [referent], stage=stage, now=clock())
        assert offers.told(session, ticket.number) == [referent]
        made = [(stage, offers.made_at(session, ticket.number, stage)) for stage in ("first", "territory")]
        offers.withdraw(session, ticket.number)
        assert offers.told(session, ticket.number) == []
        return made

    assert await database.write(tell) == [("first", None), ("territory", clock())]


async def test_after_a_step_that_was_refused_the_ticket_in_hand_is_as_it_stands(
    database: Database, clock: Clock
) -> None:
    def refuse(session: Session) -> None:
        asker = contacts.at(session, "telegram:1", now=clock())
        ticket = tickets.open_ticket(session, asker, question_id=None, theme=None, now=clock())
        rows = Ticket.__table__
        session.execute(rows.update().values(state="closed", territory="39"))  # type: ignore[attr-defined]
        assert not life.move(session, ticket.number, "relocate", territory="25")
        assert (ticket.state, ticket.territory) == ("closed", "39")
        assert life.move(session, ticket.number, "reopen", closed_at=None)
        assert ticket.state == "waiting"
        assert not tickets.advance_stage(session, ticket.number, of="first", to="territory")
        assert tickets.advance_stage(session, ticket.number, of="unrouted", to="first")
        assert ticket.stage == "first"

    await database.write(refuse)


async def test_who_speaks_takes_the_next_number_along_once(database: Database, clock: Clock) -> None:
    def said(session: Session) -> list[int]:
        contact = contacts.at(session, "telegram:1", now=clock(), speaks=True)
        rows = [
            transcript.add(session, contact, author=author, text="x", at=clock())
            for author in ("visitor", "bot", "bot")
        ]
        return [row.seq for row in rows]

    assert await database.write(said) == [1, 2, 3]
    assert await database.write(said) == [4, 5, 6]


async def test_the_state_of_somebody_who_was_erased_is_not_kept(database: Database, clock: Clock) -> None:
    def erased_meanwhile(session: Session) -> None:
        contact = contacts.at(session, "telegram:1", now=clock())
        session.execute(Contact.__table__.delete())  # type: ignore[attr-defined]
        contacts.keep_state(contact, {"round": 1})

    with pytest.raises(Overtaken):
        await database.write(erased_meanwhile)


async def test_who_is_erased_in_a_turn_leaves_no_state(database: Database, clock: Clock) -> None:
    def erase(session: Session) -> None:
        contact = contacts.at(session, "telegram:1", now=clock(), speaks=True)
        contacts.remove(session, contact)
        contacts.keep_state(contact, {"round": 1})
        # On SQLite the next one may have the same id, and is not to have the number.
        other = contacts.at(session, "telegram:2", now=clock())
        contacts.next_seq(session, contacts.at(session, "telegram:2", now=clock()))
        assert contacts.next_seq(session, other) == 2

    await database.write(erase)
    assert await database.read(lambda session: contacts.standing_at(session, "telegram:1")) is None


async def test_numbers_go_on_however_a_contact_is_read_meanwhile(database: Database, clock: Clock) -> None:
    def say(session: Session) -> list[int]:
        contact = contacts.at(session, "telegram:1", now=clock(), speaks=True)
        again: list[Callable[[], object]] = [
            lambda: contacts.at(session, "telegram:1", now=clock()),
            lambda: contacts.known(session, "telegram:1"),
            lambda: contacts.lock(session, contact.id),
            lambda: contacts.at(session, "telegram:1", now=clock(), speaks=True),
            lambda: contacts.keep_state(contact, {"round": 1}),
        ]
        found = []
        for read in again:
            found += [contacts.next_seq(session, contact) for _ in range(2)]
            read()
        return [*found, contacts.next_seq(session, contact)]

    numbers = [*await database.write(say), *await database.write(say)]
    assert numbers == sorted(set(numbers))
    assert await database.read(lambda session: session.scalar(select(Contact.last_seq))) == numbers[-1]


async def test_numbers_go_on_when_a_step_was_taken_back(database: Database, clock: Clock) -> None:
    def say(session: Session) -> list[int]:
        contact = contacts.at(session, "telegram:1", now=clock(), speaks=True)
        found = [contacts.next_seq(session, contact) for _ in range(2)]
        step = session.begin_nested()
        contacts.keep_state(contact, {"round": 1})
        step.rollback()
        return [*found, contacts.next_seq(session, contact)]

    numbers = [*await database.write(say), *await database.write(say)]
    assert numbers == sorted(set(numbers))


def test_a_session_that_goes_on_counts_anew(clock: Clock) -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Table.metadata.create_all(engine)
    with Session(engine) as session, Session(engine) as other:
        for one in (session, other, session):
            contacts.next_seq(one, contacts.at(one, "telegram:1", now=clock()))
            one.commit()
        contacts.next_seq(session, contacts.at(session, "telegram:1", now=clock()))
        session.rollback()
        assert contacts.next_seq(session, contacts.at(session, "telegram:1", now=clock())) == 4
    engine.dispose()
