"""A reply while it is written: how it will look to whoever reads it."""

from dataclasses import dataclass

from markupsafe import Markup

from bot.telegram import render as telegram
from bot.web.render import message_html
from handlers.turn import World
from knowledge.writing import light


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was typed, as it would go out."""

    html: Markup
    messages: int
    """How many messages it makes on Telegram."""


def drafted(world: World, text: str) -> Draft | None:
    """None for a blank text."""
    words = light(text, own=world.public_url)
    if not words.strip():
        return None
    return Draft(html=message_html(words, markup=True), messages=len(telegram.pages(words, True)))
