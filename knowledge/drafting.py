"""What a draft that people go on editing takes over: the gist of an answer, words with few escapes."""

import re

LENGTH = 450
_MARKS = re.compile(r"([\\`*_\[\]<>&])")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


def opening(text: str) -> str:
    """The first paragraphs of light Markdown, as many as `LENGTH` characters hold and at least one.

    Never ends with a colon: what it announces comes with it.
    """
    taken: list[str] = []
    for paragraph in _PARAGRAPHS.split(text.strip()):
        announced = bool(taken) and taken[-1].rstrip().endswith(":")
        if taken and not announced and len("\n\n".join([*taken, paragraph])) > LENGTH:
            break
        taken.append(paragraph)
    return "\n\n".join(taken)


def escape_lightly(text: str) -> str:
    """Markdown that shows `text` on one line; only what is markup inside a line is escaped."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
