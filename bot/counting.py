"""Counts and times what the worker does, from outside of it: the same senders and search, watched."""

import time
from dataclasses import dataclass
from typing import Any

from bot.delivery import DeliveryError, Receipt, Sender
from bot.finding import Look
from bot.metrics import Metrics
from knowledge.entries import Audience
from knowledge.outcomes import Match


@dataclass(frozen=True, slots=True)
class CountedSender:
    """Delivers as its sender does; the result is the name of the `DeliveryError`, or « sent »."""

    sender: Sender
    channel: str
    metrics: Metrics

    async def deliver(self, lane: str, payload: dict[str, Any], *, repeated: bool) -> Receipt:
        began, result = time.perf_counter(), "error"
        try:
            receipt = await self.sender.deliver(lane, payload, repeated=repeated)
            result = "sent"
            return receipt
        except DeliveryError as error:
            result = type(error).__name__.lower()
            raise
        finally:
            self.metrics.deliveries.labels(self.channel, result).inc()
            self.metrics.delivery_time.labels(self.channel).observe(time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class CountedLook:
    """The same search; its outcome is one of `knowledge.outcomes.Outcome`."""

    look: Look
    metrics: Metrics

    async def __call__(self, text: str, audience: Audience | None, previous: str | None) -> Match:
        with self.metrics.matching_time.time():
            match = await self.look(text, audience, previous)
        self.metrics.answers.labels(match.outcome).inc()
        return match

    async def aclose(self) -> None:
        await self.look.aclose()
