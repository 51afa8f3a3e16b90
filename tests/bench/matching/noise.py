"""What happens to a question between the head and the screen."""

import random
import re
import unicodedata
from collections.abc import Callable

_SMS = {
    "est-ce que": "esk", "je ": "j", "qu'est-ce que": "keske", "quoi": "koi", "pour": "pr", "avec": "avk",
    "quand": "kan", "combien": "cb", "comment": "cmt", "pourquoi": "pk", "que ": "ke ", "qui": "ki",
    "vous": "vs", "nous": "ns", "toujours": "tjr", "beaucoup": "bcp", "dans": "ds", "c'est": "c", "pas": "pa",
}  # fmt: skip
_BEFORE = (
    "Bonjour, je me permets de vous écrire car je suis un peu perdu.",
    "Salut, désolé de déranger, ça fait deux jours que je cherche.",
    "Bonjour madame, monsieur, j'espère que vous allez bien.",
)
_AFTER = (
    "Merci d'avance pour votre aide, bonne journée à toute l'équipe.",
    "Voilà, je sais que vous avez sûrement beaucoup de messages. Merci !",
    "Dites-moi ce que vous en pensez quand vous aurez un moment.",
)


def bare(text: str, draw: random.Random) -> str:
    """No accents, no capitals, no punctuation."""
    folded = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"[^a-z0-9€ ]+", " ", "".join(c for c in folded if not unicodedata.combining(c)))


def one_typo(text: str, draw: random.Random) -> str:
    places = [n for n in range(1, len(text) - 1) if text[n].isalpha() and text[n - 1].isalpha()]
    if not places:
        return text
    at = draw.choice(places)
    return draw.choice((
        text[:at] + text[at + 1 :],
        text[:at] + text[at] + text[at:],
        text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :],
        text[:at] + draw.choice("aeiourstlnm") + text[at + 1 :],
    ))  # fmt: skip


def two_typos(text: str, draw: random.Random) -> str:
    """And no accents."""
    return one_typo(one_typo(bare(text, draw), draw), draw)


def sms(text: str, draw: random.Random) -> str:
    text = text.lower()
    for long, short in _SMS.items():
        text = text.replace(long, short)
    return bare(text, draw)


def rambling(text: str, draw: random.Random) -> str:
    return f"{draw.choice(_BEFORE)} {text} {draw.choice(_AFTER)}"


def clean(text: str, draw: random.Random) -> str:
    return text


NOISES: dict[str, Callable[[str, random.Random], str]] = {
    "clean": clean,
    "no accents, case, signs": bare,
    "one typo": one_typo,
    "two typos, no accents": two_typos,
    "SMS": sms,
    "rambling": rambling,
}
