"""Statements compiled once per process, as in a server that has run for a while: tests open many engines."""

from typing import Any

from sqlalchemy import Connection, Engine, event

from storage.tables import Table


class Statements(dict[Any, Any]):
    """SQLAlchemy's `compiled_cache`, by the dialect's name: engines of a kind are configured alike."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_without_identity(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_without_identity(key), compiled)


def share_statements() -> None:
    """From now on, all engines of this process share what they compile."""
    statements = Statements()
    for mapper in Table.registry.mappers:
        # What is flushed is looked up in the mapper's own, where each engine begins anew.
        mapper._compiled_cache = statements

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=statements)


def _without_identity(key: Any) -> Any:
    dialect, *rest = key
    return (dialect.name, *rest)
