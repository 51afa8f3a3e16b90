"""Holds are placed, lifted once, and stay as the log."""

from datetime import timedelta

from sqlalchemy.orm import Session

from storage import directory, holds
from storage.database import Database
from tests.clock import Clock


async def test_a_hold_is_lifted_once_and_stays_in_the_log(database: Database, clock: Clock) -> None:
    now, later = clock(), clock() + timedelta(hours=1)

    def work(session: Session) -> None:
        desk = directory.add(session, name="Diane", role="national", national=True, email=None, now=now)
        first = holds.place(session, "tag", "montant", reason="décret", referent_id=desk.id, now=now)
        holds.place(session, "entry", "montant", reason="autre chose", referent_id=None, now=now)
        assert [hold.kind for hold in holds.active(session)] == ["tag", "entry"]
        assert holds.lift(session, "tag", "montant", referent_id=desk.id, now=later)
        assert not holds.lift(session, "tag", "montant", referent_id=None, now=later)
        assert [hold.kind for hold in holds.active(session)] == ["entry"]
        assert holds.get(session, first.id) in holds.ended(session)
        session.refresh(first)
        assert (first.held_by_id, first.thawed_by_id) == (desk.id, desk.id)
        assert (first.held_at, first.thawed_at) == (now, later)

    await database.write(work)
