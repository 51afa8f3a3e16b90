"""Photos and documents beside the words: kept in chunks, or known by the id that their channel gave them.

arriving (no row of the transcript) ──attach──▶ attached ──its row goes──▶ gone, chunks and all
      └───────────── given up, or an hour old ─────────────────────────────▶ gone
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from storage.tables import File, FileChunk, Transcript

CHUNK = 256 * 1024
"""Bytes of a chunk: what is in memory at once while a file comes in or goes out."""


def begin(session: Session, *, name: str | None, now: datetime) -> int:
    """A file that arrives; it belongs to nobody yet."""
    file = File(kind="document", name=name, size=0, created_at=now)
    session.add(file)
    session.flush()
    return file.id


def add_chunk(session: Session, file_id: int, position: int, content: bytes) -> None:
    session.add(FileChunk(file_id=file_id, position=position, content=content))
    grown = update(File).where(File.id == file_id).values(size=File.size + len(content))
    session.execute(grown.execution_options(synchronize_session=False))


def refer(
    session: Session,
    row: Transcript,
    *,
    kind: str,
    external_id: str,
    message_id: str | None,
    name: str | None,
    size: int | None,
    now: datetime,
) -> File:
    """Notes a file that stays at its channel, beside the row that it came with."""
    file = File(
        transcript_id=row.id,
        ticket_number=row.ticket_number,
        kind=kind,
        name=name[:200] if name else None,
        size=size,
        external_id=external_id,
        message_id=message_id,
        created_at=now,
    )
    session.add(file)
    session.flush()
    return file


def attach(session: Session, file_id: int, row: Transcript, *, mime: str, kind: str) -> bool:
    """Gives a file that has arrived to a row of the transcript; False when it was given already."""
    arrived = update(File).where(File.id == file_id, File.transcript_id.is_(None))
    values = {"transcript_id": row.id, "ticket_number": row.ticket_number, "mime": mime, "kind": kind}
    done = session.execute(arrived.values(values).execution_options(synchronize_session=False))
    return bool(done.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as for every UPDATE


def get(session: Session, file_id: int) -> File | None:
    """For the bot's own use; people's access goes through `of_ticket` and `of_contact`."""
    return session.get(File, file_id)


def of_ticket(session: Session, file_id: int, number: int) -> File | None:
    """A file of this ticket."""
    return session.scalar(select(File).where(File.id == file_id, File.ticket_number == number))


def of_contact(session: Session, file_id: int, contact_id: int) -> File | None:
    """A file of this person's conversation, whoever sent it."""
    found = select(File).join(Transcript, Transcript.id == File.transcript_id)
    return session.scalar(found.where(File.id == file_id, Transcript.contact_id == contact_id))


def by_rows(session: Session, transcript_ids: Collection[int]) -> dict[int, list[File]]:
    """Files by the row that they came with."""
    found: dict[int, list[File]] = {}
    if not transcript_ids:
        return found
    for file in session.scalars(_BY_ROWS, {"rows": list(transcript_ids)}):
        if file.transcript_id is not None:
            found.setdefault(file.transcript_id, []).append(file)
    return found


def chunk(session: Session, file_id: int, position: int) -> bytes | None:
    """One chunk; None after the last."""
    found = select(FileChunk.content).where(FileChunk.file_id == file_id, FileChunk.position == position)
    return session.scalar(found)


def kept(session: Session, number: int) -> tuple[int, int]:
    """How many files of a ticket are kept here, and their bytes."""
    own = (File.ticket_number == number) & File.external_id.is_(None)
    found = session.execute(select(func.count(), func.sum(File.size)).where(own)).one()
    return found[0], found[1] or 0


def drop(session: Session, file_id: int) -> None:
    session.execute(delete(File).where(File.id == file_id))


def drop_of_row(session: Session, transcript_id: int) -> None:
    session.execute(delete(File).where(File.transcript_id == transcript_id))


def drop_if_unattached(session: Session, file_id: int) -> None:
    session.execute(delete(File).where(File.id == file_id, File.transcript_id.is_(None)))


def drop_unattached(session: Session, *, before: datetime) -> None:
    """What was begun and never given to a conversation."""
    session.execute(delete(File).where(File.transcript_id.is_(None), File.created_at < before))


def names(session: Session, contact_id: int) -> Sequence[tuple[int, str, str | None, int | None]]:
    """Row, kind, name and size of all files of a conversation."""
    rows = select(Transcript.id, File.kind, File.name, File.size).join(
        File, File.transcript_id == Transcript.id
    )
    found = session.execute(rows.where(Transcript.contact_id == contact_id).order_by(File.id)).all()
    return [(row_id, kind, name, size) for row_id, kind, name, size in found]


# Built once: each look of an open chat asks for it.
_BY_ROWS = select(File).where(File.transcript_id.in_(bindparam("rows", expanding=True))).order_by(File.id)
