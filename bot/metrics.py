"""What is told to Prometheus; the README lists every name. Gauges are measured when they are asked for."""

from prometheus_client import CollectorRegistry, Gauge


class Metrics:
    """The figures of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.inbox = self._gauge("souffleur_inbox_items", "Inbox items by status", "status")
        self.outbox = self._gauge("souffleur_outbox_messages", "Outbox messages by status", "status")
        self.tickets = self._gauge("souffleur_tickets", "Tickets by state", "state")
        self.inbox_age = self._gauge("souffleur_inbox_oldest_seconds", "Age of the oldest item that is due")
        self.outbox_age = self._gauge("souffleur_outbox_oldest_seconds", "Age of the oldest unsent message")
        self.telegram = self._gauge(
            "souffleur_telegram_last_seconds", "Since Telegram was heard, -1 if never"
        )

    def _gauge(self, name: str, documentation: str, *labels: str) -> Gauge:
        return Gauge(name, documentation, labels, registry=self.registry)
