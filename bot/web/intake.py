"""A visitor's message comes in: read from JSON or a form, checked, written down, and only then accepted."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.web import sessions, turns
from bot.web.errors import Refusal
from bot.web.limits import What
from bot.web.security import count
from handlers import visitor
from handlers.turn import Turn
from knowledge.entries import Audience

LONGEST_TEXT = 4096

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CHOICE = re.compile(r"[0-9A-Za-z._:-]{1,64}")
# PostgreSQL takes no NUL, and no encoding a lone surrogate; the other controls would only garble a page.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a visitor sends: a text or a choice, under the id that their client gave it."""

    id: str
    text: str | None = None
    choice: str | None = None
    audience: Audience | None = None
    """Who they said they are on the welcome page, if they did."""


def said(given: Mapping[str, Any]) -> Said:
    """Reads a message; raises Refusal 422 that says what is wrong with it."""
    identifier = message_id(given.get("id"))
    audience = _audience(given.get("audience"))
    if given.get("choice") is not None:
        return Said(id=identifier, choice=_choice(given["choice"]), audience=audience)
    return Said(id=identifier, text=readable_text(given.get("text")), audience=audience)


def message_id(given: object) -> str:
    """The id that the visitor's client gave to a message; raises Refusal 422 when it is none."""
    if not isinstance(given, str) or not _UUID.fullmatch(given):
        raise Refusal(422, "invalid_id", "L'identifiant du message n'est pas un UUID.")
    return given


def readable_text(text: object) -> str:
    """The text in NFC, without what can't be written; raises Refusal 422 when empty or too long."""
    if not isinstance(text, str):
        raise Refusal(422, "no_text", "Il manque le texte du message, ou le choix.")
    text = clean(text)
    if not text:
        raise Refusal(422, "empty", "Votre message est vide : écrivez votre question.")
    if len(text) > LONGEST_TEXT:
        raise Refusal(
            422,
            "too_long",
            "Votre message dépasse 4 096 caractères : raccourcissez-le ou envoyez-le en deux fois.",
        )
    return text


def clean(text: str) -> str:
    """The text in NFC, without what can't be written or would only garble a page."""
    return unicodedata.normalize("NFC", _UNWRITABLE.sub("", text.replace("\r\n", "\n"))).strip()


async def receive(request: web.Request, token: str, message: Said) -> None:
    """Writes the message down; returns once it is committed, also when it was known.

    Refusal 401 or 403 when the token opens no session, or one that must be confirmed first.
    """
    count(request, What.ADDRESS_MESSAGES)
    count(request, What.SESSION_MESSAGES, sessions.key(token))

    def accept(turn: Turn) -> str:
        contact = sessions.visitor(turn, token)
        sessions.touch(turn, token)
        if message.audience is not None:
            contact.audience = message.audience.value
        return visitor.receive(turn, contact, client_id=message.id, text=message.text, choice=message.choice)

    if await turns.write(request, accept) == "unknown_choice":
        raise unknown_choice()


def unknown_choice() -> Refusal:
    return Refusal(422, "unknown_choice", "Ce choix n'est plus proposé : écrivez votre question.")


def _choice(choice: object) -> str:
    if not isinstance(choice, str) or not _CHOICE.fullmatch(choice):
        raise unknown_choice()
    return choice


def _audience(name: object) -> Audience | None:
    return Audience(name) if isinstance(name, str) and name in set(Audience) else None
