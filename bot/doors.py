"""From an inbox payload to an event: one function for each door that writes to the inbox."""

from collections.abc import Mapping
from typing import Any

from bot.telegram.translate import translate as translate_telegram
from bot.worker import Translate
from handlers.events import ChoiceMade, Event, MessageReceived, TimerDue


def _telegram(payload: dict[str, Any]) -> Event:
    return translate_telegram(payload["update"])


def _web(payload: dict[str, Any]) -> Event:
    if payload.get("choice") is not None:
        return ChoiceMade(address=payload["address"], choice=payload["choice"], external_id=payload["id"])
    return MessageReceived(
        address=payload["address"],
        text=payload["text"],
        external_id=payload["id"],
        transcript_id=payload["row"],
    )


def _timer(payload: dict[str, Any]) -> Event:
    return TimerDue(kind=payload["kind"], arguments=payload["arguments"])


TRANSLATIONS: Mapping[str, Translate] = {"telegram": _telegram, "web": _web, "timer": _timer}
