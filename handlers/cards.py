"""Answers that a referent drops into a chat of their own: looked up while they type, never remembered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers import holds
from handlers.turn import Turn
from knowledge import answering
from knowledge.entries import Audience, Entry
from knowledge.markup import escape, plain
from knowledge.texts import Raw
from storage import directory

MOST = 8
_SENTENCE = re.compile(r"(?<=[.!?…])\s")
_LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One answer: what its line in the list says, and the light Markdown that is dropped."""

    entry_id: str
    title: str
    summary: str
    """Its audiences, unless it is for everybody, and its first sentence."""
    text: str


def may_ask(turn: Turn, account: int) -> bool:
    """Whether this Telegram account is a referent's: nobody else gets cards."""
    return directory.by_telegram(turn.session, account) is not None


def frequent(turn: Turn) -> list[str]:
    """What is offered before anything was typed."""
    return [entry.id for entry in turn.world.knowledge.frequent()]


def of(turn: Turn, entry_ids: Sequence[str]) -> list[Card]:
    """Cards for the entries that may be said today, in their order."""
    wanted = map(turn.world.knowledge.entry, entry_ids)
    return [_card(turn, entry) for entry in holds.sayable(turn, wanted)[:MOST]]


def _card(turn: Turn, entry: Entry) -> Card:
    said = answering.quoted(turn.world.knowledge, entry, audience=None, on=turn.today)
    first = _SENTENCE.split(" ".join(plain(entry.answer_for(None)).split()), maxsplit=1)[0]
    short = first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1].rstrip()}…"
    audiences = ", ".join(turn.texts(f"audience.{one}") for one in Audience if one in entry.audiences)
    return Card(
        entry_id=entry.id,
        title=entry.title,
        summary=f"{audiences} – {short}" if audiences else short,
        text=f"**{escape(entry.title)}**\n\n{said}{_more(turn, entry)}",
    )


def _more(turn: Turn, entry: Entry) -> str:
    name = turn.world.telegram_name
    if name is None:
        return ""
    return "\n\n" + turn.texts("card.more", url=Raw(f"https://t.me/{name}?start={entry.id}"))
