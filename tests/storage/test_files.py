"""Files in chunks, and what became of messages after they were said. On both databases."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage import contacts, files, outbox, receipts, revisions, tickets, transcript
from storage.database import Database
from storage.tables import FileChunk, OutboxItem, Transcript
from tests.storage.passing import NOW

LANE = "telegram:42"


def a_row(session: Session, text: str = "[document]") -> Transcript:
    asker = contacts.at(session, LANE, now=NOW)
    ticket = tickets.open_ticket(session, asker, question_id=None, theme=None, now=NOW)
    return transcript.add(session, asker, author="referent", text=text, at=NOW, ticket_number=ticket.number)


def chunks(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(FileChunk)) or 0


async def test_chunks_come_back_in_order_and_go_with_their_row(database: Database) -> None:
    def keep(session: Session) -> tuple[int, int]:
        file_id = files.begin(session, name="a.pdf", now=NOW)
        for position, content in enumerate((b"\x00\xffun", b"deux", b"trois")):
            files.add_chunk(session, file_id, position, content)
        row = a_row(session)
        assert files.attach(session, file_id, row, mime="application/pdf", kind="document")
        assert not files.attach(session, file_id, row, mime="application/pdf", kind="document")
        return file_id, row.ticket_number or 0

    file_id, number = await database.write(keep)
    parts = [await database.read(lambda s, n=n: files.chunk(s, file_id, n)) for n in range(4)]  # type: ignore[misc]
    assert parts == [b"\x00\xffun", b"deux", b"trois", None]
    assert await database.read(lambda s: files.kept(s, number)) == (1, 13)
    await database.write(lambda s: transcript.wipe_ticket(s, number))
    assert await database.read(chunks) == 0
    assert await database.read(lambda s: files.kept(s, number)) == (0, 0)


async def test_a_change_finds_the_message_that_was_delivered(database: Database) -> None:
    """The id is looked up when the change is sent: it may have been written before the delivery."""

    def queue(session: Session) -> int:
        row = a_row(session)
        outbox.put(session, lane=LANE, payload={"kind": "message"}, now=NOW, transcript_id=row.id)
        outbox.put(
            session,
            lane=LANE,
            payload={"kind": "edit", "part": 0},
            now=NOW,
            transcript_id=row.id,
            purpose=revisions.CHANGE,
        )
        return row.id

    row_id = await database.write(queue)
    (message,) = await database.write(lambda s: outbox.claim(s, "telegram", limit=5))
    await database.write(lambda s: outbox.sent(s, [outbox.Delivered(message, "9")], now=NOW))
    (edit,) = await database.write(lambda s: outbox.claim(s, "telegram", limit=5))
    assert edit.payload["message_id"] == "9"
    await database.write(lambda s: outbox.sent(s, [outbox.Delivered(edit, "10")], now=NOW))
    assert await database.read(lambda s: revisions.external_ids(s, LANE, row_id)) == ["10"]
    assert await database.read(lambda s: getattr(receipts.find(s, LANE, "9"), "transcript_id", 0)) is None
    states = await database.read(lambda s: outbox.states_by_transcript(s, [row_id]))
    assert states == {row_id: ("sent", None)}
    assert await database.read(lambda s: revisions.change_states(s, [row_id])) == {row_id: ("sent", None)}


async def test_only_what_certainly_has_not_left_is_rewritten(database: Database) -> None:
    def queue(session: Session) -> list[int]:
        for n in range(3):
            outbox.put(session, lane=f"telegram:{n}", payload={"n": n}, now=NOW)
        items = session.query(OutboxItem).order_by(OutboxItem.id).all()
        items[1].uncertain = True
        session.flush()
        return [item.id for item in items]

    waiting, uncertain, sending = await database.write(queue)
    await database.write(lambda s: revisions.withdraw(s, waiting))
    claimed = await database.write(lambda s: outbox.claim(s, "telegram", limit=1))
    assert [parcel.id for parcel in claimed] == [uncertain]
    assert not await database.write(lambda s: revisions.rewrite(s, waiting, {"n": 9}))
    assert not await database.write(lambda s: revisions.rewrite(s, uncertain, {"n": 9}))
    assert await database.write(lambda s: revisions.rewrite(s, sending, {"n": 9}))
    (last,) = await database.write(lambda s: outbox.claim(s, "telegram", limit=5))
    assert last.payload == {"n": 9}


async def test_changes_are_counted_like_messages(database: Database) -> None:
    def change(session: Session) -> tuple[int, list[int]]:
        row = a_row(session)
        contact = contacts.get(session, row.contact_id)
        assert contact is not None
        second = transcript.add(session, contact, author="bot", text="b", at=NOW)
        row.text = "autre"
        transcript.note_change(session, contact, row)
        changed = transcript.changed_after(session, contact.id, second.seq)
        return second.seq, [one.change_seq or 0 for one in changed]

    last, changes = await database.write(change)
    assert changes == [last + 1]
