"""The sentences that the bot says by itself: content, not string literals."""

import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from knowledge.documents import Document, Location
from knowledge.markup import escape

Template = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Raw:
    """A value that is light Markdown already and must not be escaped."""

    markdown: str


class Texts:
    """Sentences by dotted key: `texts("ticket.opened", number="2026-0012")`.

    Values are escaped for light Markdown unless wrapped in `Raw`. A missing key or field is a KeyError.
    """

    def __init__(self, templates: Mapping[str, Template]) -> None:
        self._templates = MappingProxyType(dict(templates))

    def __call__(self, key: str, **fields: object) -> str:
        return self.variant(key, 0, **fields)

    def variant(self, key: str, seed: int, **fields: object) -> str:
        """One of the wordings of `key`, the same one for the same seed."""
        template = self._templates[key]
        if isinstance(template, tuple):
            template = template[seed % len(template)]
        return template.format_map({name: _shown(value) for name, value in fields.items()}).strip()

    def keys(self) -> frozenset[str]:
        return frozenset(self._templates)

    def fields(self, key: str) -> frozenset[str]:
        """Names of the fields that `key` needs, over all its wordings."""
        template = self._templates[key]
        wordings = template if isinstance(template, tuple) else (template,)
        return frozenset(name for wording in wordings for name in fields_of(wording))


def _shown(value: object) -> str:
    return value.markdown if isinstance(value, Raw) else escape(str(value))


def fields_of(template: str) -> list[str]:
    """Fields of a template; ValueError when it is no template, or when a field is not a plain name."""
    names = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    for name in names:
        if not name.isidentifier():
            raise ValueError(f"« {{{name}}} » n'est pas un nom de champ")
    return names


def read_texts(documents: Iterable[Document]) -> Texts:
    """The sentences of the files; what is wrong is reported there."""
    templates: dict[str, Template] = {}
    for document in documents:
        for location, value in _leaves(document.data):
            template = _template(document, location, value)
            if template is not None:
                templates[".".join(map(str, location))] = template
    return Texts(templates)


def _leaves(data: object, location: Location = ()) -> Iterator[tuple[Location, object]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, (*location, key))
    elif data is not None or location:
        yield location, data


def _template(document: Document, location: Location, value: object) -> Template | None:
    wordings = [
        part for part in (value if isinstance(value, list) else [value]) if isinstance(part, str) and part
    ]
    if not location or not wordings or (isinstance(value, list) and len(wordings) != len(value)):
        document.report(location, "un texte (ou une liste de textes) est attendu, entre guillemets si besoin")
        return None
    try:
        for wording in wordings:
            fields_of(wording)
    except ValueError as error:
        document.report(location, f"accolades mal formées : {error}")
        return None
    return tuple(wordings) if isinstance(value, list) else wordings[0]
