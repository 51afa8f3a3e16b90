"""pydantic's verdicts in the words of the people who write the content."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from knowledge.documents import Document, Location

Model = TypeVar("Model", bound=BaseModel)

_FRENCH = {
    "missing": "champ manquant",
    "extra_forbidden": "champ inconnu",
    "string_type": "un texte est attendu (entre guillemets si besoin)",
    "tuple_type": "une liste est attendue",
    "mapping_type": "des couples « clé: valeur » sont attendus",
    "dict_type": "des couples « clé: valeur » sont attendus",
    "model_type": "des couples « clé: valeur » sont attendus",
    "model_attributes_type": "des couples « clé: valeur » sont attendus",
    "string_too_short": "au moins {min_length} caractère(s)",
    "string_too_long": "au plus {max_length} caractères",
    "too_short": "au moins {min_length} élément(s)",
    "string_pattern_mismatch": "valeur mal formée",
    "int_type": "un nombre entier est attendu",
    "int_parsing": "un nombre entier est attendu",
    "greater_than_equal": "au moins {ge}",
    "less_than_equal": "au plus {le}",
    "enum": "valeurs possibles : {expected}",
    "literal_error": "valeurs possibles : {expected}",
}
_DATE = 'une date est attendue, entre guillemets : "2026-11-22"'


def validated(
    model: type[Model],
    data: object,
    document: Document,
    location: Location,
    given: Mapping[str, object] | None = None,
) -> Model | None:
    """The model of a part of a document, with `given` fields; otherwise all problems are reported there."""
    if not isinstance(data, dict):
        document.report(location, _FRENCH["model_type"])
        return None
    try:
        return model.model_validate({**data, **(given or {})})
    except ValidationError as error:
        details = error.errors(include_url=False)
        for detail in details:
            # A list whose only item is refused counts as too short for pydantic: said once is enough.
            if detail["type"] == "too_short" and any(
                _inside(other["loc"], detail["loc"]) for other in details
            ):
                continue
            document.report((*location, *detail["loc"]), _message(detail))
        return None


def _inside(location: Location, outer: Location) -> bool:
    return len(location) > len(outer) and location[: len(outer)] == outer


def _message(detail: ErrorDetails) -> str:
    field = ".".join(str(part) for part in detail["loc"])
    kind = detail["type"]
    if kind == "value_error":
        text = str(detail.get("ctx", {}).get("error", detail["msg"]))
    elif kind.startswith("date"):
        text = _DATE
    elif kind in _FRENCH:
        text = _FRENCH[kind].format_map(detail.get("ctx", {})).replace(" or ", " ou ")
    else:
        text = f"valeur refusée ({detail['msg']})"
    return f"« {field} » : {text}" if field else text


def mapping_of(document: Document, allowed: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(document.data, dict):
        if not document.problems:
            document.report((), f"le fichier doit contenir : {', '.join(allowed)}")
        return {}
    for key in document.data:
        if key not in allowed:
            document.report((key,), f"champ inconnu : « {key} »")
    return document.data


def list_of(document: Document, data: Mapping[str, object], key: str) -> list[object]:
    value = data.get(key)
    if isinstance(value, list):
        return value
    if data or not document.problems:
        document.report((key,), f"« {key} » doit être une liste")
    return []


def text_of(document: Document, data: Mapping[str, object], key: str) -> str:
    value = data.get(key)
    if isinstance(value, str) and value.strip():
        return value
    if data:
        document.report((key,), f"« {key} » manque")
    return ""
