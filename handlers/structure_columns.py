"""The columns of a file of structures: what they are called, and what is said of others."""

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from handlers.errors import Refused, refused
from knowledge.normalising import fold

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("Nom", "structure", "nom de la structure", "raison sociale"),
    "kind": ("Type", "genre", "categorie", "type de structure"),
    "territory": ("Département", "dept", "dep", "code departement", "numero de departement"),
    "siret": ("SIRET", "numero siret", "n siret"),
    "stage": ("Étape", "stade", "statut"),
    "since": ("Depuis", "date", "depuis le", "date de l'etape"),
    "contact_name": ("Contact", "nom du contact", "interlocuteur"),
    "contact_email": ("E-mail", "email", "mail", "courriel", "adresse e-mail"),
}
"""By field: the name in our own files, then others by which people call it."""
NEEDED = ("name", "kind", "territory")
OURS = ("numero", "territoire", "jours", "demandes")
"""What our own export holds besides: heeded by nobody."""
_NEAR = 60


def places(heading: Sequence[str]) -> Mapping[str, int] | Refused:
    """In which column each field stands; all that is wrong with the heading is said at once."""
    found: dict[str, int] = {}
    twice, unknown = list[str](), list[str]()
    for place, cell in enumerate(heading):
        field = _FIELD_OF.get(_key(cell))
        if field is not None and field in found:
            twice.append(COLUMNS[field][0])
        elif field is not None:
            found[field] = place
        elif cell and _key(cell) not in OURS:
            unknown.append(cell)
    missing = [COLUMNS[field][0] for field in NEEDED if field not in found]
    if unknown or missing or twice:
        return refused("structures.columns", problems=_in_words(unknown, missing, twice), known=known())
    return found


def known() -> str:
    return ", ".join(names[0] for names in COLUMNS.values())


def _in_words(unknown: Sequence[str], missing: Sequence[str], twice: Sequence[str]) -> str:
    parts = [_unknown(name) for name in unknown[:8]]
    parts += [f"la colonne « {name} » manque" for name in missing]
    parts += [f"la colonne « {name} » est là deux fois" for name in twice]
    return " ; ".join(parts)


def _unknown(name: str) -> str:
    near = process.extractOne(_key(name), list(_FIELD_OF), scorer=fuzz.ratio, score_cutoff=_NEAR)
    meant = f" (vouliez-vous dire « {COLUMNS[_FIELD_OF[near[0]]][0]} » ?)" if near is not None else ""
    return f"la colonne « {name[:40]} » n'est pas connue{meant}"


def _key(name: str) -> str:
    """Without case, accents or signs: « N° SIRET » is « n siret », « E-mail » « e mail »."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(name)).split())


_FIELD_OF: Mapping[str, str] = {_key(name): field for field, names in COLUMNS.items() for name in names}
