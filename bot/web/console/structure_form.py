"""The form that says what a structure is: its fields, its choices, and what is wrong in it."""

from collections.abc import Mapping

from aiohttp import web

from bot.web import turns
from bot.web.console import wording
from bot.web.console.access import Problems, field
from handlers import structures
from handlers.structure_words import KINDS
from handlers.turn import Turn
from storage import structures as stored
from storage.tables import Referent

FIELDS: Mapping[str, str] = {
    "nom": "name",
    "type": "kind",
    "departement": "territory",
    "siret": "siret",
    "etape": "stage",
    "depuis": "since",
    "contact": "contact_name",
    "email": "contact_email",
}
"""What each field of the form is called in the code."""
_AT = {code: name for name, code in FIELDS.items()}


async def typed_of(request: web.Request) -> dict[str, str]:
    """The form as it was sent."""
    return {name: await field(request, name) for name in FIELDS}


def at_fields(problems: structures.Problems) -> Problems:
    """What is wrong, by the fields of the form."""
    return Problems({_AT[code]: refusal for code, refusal in problems.items()})


def sentences(request: web.Request, problems: Problems | None) -> dict[str, str]:
    found = problems.by_field if problems is not None else {}
    return {name: wording.sentence(turns.world(request), refusal) for name, refusal in found.items()}


def places(turn: Turn, who: Referent) -> list[tuple[str, str]]:
    """The territories whose structures somebody keeps, by code."""
    codes = stored.reach(turn.session, who, now=turn.now)
    known = turn.world.knowledge.territories.all()
    return [(one.code, one.label) for one in known if codes is None or one.code in codes]


def kinds() -> list[tuple[str, str]]:
    return [(kind, known.words) for kind, known in KINDS.items()]
