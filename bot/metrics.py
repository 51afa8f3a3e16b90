"""What is counted for Prometheus; the README lists every name."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class Metrics:
    """The figures of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter("souffleur_turns", "Inbox items handled", ["result"], registry=self.registry)
        self.messages = Counter(
            "souffleur_messages", "Messages tried", ["channel", "result"], registry=self.registry
        )
        self.inbox = Gauge("souffleur_inbox", "Inbox items by status", ["status"], registry=self.registry)
        self.outbox = Gauge(
            "souffleur_outbox", "Outbox messages by status", ["status"], registry=self.registry
        )
        self.tickets = Gauge("souffleur_tickets", "Tickets by state", ["state"], registry=self.registry)
        self.inbox_age = Gauge(
            "souffleur_inbox_oldest_seconds", "Age of the oldest item due", registry=self.registry
        )
        self.outbox_age = Gauge(
            "souffleur_outbox_oldest_seconds", "Age of the oldest message", registry=self.registry
        )
        self.telegram = Gauge(
            "souffleur_telegram_last_seconds", "Since Telegram was heard", registry=self.registry
        )
