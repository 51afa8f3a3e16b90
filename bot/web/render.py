"""HTML: templates, and light Markdown made safe. Everything that people typed is escaped here."""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import assert_never
from urllib.parse import urlsplit

import aiohttp_jinja2
import jinja2
from aiohttp import web
from markupsafe import Markup, escape

from bot.web.keys import LIBRARY, WORLD
from knowledge.markup import Block, BulletList, NumberedList, Paragraph, Span, parse, plain

HERE = Path(__file__).parent
STATIC = HERE / "static"


def set_up_templates(app: web.Application) -> None:
    """All applications of a process render with one environment: each template is compiled once."""
    app[aiohttp_jinja2.APP_KEY] = _environment()


@cache
def _environment() -> jinja2.Environment:
    """Templates escape by themselves and fail on a name that is not given."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = plain
    environment.globals["static"] = static_url
    environment.globals["new_id"] = lambda: str(uuid.uuid4())
    return environment


def page(request: web.Request, template: str, *, status: int = 200, **context: object) -> web.Response:
    """A whole page; `world` and `library` are known to every template, and `new_id()`, an id to come."""
    known = {"world": request.app[WORLD](), "library": request.app[LIBRARY]}
    return aiohttp_jinja2.render_template(template, request, {**known, **context}, status=status)


@cache
def static_url(name: str) -> str:
    """The address of a static file, with a mark of its content so that browsers may keep it for long."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={mark}"


def message_html(text: str, *, markup: bool) -> Markup:
    """Light Markdown (`markup`) or text as it was typed, as safe HTML."""
    return blocks_html(parse(text)) if markup else _typed_html(text)


def blocks_html(blocks: Iterable[Block]) -> Markup:
    return Markup().join(_block_html(block) for block in blocks)


def _typed_html(text: str) -> Markup:
    return Markup("<p>{}</p>").format(_lines_html(text))


def _block_html(block: Block) -> Markup:
    match block:
        case Paragraph(spans):
            return Markup("<p>{}</p>").format(_spans_html(spans))
        case BulletList(items):
            return Markup("<ul>{}</ul>").format(_items_html(items))
        case NumberedList(items, start):
            return Markup('<ol start="{}">{}</ol>').format(start, _items_html(items))
        case _:
            assert_never(block)


def _items_html(items: Iterable[Sequence[Span]]) -> Markup:
    return Markup().join(Markup("<li>{}</li>").format(_spans_html(item)) for item in items)


def _spans_html(spans: Iterable[Span]) -> Markup:
    return Markup().join(_span_html(span) for span in spans)


def _span_html(span: Span) -> Markup:
    html = _lines_html(span.text)
    if span.bold:
        html = Markup("<strong>{}</strong>").format(html)
    if span.italic:
        html = Markup("<em>{}</em>").format(html)
    if span.link is not None and _is_safe(span.link):
        html = Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(span.link, html)
    return html


def _lines_html(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def _is_safe(url: str) -> bool:
    # knowledge.markup promises it; a link is checked again where it becomes HTML.
    try:
        return urlsplit(url).scheme.lower() in ("http", "https", "mailto")
    except ValueError:
        return False
