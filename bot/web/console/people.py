"""The directory: everybody at the desk reads it, leads know more of it, administrators change it."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.web.console import absences, wording
from bot.web.console.absences import Away
from bot.web.console.access import doing, field, not_found, reading
from bot.web.forms import see_other
from bot.web.render import page
from handlers import invitations, staff
from handlers.turn import Turn
from storage import directory, secrets
from storage.rights import Right, may
from storage.tables import Referent

DONE: Mapping[str, str] = {
    "ajout": "La personne est ajoutée à l'annuaire.",
    "modification": "Les changements sont enregistrés.",
    "retrait": "La personne est retirée. Ses demandes ouvertes repartent vers qui sert leur territoire.",
    "confirmation": "Le compte Telegram est confirmé.",
    "refus": "Le compte Telegram est refusé : il n'a aucun droit.",
    "absence": "L'absence est notée.",
    "retour": "Les absences sont effacées.",
    "raccourcis": "Votre choix pour les raccourcis clavier est enregistré.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One referent as the directory shows them."""

    id: int
    name: str
    role: str
    role_words: str
    national: bool
    territories: tuple[str, ...]
    typed_territories: str
    deputy: str
    email: str
    telegram: bool
    invited: bool
    everywhere: bool
    """Whether they see the demands of all territories."""
    rights: str
    """What their role lets them do, in a sentence or two."""
    away: tuple[Away, ...]
    away_now: bool


@dataclass(frozen=True, slots=True)
class Account:
    """A Telegram account that used an invitation and waits for a decision."""

    invitation: str
    number: int
    name: str


async def show(request: web.Request) -> web.Response:
    def look(turn: Turn, who: Referent) -> tuple[list[Person], list[Account], set[int]]:
        people = [person(turn, one) for one in directory.everyone(turn.session)]
        accounts = _accounts(turn) if may(who, Right.DIRECTORY) else []
        return people, accounts, {one.id for one in directory.led_by(turn.session, who)}

    guest, (people, accounts, led) = await reading(request, look)
    return page(
        request,
        "console/directory.html",
        guest=guest,
        people=people,
        accounts=accounts,
        led=led,
        done=DONE.get(request.query.get("fait", "")),
    )


async def decide_account(request: web.Request) -> web.Response:
    """Confirms or refuses a Telegram account; one that somebody else decided meanwhile stays decided."""
    invitation, confirmed = (
        await field(request, "invitation"),
        await field(request, "decision") == "confirmer",
    )

    def act(turn: Turn, who: Referent) -> None:
        if not may(who, Right.DIRECTORY):
            raise not_found()
        decide = invitations.confirm if confirmed else invitations.refuse
        decide(turn, who, invitation)

    await doing(request, act)
    return see_other(f"/console/annuaire?fait={'confirmation' if confirmed else 'refus'}")


def person(turn: Turn, one: Referent) -> Person:
    labels = [turn.world.knowledge.territories.by_code(code) for code in _codes(turn, one)]
    return Person(
        id=one.id,
        name=one.name,
        role=one.role,
        role_words=wording.ROLES.get(one.role, one.role),
        national=one.national,
        territories=tuple(territory.label for territory in labels if territory is not None),
        typed_territories=", ".join(_codes(turn, one)),
        deputy=_deputy(turn, one),
        email=one.email or "",
        telegram=one.telegram_id is not None,
        invited=secrets.pending(turn.session, "invitation", one.id, now=turn.now),
        everywhere=may(one, Right.ALL_TICKETS),
        rights=staff.rights_in_words(turn, one),
        away=absences.of(turn, one),
        away_now=directory.absence(turn.session, one.id, now=turn.now) is not None,
    )


def _codes(turn: Turn, one: Referent) -> list[str]:
    return directory.territories_of(turn.session, one.id)


def _deputy(turn: Turn, one: Referent) -> str:
    deputy = directory.get(turn.session, one.deputy_id) if one.deputy_id is not None else None
    return deputy.name if deputy is not None else ""


def _accounts(turn: Turn) -> list[Account]:
    return [
        Account(secret.hash, int((secret.detail or {})["account"]), one.name)
        for secret, one in invitations.waiting(turn)
    ]
