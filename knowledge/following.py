"""Whether a message wants to be read with the one before it, by how it is put."""

import re

from knowledge.queries import Query

_LONGEST = 8
"""Telling words of the second half of a sentence."""
_SHORT = 4
"""Telling words up to which a message may leave something unsaid."""
_STARTS = re.compile(r"(?:et|ou|meme|ca|sinon|mais|pareil|du coup)\b")
_WHERE = re.compile(r"\W*où\b", re.I)
_LEANING_STARTS = re.compile(r"(?:pour|avec|sans|depuis|par|chez)\b")
# Pronouns that stand for something said: « elle », « ceux », « qui la valide », « peut-on la prendre »; not
# the article of « la capitale ».
_REFERS_BACK = re.compile(
    r"\b(?:elles?|ceux|celui|celles?|cela|ca|dedans|dessus|alors)\b"
    r"|\b(?:j|je|tu|il|on|nous|vous|ils|qui) (?:les?|la|l|lui|leur|en)\b"
    r"|\b(?:peu[xt]|peuvent|pouvons|pouvez|dois|doit|doivent|faut|veux|vais|va)"
    r"(?: je| il| on| nous| vous| ils)?(?: juste| pas| plus| aussi| donc)?"
    r" (?:les?|la|l|y|en|lui|leur) [a-z]+(?:er|ir|re)\b"
)


def is_short(query: Query) -> bool:
    return len(query.content) <= _SHORT


def leans(query: Query) -> bool:
    """Put as a second half: it begins so, or tells nothing by itself."""
    said = _said(query)
    if _STARTS.match(said) and not _WHERE.match(query.text):
        return len(query.content) <= _LONGEST
    return is_short(query) and (not query.content or bool(_LEANING_STARTS.match(said)))


def refers_back(query: Query) -> bool:
    """A pronoun stands for something that was said before."""
    return bool(_REFERS_BACK.search(_said(query)))


def _said(query: Query) -> str:
    return " ".join(query.whole.words)
