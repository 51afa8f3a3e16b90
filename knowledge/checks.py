"""What must hold between entries, and in their answers, beyond the shape of each."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from knowledge.documents import Document, Location
from knowledge.entries import ANSWER_WISHED, TO_FILL_IN, Entry
from knowledge.markup import parse, plain
from knowledge.normalising import split_words

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

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
_Written = tuple[str, str, str]
"""Of a phrasing that was met: its entry, its text, and file:line."""


def check_entries(entries: Sequence[Entry], places: Places) -> None:
    """Report to the documents of `places`, which gives where each entry stands, by rank."""
    ids: set[str] = set()
    known = {entry.id for entry in entries}
    seen: dict[tuple[str, ...], _Written] = {}
    for rank, entry in enumerate(entries):
        document, location = places[rank]
        if entry.id in ids:
            document.report((*location, "id"), f"identifiant en double : « {entry.id} »")
        ids.add(entry.id)
        _check_links(entry, known, document, location)
        _check_phrasings(entry, seen, document, location)
        _check_answers(entry, document, location)


def _check_links(entry: Entry, known: set[str], document: Document, location: Location) -> None:
    for field, ids in (("related", entry.related), ("also", entry.also)):
        for n, linked in enumerate(ids):
            if linked not in known:
                document.report((*location, field, n), f"fiche liée inconnue : « {linked} »")
            elif linked == entry.id:
                document.report((*location, field, n), "la fiche est liée à elle-même", warning=True)


def _check_phrasings(
    entry: Entry, seen: dict[tuple[str, ...], _Written], document: Document, location: Location
) -> None:
    """The same words in another order are the same phrasing for the matching."""
    for n, phrasing in enumerate(entry.phrasings):
        if TO_FILL_IN in phrasing:
            continue
        here = (*location, "phrasings", n)
        place = f"{document.file}:{document.line(here)}"
        key = tuple(sorted(split_words(phrasing))) or (phrasing,)
        owner, first, there = seen.setdefault(key, (entry.id, phrasing, place))
        if there == place and first == phrasing:
            continue
        if owner == entry.id:
            message = f"« {phrasing} » dit la même chose que « {first} » ({there})"
        else:
            message = f"« {phrasing} » est aussi une formulation de « {owner} » ({there})"
        document.report(here, message, warning=True)
    own = {tuple(sorted(split_words(phrasing))) for phrasing in entry.phrasings}
    for n, negative in enumerate(entry.negatives):
        if tuple(sorted(split_words(negative))) in own:
            message = f"« {negative} » est à la fois dans `phrasings` et dans `negatives`"
            document.report((*location, "negatives", n), message, warning=True)


def _check_answers(entry: Entry, document: Document, location: Location) -> None:
    answers: dict[Location, str] = {("answer",): entry.answer}
    answers.update({("variants", str(audience)): text for audience, text in entry.variants.items()})
    if entry.facile:
        answers[("facile",)] = entry.facile
    for field, text in answers.items():
        where = (*location, *field)
        for message in markup_faults(text):
            document.report(where, f"« {'.'.join(map(str, field))} » : {message}")
        if (length := len(plain(text))) > ANSWER_WISHED:
            message = f"réponse de {length} caractères ({ANSWER_WISHED} au plus sont souhaités)"
            document.report(where, message, warning=True)


@cache
def _full_markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # see `markup`

    return MarkdownIt("commonmark").enable("table")


def markup_faults(text: str) -> list[str]:
    """What light Markdown does not know, in French."""
    faults: list[str] = []
    for token in _full_markdown().parse(text):
        for part in (token, *(token.children or ())):
            if part.type in _REFUSED:
                faults.append(_REFUSED[part.type])
            elif part.type == "link_open":
                faults += _link_faults(str(part.attrs.get("href", "")))
    if not parse(text):
        faults.append("la réponse est vide")
    return list(dict.fromkeys(faults))


def _link_faults(address: str) -> list[str]:
    if address.startswith("fiche:"):
        return [f"une autre fiche se cite dans `related` ou `also`, pas par un lien : {address}"]
    return [] if address.startswith("https://") else [f"lien refusé (https:// seulement) : {address}"]
