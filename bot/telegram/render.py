"""Light Markdown as Telegram shows it: text with entities counted in UTF-16 units, and a keyboard.

Never `parse_mode`: entities are computed here, so that nothing anybody typed can be markup.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, assert_never

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from knowledge import markup
from knowledge.markup import Block, BulletList, NumberedList, Paragraph, Span

TEXT_LIMIT: Final = 4096
"""UTF-16 units after entities are parsed. Source: Bot API, sendMessage."""
CAPTION_LIMIT: Final = 1024
"""UTF-16 units of a caption. Source: Bot API, sendDocument."""
DATA_LIMIT: Final = 64
"""Bytes of a button's data. Source: Bot API, InlineKeyboardButton."""
LABEL_LIMIT: Final = 64
"""Characters of a button's label: Telegram takes more, phones don't show it."""
ENTITY_LIMIT: Final = 100
"""Telegram drops the entities after the hundredth. Source: limits.tginfo.me."""

_ELLIPSIS = "…"
_BORDERS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…»])\s"), re.compile(r"\s"))
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What sendMessage takes: at most 4,096 UTF-16 units, every entity within the text."""

    text: str
    entities: tuple[MessageEntity, ...] = ()


@lru_cache(maxsize=512)  # many people are told the same
def render(text: str, light_markdown: bool) -> Rendered:
    """The text as it goes out; what is over the limit is cut (`pages` cuts beforehand, losing nothing)."""
    spans = _spans(text) if light_markdown else [Span(_sendable(text))]
    spans = _trimmed(spans)
    shown = "".join(span.text for span in spans)
    if utf16(shown) <= TEXT_LIMIT:
        return Rendered(shown, tuple(_entities(spans))[:ENTITY_LIMIT])
    kept = _head(shown, TEXT_LIMIT - 1).rstrip()
    limit = utf16(kept)
    entities = (_shortened(entity, limit) for entity in _entities(spans) if entity.offset < limit)
    return Rendered(kept + _ELLIPSIS, tuple(entities)[:ENTITY_LIMIT])


def plain(text: str, light_markdown: bool) -> Rendered:
    """The same without entities, for when Telegram refuses them."""
    shown = _sendable(markup.plain(text) if light_markdown else text).strip()
    if utf16(shown) > TEXT_LIMIT:
        shown = _head(shown, TEXT_LIMIT - 1).rstrip() + _ELLIPSIS
    return Rendered(shown)


def caption(text: str) -> str:
    """Words beside a file as they were typed, cut where Telegram takes no more."""
    shown = _sendable(text).strip()
    return shown if utf16(shown) <= CAPTION_LIMIT else _head(shown, CAPTION_LIMIT - 1).rstrip() + _ELLIPSIS


def pages(text: str, light_markdown: bool, limit: int = TEXT_LIMIT) -> list[str]:
    """`text` in parts that each fit a message: cut between paragraphs, else lines, sentences, words.

    A paragraph too long for one message loses its markup, so that no cut falls inside of it. No part is
    blank; no parts for a blank text.
    """
    if utf16(text) + 4 * text.count("\n") <= limit:
        # Shown, a line is at most a blank line and a longer number longer than it is written: it fits.
        paragraphs = [paragraph for paragraph in _BLANK_LINE.split(text) if paragraph.strip()]
        return ["\n\n".join(paragraphs)] if paragraphs else []
    full: list[str] = []
    part = ""
    for piece in _pieces(text, light_markdown, limit):
        joined = f"{part}\n\n{piece}" if part else piece
        if part and _size(joined, light_markdown) > limit:
            full.append(part)
            joined = piece
        part = joined
    return [*full, part] if part else full


def keyboard(choices: Sequence[Mapping[str, str]]) -> InlineKeyboardMarkup | None:
    """The same for python-telegram-bot."""
    rows = [
        [InlineKeyboardButton(one["text"], callback_data=one["callback_data"]) for one in row]
        for row in buttons(choices)
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def buttons(choices: Sequence[Mapping[str, str]]) -> list[list[dict[str, str]]]:
    """One choice a row; a choice whose id Telegram would refuse is left out rather than the message lost."""
    return [
        [{"text": _label(choice["label"]), "callback_data": choice["id"]}]
        for choice in choices
        if 1 <= len(choice["id"].encode()) <= DATA_LIMIT
    ]


def utf16(text: str) -> int:
    """The length of `text` as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _spans(text: str) -> list[Span]:
    spans: list[Span] = []
    for block in markup.parse(_sendable(text)):
        if spans:
            spans.append(Span("\n\n"))
        spans.extend(_block(block))
    return spans


def _block(block: Block) -> Iterator[Span]:
    match block:
        case Paragraph(spans):
            yield from spans
        case BulletList(items):
            for position, item in enumerate(items):
                yield Span(("\n" if position else "") + "• ")
                yield from item
        case NumberedList(items, start):
            for number, item in enumerate(items, start):
                yield Span(("\n" if number > start else "") + f"{number}. ")
                yield from item
        case _:
            assert_never(block)


def _trimmed(spans: list[Span]) -> list[Span]:
    """Without blanks at either end: Telegram drops them, and offsets would be wrong."""
    while spans and not spans[0].text.strip():
        spans = spans[1:]
    while spans and not spans[-1].text.strip():
        spans = spans[:-1]
    if not spans:
        return []
    first = spans[0]
    spans = [Span(first.text.lstrip(), first.bold, first.italic, first.link), *spans[1:]]
    last = spans[-1]
    return [*spans[:-1], Span(last.text.rstrip(), last.bold, last.italic, last.link)]


def _entities(spans: Sequence[Span]) -> Iterator[MessageEntity]:
    offset = 0
    for span in spans:
        length = utf16(span.text)
        # Telegram moves entities off blanks at their ends, and refuses none; ours never start there.
        if span.text.strip():
            if span.bold:
                yield MessageEntity(MessageEntity.BOLD, offset, length)
            if span.italic:
                yield MessageEntity(MessageEntity.ITALIC, offset, length)
            if span.link and span.link.startswith("http"):
                yield MessageEntity(MessageEntity.TEXT_LINK, offset, length, url=span.link)
        offset += length


def _shortened(entity: MessageEntity, limit: int) -> MessageEntity:
    length = min(entity.length, limit - entity.offset)
    return MessageEntity(entity.type, entity.offset, length, url=entity.url)


def _sendable(text: str) -> str:
    """Without what cannot be written in UTF-8, nor controls, which Telegram makes blanks too."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n")).encode("utf-8", "replace").decode()


def _head(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` UTF-16 units, at a border if one is not too far back."""
    end = _fitting(text, limit)
    if end == len(text):
        return text
    for border in _BORDERS:
        cuts = [found.start() for found in border.finditer(text, end // 2, end + 1) if found.start() <= end]
        if cuts:
            return text[: cuts[-1]]
    return text[:end]


def _fitting(text: str, limit: int) -> int:
    units = 0
    for position, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > limit:
            return position
    return len(text)


def _pieces(text: str, light_markdown: bool, limit: int) -> Iterator[str]:
    """The paragraphs of a source text, those over the limit cut further."""
    for paragraph in _BLANK_LINE.split(text):
        if not paragraph.strip():
            continue
        if _size(paragraph, light_markdown) <= limit:
            yield paragraph
        elif light_markdown:
            yield from (markup.escape(part) for part in _cut(markup.plain(paragraph), limit))
        else:
            yield from _cut(paragraph, limit)


def _cut(text: str, limit: int) -> Iterator[str]:
    rest = text.strip()
    while rest:
        # A character of two units in a limit of one still has to go somewhere.
        part = _head(rest, limit) or rest[0]
        rest = rest[len(part) :].lstrip()
        if part.strip():
            yield part.rstrip()


def _size(text: str, light_markdown: bool) -> int:
    return utf16("".join(span.text for span in _spans(text)) if light_markdown else text)


def _label(text: str) -> str:
    label = " ".join(_sendable(text).split()) or _ELLIPSIS
    if len(label) <= LABEL_LIMIT:
        return label
    head = label[: LABEL_LIMIT - 1]
    at_word = head.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > LABEL_LIMIT // 2 else head).rstrip(" ,;:.") + _ELLIPSIS
