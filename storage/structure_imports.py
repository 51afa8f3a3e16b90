"""Files that were read and shown, and wait for their confirmation."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from storage.tables import Referent, StructureImport


def keep(session: Session, by: Referent, content: str, *, now: datetime) -> StructureImport:
    """Keeps the file that was shown; one per person, the last."""
    session.execute(delete(StructureImport).where(StructureImport.by_id == by.id))
    kept = StructureImport(at=now, by_id=by.id, content=content)
    session.add(kept)
    session.flush()
    return kept


def of(session: Session, import_id: int, by: Referent) -> StructureImport | None:
    """One's own, or none."""
    found = session.get(StructureImport, import_id)
    return found if found is not None and found.by_id == by.id else None


def drop(session: Session, import_id: int) -> None:
    session.execute(delete(StructureImport).where(StructureImport.id == import_id))


def drop_older(session: Session, *, before: datetime) -> None:
    """All of before then."""
    session.execute(delete(StructureImport).where(StructureImport.at < before))
