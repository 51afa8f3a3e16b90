"""Whether this program can work on a database's schema: its own, or one that a later release expanded."""

from typing import Literal

from sqlalchemy import Inspector, inspect
from sqlalchemy.orm import Session

from storage import migrations
from storage.tables import Table

Fit = Literal["ours", "older", "expanded", "other"]
"""older: migrate first. expanded: a later release's, with all that we need. other: it lacks what we need."""


def fit(session: Session) -> Fit:
    """How the database's schema and ours go together."""
    revision = migrations.current(session)
    if revision == migrations.head():
        return "ours"
    if revision is None or revision in migrations.known():
        return "older"
    return "expanded" if _holds_ours(inspect(session.connection())) else "other"


def _holds_ours(found: Inspector) -> bool:
    """Whether every table and column of ours is there, and nothing must be filled in that we do not know."""
    tables = set(found.get_table_names())
    for table in Table.metadata.tables.values():
        if table.name not in tables:
            return False
        columns = {column["name"]: column for column in found.get_columns(table.name)}
        if not set(table.columns.keys()) <= columns.keys():
            return False
        strange = [columns[name] for name in columns.keys() - set(table.columns.keys())]
        if not all(one["nullable"] or one["default"] is not None or one.get("computed") for one in strange):
            return False
    return True
