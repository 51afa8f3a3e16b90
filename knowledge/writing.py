"""What a referent typed, made light Markdown of ours: what they see in the preview is what goes out.

Bold, italics, lists and links to https are markup; line ends stay where they were typed, addresses become
links, and all else is the text it is.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from knowledge.markup import escape

_ENTITY = re.compile(r"(?<!\\)&(?=#?\w+;)")
_OTHER_LINK = re.compile(r"\]\(")
_ITEM = re.compile(r"\s*(?:[-+*]|\d{1,9}[.)])\s+\S")
_AFTER_ADDRESS = ".,;:!?»”…'\"_"


def light(text: str, *, own: str = "") -> str:
    """Light Markdown for `text`; links may lead to https and to `own`, our own address, if it is not.

    Of what it made itself it makes the same again.
    """
    parts = _addresses(own).split(text.replace("\r\n", "\n"))
    # Split by one group: texts and addresses take turns.
    shown = "".join(_address(part) if n % 2 else _words(part) for n, part in enumerate(parts))
    return "\n".join(_lines(shown.split("\n"))).strip()


def _words(text: str) -> str:
    return _OTHER_LINK.sub(r"]\\(", _ENTITY.sub(r"\\&", text))


@lru_cache(maxsize=8)
def _addresses(own: str) -> re.Pattern[str]:
    """Where a link of the writer's own leads to, or an address that stands for itself."""
    start = "https://" if not own or own.startswith("https://") else f"(?:https://|{re.escape(own)}/)"
    return re.compile(rf"(\]\(\s*<?{start}[^\s<>()]*|(?<![\w\[]){start}[^\s<>()\[\]*\\]+)", re.IGNORECASE)


def _address(found: str) -> str:
    """A link where the writer named it; the address itself as a link where they did not."""
    if found.startswith("]"):
        return found
    url = found.rstrip(_AFTER_ADDRESS)
    if len(url) <= len("https://"):
        return escape(found)
    target = url.replace("&", "&amp;")
    return f"[{escape(url)}]({target}){found[len(url) :]}"


def _lines(lines: list[str]) -> Iterator[str]:
    """Line ends kept; what follows a list without a blank line is not part of its last item."""
    for number, line in enumerate(lines):
        after = lines[number + 1] if number + 1 < len(lines) else ""
        goes_on = bool(line.strip() and after.strip())
        ends_list = goes_on and bool(_ITEM.match(line)) and not (after.startswith(" ") or _ITEM.match(after))
        yield f"{line.rstrip()}  " if goes_on and not ends_list else line.rstrip()
        if ends_list:
            yield ""
