"""What `/readyz` and `/metrics` tell: measured when asked."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.metrics import Metrics
from bot.telegram.intake import Contact as TelegramContact
from bot.web.health import Readiness
from storage import gates, migrations, outbox, queue, tickets
from storage.database import Database, DatabaseUnavailable


async def measure(
    database: Database, clock: Callable[[], datetime], metrics: Metrics, telegram: TelegramContact | None
) -> Readiness:
    """Asks the database; a database that is away is said, not raised."""
    now = clock()
    try:
        details = await database.read(lambda session: _measure(session, now))
    except DatabaseUnavailable:
        return Readiness(database=False, schema=False)
    schema = details.pop("schema")
    _count(metrics, details)
    if telegram is not None:
        details["telegram_last_s"] = None if telegram.seconds is None else round(telegram.seconds, 1)
        details["telegram_trouble"] = telegram.problem
        metrics.telegram.set(telegram.seconds if telegram.seconds is not None else -1)
    return Readiness(database=True, schema=bool(schema), details=details)


def _measure(session: Session, now: datetime) -> dict[str, Any]:
    revision = migrations.current(session)
    if revision != migrations.head():
        return {"schema": False, "revision": revision}
    return {
        "schema": True,
        "revision": revision,
        "inbox": queue.counts(session),
        "outbox": outbox.counts(session),
        "tickets": tickets.counts(session),
        "inbox_oldest_s": _age(queue.oldest(session, now=now), now),
        "outbox_oldest_s": _age(outbox.oldest(session), now),
        "parked": queue.counts(session).get("parked", 0),
        "gates_closed": gates.closed(session),
    }


def _age(moment: datetime | None, now: datetime) -> float:
    return round(max((now - moment).total_seconds(), 0.0), 1) if moment is not None else 0.0


def _count(metrics: Metrics, details: dict[str, Any]) -> None:
    gauges = (("inbox", metrics.inbox), ("outbox", metrics.outbox), ("tickets", metrics.tickets))
    for name, gauge in gauges:
        for label, number in details.get(name, {}).items():
            gauge.labels(label).set(number)
    metrics.inbox_age.set(details.get("inbox_oldest_s", 0))
    metrics.outbox_age.set(details.get("outbox_oldest_s", 0))
