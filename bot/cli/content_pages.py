"""How the command line shows an entry and the figures of the content."""

from collections.abc import Iterable
from datetime import date

from bot.cli.console import out, table
from knowledge.advice import stale
from knowledge.answering import answer_text
from knowledge.census import Census
from knowledge.crossfit import FIRST, Crossfit
from knowledge.entries import Entry, KnowledgeBase
from knowledge.markup import plain


def show_entry(base: KnowledgeBase, entry: Entry, on: date) -> None:
    """The answers as people read them, and all that an author set."""
    _say(entry.title, f"{entry.id} · {base.themes[entry.theme]} · {', '.join(entry.audiences)}")
    _say("", "— réponse —", plain(answer_text(base, entry, audience=None, on=on)))
    for audience, text in entry.variants.items():
        _say("", f"— {audience} —", plain(text))
    if entry.facile:
        _say("", "— facile —", plain(entry.facile))
    _say("")
    for name, value in _details(entry, on):
        if value:
            _say(f"{name} : {value}")


def show_neighbours(base: KnowledgeBase, near: Iterable[tuple[str, int]]) -> None:
    rows = [(entry_id, base.entries[entry_id].title, count) for entry_id, count in near]
    table("Fiches les plus proches de ses formulations", ["Fiche", "Titre", "Fois"], rows)


def show_census(census: Census) -> None:
    table("Fiches par thème", ["Thème", "Fiches"], [*census.themes.items(), ("total", census.entries)])
    table("Fiches par public", ["Public", "Fiches"], census.audiences.items())
    spread = census.phrasings
    rows: list[tuple[str, object]] = [
        ("formulations", spread.total),
        ("par fiche : min / médiane / max", f"{spread.least} / {spread.median:g} / {spread.most}"),
        ("fiches sous 40 formulations", ", ".join(census.thin) or 0),
        ("formulations négatives", census.negatives),
        ("versions faciles (dont pour les jeunes)", f"{census.facile} ({census.facile_of_young})"),
        ("fiches qui passent la main", census.handed_over),
        ("parcours", census.guides),
        ("informations de plus de douze mois", census.to_confirm),
        ("fiches à revoir", len(census.stale)),
    ]
    table("Contenu", ["Quoi", "Nombre"], rows)
    if census.stale:
        table("Fiches à revoir", ["Fiche", "Pourquoi"], census.stale)


def show_crossfit(tried: Crossfit) -> None:
    rows = [
        ("première", str(tried.first), str(tried.audience_known)),
        (
            f"parmi les {FIRST} premières",
            str(tried.among_first),
            str(tried.among_first_audience_known),
        ),
    ]
    table(
        "Formulations mises de côté qui retrouvent leur fiche",
        ["Place", "k/n (intervalle à 95 %)", "public connu"],
        rows,
    )
    pairs = [
        (pair.one, pair.other, pair.count, pair.audience_known, "oui" if pair.declared else "", pair.example)
        for pair in tried.pairs
    ]
    table("Fiches qui s'attirent", ["Fiche", "et", "Fois", "public connu", "`also`", "Par exemple"], pairs)


def _details(entry: Entry, on: date) -> Iterable[tuple[str, str]]:
    yield "date de l'information", entry.as_of or "aucune"
    yield "vérifiée le", f"{entry.checked:%d/%m/%Y}" if entry.checked else "jamais"
    yield "valable à partir du", f"{entry.valid_from:%d/%m/%Y}" if entry.valid_from else ""
    yield "valable jusqu'au", f"{entry.valid_until:%d/%m/%Y}" if entry.valid_until else ""
    yield "à revoir", stale(entry, on) or ""
    yield "seulement pour", ", ".join(map(str, (*entry.only.ages, *entry.only.years)))
    yield (
        "passe la main",
        {"always": "toujours", "after_answer": "après la réponse"}.get(entry.handoff or "", ""),
    )
    yield "étiquettes", ", ".join(entry.tags)
    yield "mots-clés", ", ".join(entry.keywords)
    yield "formulations", f"{len(entry.phrasings)}, et {len(entry.negatives)} négatives"
    yield "fiches liées", ", ".join(entry.related)
    yield "répondent aussi bien", ", ".join(entry.also)


def _say(*lines: str) -> None:
    for line in lines:
        out.print(line, markup=False)
