"""Notes, shared replies and solved tickets: kept, counted, withdrawn and found alike on both databases."""

from datetime import timedelta

from sqlalchemy.orm import Session

from storage import contacts, directory, notes, questions, shared_replies, solved, tickets
from storage.database import Database
from storage.tables import Referent, Ticket
from tests.clock import Clock


def hire(session: Session, name: str, clock: Clock, *codes: str, role: str = "referent") -> Referent:
    referent = directory.add(session, name=name, role=role, national=False, email=None, now=clock())
    directory.assign(session, referent, codes)
    return referent


def closed(session: Session, clock: Clock, text: str | None, *, territory: str, by: Referent) -> Ticket:
    """A ticket that had a reply, and ended."""
    contact = contacts.at(session, f"web:{clock().timestamp()}{text}", now=clock())
    contact.territory = territory
    asked = questions.log(
        session,
        contact,
        at=clock(),
        text=text,
        outcome="handoff",
        candidates=[],
        entry_id=None,
        knowledge_hash="x",
    )
    ticket = tickets.open_ticket(session, contact, question_id=asked.id, theme=None, now=clock())
    ticket.state, ticket.referent_id = "closed", by.id
    ticket.first_reply_at = ticket.closed_at = clock()
    session.flush()
    return ticket


async def test_notes_stay_in_order_and_go_with_their_ticket(database: Database, clock: Clock) -> None:
    def work(session: Session) -> None:
        camille = hire(session, "Camille", clock, "25")
        one, other = (closed(session, clock, "x", territory="25", by=camille) for _ in range(2))
        for text in ("b", "a"):
            notes.add(session, one.number, text=text, referent_id=camille.id, now=clock())
        notes.add(session, other.number, text="c", referent_id=None, now=clock())
        assert [note.text for note in notes.of_ticket(session, one.number)] == ["b", "a"]
        notes.wipe_ticket(session, one.number)
        assert [notes.count(session, ticket.number) for ticket in (one, other)] == [0, 1]

    await database.write(work)


async def test_shared_replies_are_counted_and_withdrawn_by_whom_they_belong_to(
    database: Database, clock: Clock
) -> None:
    def work(session: Session) -> None:
        camille, driss = hire(session, "Camille", clock), hire(session, "Driss", clock)
        first, second = (
            shared_replies.share(
                session, camille, title=title, text="t", territory="25", theme=None, now=clock()
            )
            for title in ("un", "deux")
        )
        shared_replies.used(session, {first.id, 999})
        shared_replies.used(session, set())
        session.expire_all()
        assert [(one.title, one.uses) for one in shared_replies.everything(session)] == [
            ("un", 1),
            ("deux", 0),
        ]
        assert not shared_replies.withdraw(session, first.id, driss, any_author=False)
        assert shared_replies.withdraw(session, first.id, camille, any_author=False)
        assert not shared_replies.withdraw(session, first.id, camille, any_author=False)
        assert shared_replies.withdraw(session, second.id, driss, any_author=True)
        assert list(shared_replies.everything(session)) == []

    await database.write(work)


async def test_solved_tickets_are_those_of_ones_own_territories_the_newest_first(
    database: Database, clock: Clock
) -> None:
    def work(session: Session) -> None:
        camille, driss = hire(session, "Camille", clock, "25"), hire(session, "Driss", clock, "71")
        admin = hire(session, "Nadia", clock, role="admin")
        old = closed(session, clock, "ancienne", territory="25", by=camille)
        clock.now += timedelta(minutes=1)
        new = closed(session, clock, "nouvelle", territory="25", by=camille)
        elsewhere = closed(session, clock, "ailleurs", territory="71", by=camille)
        not_solved = closed(session, clock, "non", territory="25", by=camille)
        not_solved.solved = False
        erased = closed(session, clock, None, territory="25", by=camille)
        erased.erased_at = clock()
        session.flush()

        def seen(who: Referent, *, besides: int = 0, limit: int = 9) -> list[int]:
            return [one.number for one, _ in solved.recent(session, who, besides=besides, limit=limit)]

        assert seen(camille) == [new.number, elsewhere.number, old.number]
        assert seen(camille, besides=new.number, limit=1) == [elsewhere.number]
        assert seen(driss) == [elsewhere.number]
        assert seen(admin) == []
        assert solved.get(session, driss, new.number) is None
        assert solved.get(session, camille, not_solved.number) is None

    await database.write(work)
