"""What authors should look at again: dates, hard sentences, forgotten places, odd layout. Warnings only.

Apart from `checks`, because the bot doesn't need it to start: only who writes asks for advice.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from knowledge import readability
from knowledge.checks import Places
from knowledge.documents import Document, Location
from knowledge.entries import TO_FILL_IN, Entry
from knowledge.errors import Problem

CHECKED_FOR = timedelta(days=180)
"""After which an answer is compared with its source again."""
FIELDS = ("id", *(name for name in Entry.model_fields if name not in ("id", "theme")))
"""The one order of the fields of an entry."""
_DATES = ("as_of", "checked", "valid_from", "valid_until")
_INDENT = re.compile(r"^[ \t]*(?:- +)*")
_ITEM = re.compile(r"^[ \t]*- ")


def advise(entries: Sequence[Entry], places: Places, on: date) -> None:
    """Report to the documents of `places`; `on` is today."""
    tags = Counter(tag for entry in entries for tag in entry.tags)
    for rank, entry in enumerate(entries):
        document, location = places[rank]
        for field, message in (*_dated(entry, on), *_unfinished(entry), *_hard(entry), *_lonely(entry, tags)):
            document.report((*location, *field), message, warning=True)
    for document in {id(document): document for document, _ in places.values()}.values():
        _check_layout(document)


def stale(entry: Entry, on: date) -> str | None:
    """Why the dates of an entry need somebody to look, in French; None when they don't."""
    if entry.valid_until is not None and entry.valid_until < on:
        return f"la fiche n'est plus valable depuis le {entry.valid_until:%d/%m/%Y} : elle passe la main"
    if entry.checked is None:
        return None if entry.handoff == "always" else "la réponse n'a jamais été comparée à sa source"
    if entry.checked > on:
        return f"vérifiée le {entry.checked:%d/%m/%Y} : cette date est à venir"
    age = (on - entry.checked).days
    if age > CHECKED_FOR.days:
        return f"vérifiée il y a {age} jours ({CHECKED_FOR.days} au plus sont souhaités)"
    return None


def _dated(entry: Entry, on: date) -> Iterator[tuple[Location, str]]:
    message = stale(entry, on)
    if message is not None:
        ended = entry.valid_until is not None and entry.valid_until < on
        yield ("valid_until" if ended else "checked",), message


def _unfinished(entry: Entry) -> Iterator[tuple[Location, str]]:
    texts: list[tuple[Location, str]] = [(("title",), entry.title), *_answers(entry)]
    for name, lines in (("keywords", entry.keywords), ("phrasings", entry.phrasings)):
        texts += [((name, n), line) for n, line in enumerate(lines)]
    for location, text in texts:
        if TO_FILL_IN in text:
            yield location, f"« {location[0]} » : à compléter"


def _lonely(entry: Entry, tags: Mapping[str, int]) -> Iterator[tuple[Location, str]]:
    """A misspelt tag would escape the freeze of a rule that changes."""
    for n, tag in enumerate(entry.tags):
        if tags[tag] == 1:
            yield ("tags", n), f"étiquette que cette fiche est seule à porter : « {tag} »"


def _hard(entry: Entry) -> Iterator[tuple[Location, str]]:
    for location, text in _answers(entry):
        for fault in readability.faults(text, easy=location == ("facile",)):
            yield location, f"« {'.'.join(map(str, location))} » se lit mal : {fault}"


def _answers(entry: Entry) -> Iterator[tuple[Location, str]]:
    yield ("answer",), entry.answer
    for audience, text in entry.variants.items():
        yield ("variants", str(audience)), text
    if entry.facile:
        yield ("facile",), entry.facile


def _check_layout(document: Document) -> None:
    """The layout that all files share, so that a change shows what changed and nothing else."""
    text = document.raw.decode("utf-8-sig", "replace")
    lines = text.split("\n")
    items = document.data.get("entries") if isinstance(document.data, dict) else None
    for rank, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            _check_fields(document, ("entries", rank), list(item), lines)
    for location in [place for place in document.lines if place and place[-1] == 0]:
        _check_indent(document, location, lines)
    if "\r" in text or "\t" in text:
        number = next(n for n, line in enumerate(lines) if "\r" in line or "\t" in line)
        _say(
            document,
            number + 1,
            "tabulation ou fin de ligne Windows : des espaces et des fins de ligne simples",
        )
    if text and not text.endswith("\n"):
        _say(document, len(lines), "la dernière ligne n'est pas terminée")


def _check_fields(document: Document, location: Location, names: list[str], lines: list[str]) -> None:
    known = [name for name in names if name in FIELDS]
    for name, wanted in zip(known, sorted(known, key=FIELDS.index), strict=True):
        if name != wanted:
            document.report((*location, name), f"ordre des champs : « {wanted} » vient ici", warning=True)
            break
    for name in set(names).intersection(_DATES):
        number = document.line((*location, name)) or 1
        if not re.search(rf'{name}: *(?:"[^"]*"|null|~)? *(?:#.*)?$', lines[number - 1].rstrip()):
            document.report(
                (*location, name), f'« {name} » s\'écrit entre guillemets : "2026-11-22"', warning=True
            )


def _check_indent(document: Document, location: Location, lines: list[str]) -> None:
    """The dash of a list stands under the first letter of its key."""
    key, first = document.line(location[:-1]), document.line(location)
    if key is None or first is None or first == key or len(location) < 2:
        return
    line, above = lines[first - 1], lines[key - 1]
    if _ITEM.match(line) and len(line) - len(line.lstrip()) != len(_indent(above)):
        document.report(location, "le tiret se place sous la première lettre du champ", warning=True)


def _indent(line: str) -> str:
    found = _INDENT.match(line)
    return found[0] if found else ""


def _say(document: Document, line: int, message: str) -> None:
    document.problems.append(Problem(document.file, line, message, warning=True))
