"""What `/readyz` and `/metrics` tell: measured when asked."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.metrics import Metrics, set_all
from bot.telegram.intake import Contact as TelegramContact
from bot.telegram.standing import Standing
from bot.web.health import Readiness
from storage import gates, migrations, outbox, queue, tickets
from storage.database import Database, DatabaseUnavailable
from storage.schema import fit


async def measure(
    database: Database,
    clock: Callable[[], datetime],
    metrics: Metrics,
    telegram: TelegramContact | None,
    standing: Standing,
) -> Readiness:
    """Asks the database; a database that is away is said, not raised."""
    now = clock()
    try:
        details = await database.read(lambda session: _measure(session, now))
    except DatabaseUnavailable:
        metrics.database_up.set(0)
        metrics.unavailable.labels("probe").inc()
        return Readiness(
            database=False, schema=False, details=_of_telegram(telegram, standing, metrics, None)
        )
    metrics.database_up.set(1)
    schema, heard = details.pop("schema"), details.pop("heard", None)
    metrics.schema_current.set(schema)
    if schema:
        _count(metrics, details)
    details |= _of_telegram(telegram, standing, metrics, None if heard is None else _age(heard, now))
    return Readiness(database=True, schema=bool(schema), details=details)


def _measure(session: Session, now: datetime) -> dict[str, Any]:
    revision = migrations.current(session)
    if fit(session) not in ("ours", "expanded"):
        return {"schema": False, "revision": revision, "needed": migrations.head()}
    inbox, gates_closed = queue.unfinished(session), gates.closed(session)
    # A door that is shut for one conversation alone bears an account number.
    doors = {name: reason for name, reason in gates_closed.items() if ":" not in name}
    return {
        "schema": True,
        "revision": revision,
        "inbox": inbox,
        "outbox": outbox.undelivered(session),
        "tickets": tickets.counts(session),
        "inbox_oldest_s": _age(queue.oldest(session, now=now), now),
        "outbox_oldest_s": _age(outbox.oldest(session), now),
        "parked": inbox["parked"],
        "gates_closed": doors,
        "conversations_paused": len(gates_closed) - len(doors),
        "heard": queue.newest(session, lanes="telegram:"),
    }


def _of_telegram(
    telegram: TelegramContact | None, standing: Standing, metrics: Metrics, accepted_s: float | None
) -> dict[str, Any]:
    """A process that takes no updates in tells since when the last one was accepted by any other."""
    if telegram is None:
        return {}
    last = accepted_s if telegram.seconds is None else round(telegram.seconds, 1)
    metrics.telegram.set(-1 if last is None else last)
    metrics.pending.set(-1 if standing.pending is None else standing.pending)
    return {
        "telegram_last_s": last,
        "telegram_trouble": telegram.problem,
        "telegram_pending_updates": standing.pending,
        "telegram_last_error": standing.last_error,
    }


def _age(moment: datetime | None, now: datetime) -> float:
    return round(max((now - moment).total_seconds(), 0.0), 1) if moment is not None else 0.0


def _count(metrics: Metrics, details: dict[str, Any]) -> None:
    set_all(metrics.inbox, details["inbox"])
    set_all(metrics.outbox, details["outbox"])
    set_all(metrics.tickets, details["tickets"])
    metrics.inbox_age.set(details["inbox_oldest_s"])
    metrics.outbox_age.set(details["outbox_oldest_s"])
    metrics.gates.set(len(details["gates_closed"]))
