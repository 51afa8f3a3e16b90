"""From what people type to words that can be compared: case, accents, elisions, SMS spellings, stems."""

import re
import threading
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

import snowballstemmer

from knowledge.language import Language

# A story of 1,500 characters says what it wants; its beginning and its end say it best.
MAX_LENGTH = 1500
_HEAD = 1000
# NFKC can make one character eighteen: the cut before it bounds the work, the one after it the result.
_RAW_LENGTH = 6000

_LETTERS = {
    "œ": "oe", "æ": "ae", "ø": "o", "ß": "ss", "ł": "l", "ı": "i",
    "’": "'", "ʼ": "'", "‘": "'", "`": "'", "´": "'", "′": "'", "ʹ": "'", "＇": "'",
}  # fmt: skip
_LETTER = re.compile(f"[{''.join(_LETTERS)}]")
# The marks of the Latin letters; others are rare enough to be looked up one by one.
_ACCENTS = re.compile(r"[\u0300-\u036f]+")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_REPEATED = re.compile(r"([a-z])\1{2,}")
# Addresses and telephone numbers say whom to answer, not what is asked.
_ADDRESSES = re.compile(r"\b(?:https?://|www\.)\S+|\S+@\S+|(?<!\d)0[1-9](?:[ .-]?\d\d){4}(?!\d)")
_MARKED = re.compile(r"[0-9@]|://|www\.")
"""Stands in all addresses and numbers."""
_WORD = re.compile(r"[a-z]+|[0-9]+|[€%]")
_PLAIN = re.compile(r"(?:([a-z])(?!\1\1))+")
_SYMBOLS = {"€": "euro", "%": "pourcent"}
_J_FUSED = re.compile(r"j[a-z]{3,}")
_ELIDED = re.compile(r"(?:qu|[ldcnmts])[aeiouyh][a-z]{2,}")
_MOST_WORDS = 32_768
# Written that often in the content, or listed as a stop word: a word of its own.
_COMMON = 40
_THOUSANDS = re.compile(r"(?<!\d)(\d{1,3})[ \u202f\xa0.](\d{3})(?!\d)")


def cut(text: str) -> str:
    """At most MAX_LENGTH characters of the compatibility form, the beginning and the end of long ones."""
    text = unicodedata.normalize("NFKC", _ends(text, _RAW_LENGTH, _RAW_LENGTH * 2 // 3))
    return _ends(text, MAX_LENGTH, _HEAD)


def _ends(text: str, limit: int, head: int) -> str:
    if len(text) <= limit:
        return text
    return f"{text[:head]}\n{text[head - limit + 1 :]}"


def fold(text: str) -> str:
    """Lower case without accents or ligatures, one kind of apostrophe. Idempotent."""
    text = _lowered(text)
    if text.isascii():
        return text
    text = _lowered(unicodedata.normalize("NFKD", text))
    text = _lowered(unicodedata.normalize("NFKD", text))
    text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return _FOREIGN.sub(_without_marks, text)


def _lowered(text: str) -> str:
    return _LETTER.sub(lambda found: _LETTERS[found[0]], text.casefold())


def _without_marks(found: re.Match[str]) -> str:
    return "".join(c for c in found[0] if not unicodedata.combining(c))


def split_words(text: str) -> list[str]:
    """Words and numbers of a text; « créée » keeps its two e, « troooop » is « trop »."""
    if _PLAIN.fullmatch(text):  # as most words of patterns are
        return [text]
    folded = fold(text)
    if _MARKED.search(folded):  # which most texts are not: the longest search of all is spared
        folded = _THOUSANDS.sub(r"\1\2", _ADDRESSES.sub(" ", folded))
    folded = _REPEATED.sub(lambda found: found[1] * (2 if found[1] == "e" else 1), folded)
    return [_SYMBOLS.get(word, word) for word in _WORD.findall(folded)]


class Normaliser:
    """Words as the lists of `language` read them; `counts` are the words of the content.

    `longest_stems` are those of the words of patterns, where they were found before.
    """

    def __init__(
        self,
        language: Language,
        counts: Mapping[str, int] | None = None,
        longest_stems: Mapping[str, str] | None = None,
    ) -> None:
        self._sms = {word: tuple(split_words(full)) for word, full in language.sms.items()}
        self._sms_unsure = {word: tuple(split_words(full)) for word, full in language.sms_unsure.items()}
        self._synonyms = {
            tuple(split_words(word)): tuple(split_words(first))
            for first, words in language.synonyms.items()
            for word in words
        }
        self._kinds = {
            word: tuple(split_words(kind))
            for kind, lines in language.kinds.items()
            for line in lines
            for word in split_words(line)
        }
        self._longest = max(map(len, self._synonyms), default=1)
        self._synonym_starts = frozenset(words[0] for words in self._synonyms if words)
        self.stop_words = frozenset(word for line in language.stop_words for word in split_words(line))
        self._longest_stems = dict(longest_stems or {})
        self._counts = dict(counts or {})
        self.lexicon = {
            word: self._counts.get(word, 0)
            for word in (*(word for words in self._synonyms for word in words), *self._kinds)
        }
        """Words that synonyms and kinds are read for, and how often each is written in the content."""
        for word in self.stop_words:
            self._counts[word] = max(self._counts.get(word, 0), _COMMON)
        self._apart = lru_cache(_MOST_WORDS)(self._unfused)

    def words(self, text: str, mended: Callable[[str], str] = str) -> list[str]:
        """Words of `text` in full spelling, synonyms read as one; the kinds of the things named follow.

        `mended` may know what a misspelt word was to be: nothing else would be read for it.
        """
        words = self.spelled(text, mended)
        kinds = [kind for word in words for kind in self._kinds.get(word, ())]
        return words + list(dict.fromkeys(kinds))

    def spelled(self, text: str, mended: Callable[[str], str] = str) -> list[str]:
        """The same without kinds."""
        return self._same_meaning([mended(word) for word in self._in_full(split_words(text))])

    def longest_stem(self, text: str) -> str:
        """What stands for all words of a few: « qqn » is « quelqu un », and « un » says nothing. "" for none.

        Kept, since patterns have the same few thousand again and again.
        """
        found = self._longest_stems.get(text)
        if found is None:
            found = self._longest_stems[text] = stem(max(self.spelled(text), key=len, default=""))
        return found

    def _in_full(self, words: list[str]) -> list[str]:
        full: list[str] = []
        for word in words:
            if word in self._sms:
                full.extend(self._sms[word])
            elif word in self._sms_unsure and (len(words) > 1 or _J_FUSED.fullmatch(word)):
                full.extend(self._sms_unsure[word])
            else:
                full.extend(self._apart(word))
        return full

    def _unfused(self, word: str) -> tuple[str, ...]:
        """« javais », « lappli », « dinscription » written without their apostrophe."""
        if len(word) < 4 or self._counts.get(word, 0) >= _COMMON:
            return (word,)
        if _J_FUSED.fullmatch(word) and self._likelier(word[1:], word):
            return "je", word[1:]
        if _ELIDED.fullmatch(word):
            size = 2 if word.startswith("qu") else 1
            if len(word) - size >= 4 and self._likelier(word[size:], word):
                return word[:size], word[size:]
        return (word,)

    def _likelier(self, rest: str, word: str) -> bool:
        """Authors write SMS spellings too, so that a fused word may be in the content: much rarer."""
        return self._counts.get(rest, 0) > 3 * self._counts.get(word, 0)

    def _same_meaning(self, words: list[str]) -> list[str]:
        if self._synonym_starts.isdisjoint(words):
            return words
        same: list[str] = []
        position = 0
        while position < len(words):
            longest = self._longest if words[position] in self._synonym_starts else 0
            for size in range(min(longest, len(words) - position), 0, -1):
                first = self._synonyms.get(tuple(words[position : position + size]))
                if first:
                    same.extend(first)
                    position += size
                    break
            else:
                same.append(words[position])
                position += 1
        return same


class _Stemmers(threading.local):
    """One for each thread: a stemmer keeps the word that it is working on in itself."""

    def __init__(self) -> None:
        self.french = snowballstemmer.stemmer("french")


_STEMMERS = _Stemmers()


@lru_cache(_MOST_WORDS)
def stem(word: str) -> str:
    """Light stem. One under four letters, or under half the word, would mix up words: the word stays."""
    if len(word) < 5 or not word.isalpha():
        return word.rstrip("s") if len(word) == 4 and word.isalpha() and not word.endswith("ss") else word
    found = str(_STEMMERS.french.stemWord(word))
    if found == "pass":
        return "passe"  # « ça se passe » is not about the pass
    if found.endswith("ent") and word.rstrip("s").endswith("ence"):
        found = f"{found[:-1]}c"  # « référence » is no « référent »
    return found if len(found) >= 4 and 2 * len(found) >= len(word) else word.rstrip("sx")


def stop_stems(normaliser: Normaliser) -> frozenset[str]:
    return frozenset(map(stem, normaliser.stop_words))
