"""A newsletter's draft in words: as Markdown to edit, and as a short message for who agreed to get news."""

from collections.abc import Callable, Iterator

from handlers.calendar import days_in_words
from handlers.letter import Item, Letter, Section
from handlers.turn import Turn
from knowledge.drafting import escape_lightly
from knowledge.entries import Source
from knowledge.texts import Raw

TITLE = "letter.title"
Words = Callable[[Turn, Letter], str]
"""A draft in the words of one kind of file."""


def markdown(turn: Turn, draft: Letter) -> str:
    """The whole draft, with headings."""
    parts = [f"# {turn.texts(TITLE)}", f"*{heading(turn, draft)}*"]
    for section in draft.sections:
        parts.append(f"## {escape_lightly(section.title)}")
        for item in section.items:
            parts += [f"### {escape_lightly(item.title)}", *filter(None, (item.text, links(turn, item)))]
        parts += [more(turn, section)] if section.more else []
    return "\n\n".join([*parts, *foot(turn, draft)]) + "\n"


def message(turn: Turn, draft: Letter, limit: int) -> str:
    """The same in light Markdown and at most `limit` characters; where it is too long its end is left out."""
    text = f"**{turn.texts(TITLE)}** ({heading(turn, draft)})"
    for piece in _pieces(draft):
        if len(text) + len(piece) > limit:
            break
        text += piece
    return text


def _pieces(draft: Letter) -> Iterator[str]:
    """One line of a list each, the first of a section with its title."""
    for section in draft.sections:
        for rank, item in enumerate(section.items):
            yield ("\n" if rank else f"\n\n**{escape_lightly(section.title)}**\n\n") + _line(item)


def heading(turn: Turn, draft: Letter) -> str:
    """« Doubs (25), jeunes, du 1 au 28 novembre 2026 »"""
    audience = turn.texts(f"audience.{draft.audience}") if draft.audience else turn.texts("letter.everybody")
    days = f"{days_in_words(draft.period.since, draft.period.until)} {draft.period.until.year}"
    return f"{escape_lightly(draft.place.name)}, {audience}, {days}"


def links(turn: Turn, item: Item) -> str:
    """Where all of it stands, and where it comes from; "" without either."""
    whole = turn.texts("letter.whole", url=Raw(item.url)) if item.url else ""
    source = turn.texts("letter.source", source=Raw(_link(item.source))) if item.source else ""
    return " ".join(filter(None, (whole, source)))


def more(turn: Turn, section: Section) -> str:
    return turn.texts("letter.more", count=section.more)


def foot(turn: Turn, draft: Letter) -> Iterator[str]:
    """What is said under it: that there is nothing, that entries were looked at, who wrote the draft."""
    if not draft.sections:
        yield turn.texts("letter.nothing")
    if draft.checked:
        yield turn.texts("letter.checked", count=draft.checked)
    yield turn.texts("letter.foot", url=Raw(turn.world.public_url))


def _line(item: Item) -> str:
    """An answer by its title alone, which leads to it; of all else, what there is to say."""
    title = f"[{escape_lightly(item.title)}]({item.url})" if item.url else f"**{escape_lightly(item.title)}**"
    return f"- {title} : {item.text}" if item.text and item.source is None else f"- {title}"


def _link(source: Source) -> str:
    return f"[{escape_lightly(source.title)}]({source.url})"
