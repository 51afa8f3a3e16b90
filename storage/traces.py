"""What is erased leaves no copy behind where a database would keep one until chance overwrites it.

SQLite writes changes to a journal first (`-wal`), and moves them to its file, over what stood there, when the
journal has a thousand pages: a quiet house would hold what people had erased for days.
"""

from sqlalchemy import Connection
from sqlalchemy.orm import Session

_ERASED = "souffleur: erased"


def leave_none(session: Session) -> None:
    """Asks that nothing of what this transaction erases outlives its commit for long."""
    session.connection().info[_ERASED] = True


def due(connection: Connection) -> bool:
    """Whether something was erased through this connection since its traces were last removed."""
    return bool(connection.info.get(_ERASED, False))


def removed(connection: Connection) -> None:
    connection.info.pop(_ERASED, None)
