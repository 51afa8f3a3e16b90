"""Light Markdown: the only markup of our content, parsed once for every channel.

Paragraphs, bullet and numbered lists, bold, italics, links. Anything else (HTML, headings, images)
stays the text it is. Each channel renders the blocks its own way; none looks at Markdown itself.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, assert_never

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; a hard line break is a "\\n" inside the text."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class BulletList:
    items: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class NumberedList:
    items: tuple[tuple[Span, ...], ...]
    start: int = 1


Block = Paragraph | BulletList | NumberedList

_LINK_SCHEMES = ("https://", "http://", "mailto:")
_LISTS = {"bullet_list_open", "ordered_list_open"}


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # a twentieth of a start that finds all checked on the shelf

    # "zero" knows paragraphs only: what is not enabled here can't be produced, so it stays text.
    parser = MarkdownIt("zero").enable(
        ["list", "escape", "entity", "emphasis", "link", "newline", "balance_pairs", "fragments_join"],
        ignoreInvalid=True,
    )
    parser.validateLink = lambda url: url.lower().startswith(_LINK_SCHEMES)  # type: ignore[method-assign]
    return parser


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of `text`. Never raises; lists within lists are flattened into one."""
    return tuple(_blocks(_parser().parse(text)))


def _blocks(tokens: Sequence["Token"]) -> Iterator[Block]:
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type in _LISTS:
            end = _closing(tokens, position)
            items = tuple(_items(tokens[position + 1 : end]))
            if token.type == "ordered_list_open":
                yield NumberedList(items, int(token.attrs.get("start", 1)))
            else:
                yield BulletList(items)
            position = end
        elif token.type == "inline" and (spans := _spans(token.children or ())):
            yield Paragraph(spans)
        position += 1


def _closing(tokens: Sequence["Token"], opening: int) -> int:
    level = tokens[opening].level
    return next(i for i in range(opening + 1, len(tokens)) if tokens[i].level == level)


def _items(tokens: Sequence["Token"]) -> Iterator[tuple[Span, ...]]:
    """One tuple of spans per item; paragraphs of one item are joined by a line break."""
    item: list[Span] = []
    for token in tokens:
        if token.type == "list_item_open" and item:
            yield _merged(item)
            item = []
        elif token.type == "inline":
            if item:
                item.append(Span("\n"))
            item.extend(_spans(token.children or ()))
    if item:
        yield _merged(item)


def _spans(children: Sequence["Token"]) -> tuple[Span, ...]:
    spans: list[Span] = []
    bold = italic = 0
    link: str | None = None
    for token in children:
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "link_open":
                link = str(token.attrs.get("href", "")) or None
            case "link_close":
                link = None
            case "softbreak":
                spans.append(Span(" ", bold > 0, italic > 0, link))
            case "hardbreak":
                spans.append(Span("\n", bold > 0, italic > 0, link))
            case _:
                spans.append(Span(token.content, bold > 0, italic > 0, link))
    return _merged(spans)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Neighbours of one style made one, empty ones dropped."""
    merged: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        last = merged[-1] if merged else None
        if last and (last.bold, last.italic, last.link) == (span.bold, span.italic, span.link):
            merged[-1] = Span(last.text + span.text, span.bold, span.italic, span.link)
        else:
            merged.append(span)
    return tuple(merged)


def plain(text: str) -> str:
    """`text` as people read it where there is no markup: "- item", "1. item", "label (url)"."""
    return "\n\n".join(map(_plain_block, parse(text)))


def _plain_block(block: Block) -> str:
    match block:
        case Paragraph(spans):
            return _plain_spans(spans)
        case BulletList(items):
            return "\n".join(f"- {_plain_spans(item)}" for item in items)
        case NumberedList(items, start):
            return "\n".join(f"{n}. {_plain_spans(item)}" for n, item in enumerate(items, start))
        case _:
            assert_never(block)


def _plain_spans(spans: Sequence[Span]) -> str:
    return "".join(_plain_span(span) for span in spans)


def _plain_span(span: Span) -> str:
    if span.link is None or span.link.removeprefix("mailto:") == span.text:
        return span.text
    return f"{span.text} ({span.link.removeprefix('mailto:')})"


_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SPACES = re.compile(r"[^\S ]|^ | $|(?<= ) ")


def escape(text: str) -> str:
    """Light Markdown that shows `text` as it is, whatever somebody typed.

    Control characters other than tab and line ends can't be shown and are dropped.
    """
    text = "".join(c for c in text.replace("\r\n", "\n") if c in "\t\n\r" or not _unshowable(c))
    text = _PUNCTUATION.sub(r"\\\1", text)
    # Entities keep spaces and line ends that Markdown would swallow or read as structure.
    return _SPACES.sub(lambda found: f"&#{ord(found[0])};", text)


def _unshowable(character: str) -> bool:
    # Controls, lone surrogates, and code points that are no characters and have no entity.
    code = ord(character)
    return (
        unicodedata.category(character) in ("Cc", "Cs") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    )
