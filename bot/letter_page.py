"""A newsletter's draft as a page that stands alone, to be pasted into a mailing or edited."""

from collections.abc import Iterator

from markupsafe import Markup, escape

from bot.web.render import message_html
from handlers import letter_words
from handlers.letter import Item, Letter, Section
from handlers.turn import Turn
from knowledge.markup import plain


def html(turn: Turn, draft: Letter) -> str:
    title = plain(turn.texts(letter_words.TITLE))
    body = [
        Markup("<h1>{}</h1>").format(title),
        Markup("<p><em>{}</em></p>").format(plain(letter_words.heading(turn, draft))),
        *(part for section in draft.sections for part in _section(turn, section)),
        *(message_html(line, markup=True) for line in letter_words.foot(turn, draft)),
    ]
    head = Markup('<meta charset="utf-8">\n<title>{}</title>').format(title)
    content = Markup("\n").join(body)
    return Markup(
        '<!doctype html>\n<html lang="fr">\n<head>\n{}\n</head>\n<body>\n{}\n</body>\n</html>\n'
    ).format(head, content)


def _section(turn: Turn, section: Section) -> Iterator[Markup]:
    yield Markup("<h2>{}</h2>").format(escape(section.title))
    for item in section.items:
        yield from _item(turn, item)
    if section.more:
        yield Markup("<p>{}</p>").format(letter_words.more(turn, section))


def _item(turn: Turn, item: Item) -> Iterator[Markup]:
    yield Markup("<h3>{}</h3>").format(item.title)
    for text in filter(None, (item.text, letter_words.links(turn, item))):
        yield message_html(text, markup=True)
