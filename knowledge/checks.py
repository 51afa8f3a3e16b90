"""What must hold between entries, and in their answers, beyond the shape of each."""

from collections.abc import Mapping, Sequence

from markdown_it import MarkdownIt

from knowledge.entries import ANSWER_WISHED, Entry
from knowledge.markup import parse, plain
from knowledge.normalising import fold
from knowledge.reading import Document, Location

_FULL_MARKDOWN = MarkdownIt("commonmark").enable("table")
_REFUSED = {
    "heading_open": "pas de titre",
    "table_open": "pas de tableau",
    "html_block": "pas de HTML",
    "html_inline": "pas de HTML",
    "image": "pas d'image",
    "code_block": "pas de bloc de code (ni de ligne décalée de quatre espaces)",
    "fence": "pas de bloc de code",
    "code_inline": "pas de code",
    "blockquote_open": "pas de citation",
    "hr": "pas de ligne de séparation",
    "em_open": "pas d'italique",
}
Places = Mapping[int, tuple[Document, Location]]


def check_entries(entries: Sequence[Entry], places: Places) -> None:
    """Report to the documents of `places`, which gives where each entry stands, by rank."""
    ids: set[str] = set()
    known = {entry.id for entry in entries}
    seen: dict[str, str] = {}
    for rank, entry in enumerate(entries):
        document, location = places[rank]
        if entry.id in ids:
            document.report((*location, "id"), f"identifiant en double : « {entry.id} »")
        ids.add(entry.id)
        for n, related in enumerate(entry.related):
            if related not in known:
                document.report((*location, "related", n), f"fiche liée inconnue : « {related} »")
        _check_phrasings(entry, seen, document, location)
        _check_answers(entry, document, location)


def _check_phrasings(entry: Entry, seen: dict[str, str], document: Document, location: Location) -> None:
    for n, phrasing in enumerate(entry.phrasings):
        key = fold(phrasing).strip()
        owner = seen.setdefault(key, entry.id)
        if owner != entry.id:
            message = f"« {phrasing} » est aussi une formulation de « {owner} »"
            document.report((*location, "phrasings", n), message, warning=True)


def _check_answers(entry: Entry, document: Document, location: Location) -> None:
    answers: dict[Location, str] = {("answer",): entry.answer}
    answers.update({("variants", str(audience)): text for audience, text in entry.variants.items()})
    if entry.facile:
        answers[("facile",)] = entry.facile
    for field, text in answers.items():
        where = (*location, *field)
        for message in _markup_faults(text):
            document.report(where, f"« {'.'.join(map(str, field))} » : {message}")
        if (length := len(plain(text))) > ANSWER_WISHED:
            message = f"réponse de {length} caractères ({ANSWER_WISHED} au plus sont souhaités)"
            document.report(where, message, warning=True)


def _markup_faults(text: str) -> list[str]:
    faults: list[str] = []
    for token in _FULL_MARKDOWN.parse(text):
        for part in (token, *(token.children or ())):
            if part.type in _REFUSED:
                faults.append(_REFUSED[part.type])
            elif part.type == "link_open" and not str(part.attrs.get("href", "")).startswith("https://"):
                faults.append(f"lien refusé (https:// seulement) : {part.attrs.get('href')}")
    if not parse(text):
        faults.append("la réponse est vide")
    return list(dict.fromkeys(faults))
