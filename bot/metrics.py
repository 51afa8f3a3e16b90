"""What is told to Prometheus; the README lists every name.

Counters and histograms are of this process. Gauges are measured when they are asked for; those of the queues
and of tickets are the database's, so that each process tells the same. No label holds anything of a person.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        # What happened here since the process started.
        self.updates = self._counter("updates", "Telegram updates written into the inbox, repeated ones too")
        self.turns = self._counter("turns", "Items of the inbox that were handled", "outcome")
        self.turn_time = self._histogram("turn_seconds", "From the claim of an item to its commit")
        self.matching_time = self._histogram("matching_seconds", "Looking up one message")
        self.answers = self._counter("answers", "Messages that were looked up", "outcome")
        self.deliveries = self._counter("deliveries", "Tries to deliver a message", "channel", "result")
        self.delivery_time = self._histogram("delivery_seconds", "One try to deliver a message", "channel")
        self.requests = self._counter("web_requests", "Requests by group of routes", "route", "status")
        self.request_time = self._histogram("web_request_seconds", "Requests but long polls", "route")
        self.unavailable = self._counter("database_unavailable", "Times that the database was away", "where")
        # What is now.
        self.database_up = self._gauge("database_up", "Whether the database answers")
        self.schema_current = self._gauge("schema_current", "Whether the schema is the one we need")
        self.inbox = self._gauge("inbox_items", "Items of the inbox that are not done", "status")
        self.outbox = self._gauge("outbox_messages", "Messages of the outbox that did not go out", "status")
        self.tickets = self._gauge("tickets", "Tickets by state", "state")
        self.inbox_age = self._gauge("inbox_oldest_seconds", "Age of the oldest item that is due")
        self.outbox_age = self._gauge("outbox_oldest_seconds", "Age of the oldest unsent message")
        self.gates = self._gauge("gates_closed", "Doors that are shut by a failure")
        self.telegram = self._gauge("telegram_last_seconds", "Since Telegram was heard, -1 if never")
        self.pending = self._gauge("telegram_pending_updates", "Updates that wait at Telegram's, -1 unknown")

    def names(self) -> Iterator[str]:
        """Every name of ours as Prometheus sees it, those that libraries add left out."""
        for metric in self.registry.collect():
            if metric.name.startswith(_PREFIX):
                yield f"{metric.name}_total" if metric.type == "counter" else metric.name

    def _counter(self, name: str, documentation: str, *labels: str) -> Counter:
        return Counter(_PREFIX + name, documentation, labels, registry=self.registry)

    def _histogram(self, name: str, documentation: str, *labels: str) -> Histogram:
        return Histogram(_PREFIX + name, documentation, labels, registry=self.registry, buckets=_SECONDS)

    def _gauge(self, name: str, documentation: str, *labels: str) -> Gauge:
        return Gauge(_PREFIX + name, documentation, labels, registry=self.registry)


_PREFIX = "souffleur_"


def set_all(gauge: Gauge, counts: Mapping[str, int]) -> None:
    """Sets one value for each label; labels that are not among them are no more."""
    gauge.clear()
    for label, number in counts.items():
        gauge.labels(label).set(number)
