"""The beginning of an answer that can stand alone, for who wants the gist."""

import re

LENGTH = 450
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
