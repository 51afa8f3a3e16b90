"""One outbox payload → one mail, plain text and HTML."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from html import escape
from typing import Any

from knowledge.markup import BulletList, NumberedList, Paragraph, Span, parse, plain

_HEAD = (
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark">'
)
_STYLE = "font-family:sans-serif;line-height:1.5;max-width:42em;margin:1em auto;padding:0 1em"
"""Readable on a phone and on a wide screen, in light and in dark; written in place, as mail programs ask."""


def render(payload: dict[str, Any], *, sender: str, recipient: str, key: str) -> EmailMessage:
    """A mail; `key` makes its Message-ID, so that a copy sent twice can be recognised as one.

    Raises ValueError for a recipient that is not exactly one address.
    """
    mail = EmailMessage()
    mail["Subject"] = " ".join(plain(str(payload["subject"])).split())
    mail["From"] = sender
    mail["To"] = _one_address(recipient)
    mail["Date"] = formatdate()
    domain = sender.rsplit("@", 1)[-1].rstrip("> ")
    mail["Message-ID"] = f"<souffleur-{key}@{domain}>" if key else make_msgid(domain=domain)
    mail["Auto-Submitted"] = "auto-generated"
    text = str(payload["text"])
    mail.set_content(plain(text))
    mail.add_alternative(_html(text), subtype="html")
    return mail


def _one_address(recipient: str) -> Address:
    try:
        return Address(addr_spec=recipient)
    except (MessageError, IndexError) as error:
        raise ValueError("not one mail address") from error


def _html(text: str) -> str:
    body = "\n".join(_block(block) for block in parse(text))
    return f'<!doctype html><html lang="fr">{_HEAD}<body style="{_STYLE}">{body}</body></html>'


def _block(block: Paragraph | BulletList | NumberedList) -> str:
    match block:
        case Paragraph(spans=spans):
            return f"<p>{_spans(spans)}</p>"
        case BulletList(items=items):
            return "<ul>" + "".join(f"<li>{_spans(item)}</li>" for item in items) + "</ul>"
        case NumberedList(items=items):
            return "<ol>" + "".join(f"<li>{_spans(item)}</li>" for item in items) + "</ol>"


def _spans(spans: tuple[Span, ...]) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    html = escape(span.text).replace("\n", "<br>")
    if span.bold:
        html = f"<strong>{html}</strong>"
    return f'<a href="{escape(span.link)}">{html}</a>' if span.link else html
