"""One referent in the directory: added, changed, invited and removed by administrators, read by leads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web
from sqlalchemy.orm import Session

from bot.web import turns
from bot.web.console import absences, wording
from bot.web.console.access import Problems, doing, field, not_found, number_of, reading
from bot.web.console.people import DONE, Person, person
from bot.web.forms import see_other
from bot.web.render import page
from handlers import invitations, staff
from handlers.errors import Refused, refused
from handlers.staff_details import Typed
from handlers.turn import Turn, World
from storage import directory
from storage.rights import Right, may
from storage.tables import Referent

R = TypeVar("R")
_FIELDS = ("name", "role", "territories", "deputy", "email")
_FIELD_OF: Mapping[str, str] = {
    "staff.name": "name",
    "staff.name_taken": "name",
    "staff.role": "role",
    "staff.last_admin": "role",
    "staff.last_national": "national",
    "staff.territory": "territories",
    "staff.deputy": "deputy",
    "staff.unreachable": "email",
    "mail.invalid_address": "email",
    "staff.email_taken": "email",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A referent's details as they stand in a form."""

    name: str = ""
    role: str = "referent"
    territories: str = ""
    deputy: str = ""
    email: str = ""
    national: bool = False
    invite: bool = False

    @property
    def typed(self) -> Typed:
        return Typed(
            name=self.name,
            role=self.role,
            territories=self.territories,
            national=self.national,
            email=self.email or None,
            deputy=self.deputy or None,
        )


async def show_new(request: web.Request) -> web.Response:
    return await _form(request, None, Draft(invite=True))


async def add(request: web.Request) -> web.Response:
    """Adds a referent; with an invitation, whose link is then shown this once."""
    draft = await _draft(request)

    def act(turn: Turn, who: Referent) -> Problems | str | None:
        _require_administrator(who)
        added = staff.add(
            turn,
            draft.typed,
            by=who,
            reachable=draft.invite,
        )
        if isinstance(added, list):
            return _by_field(added)
        return invitations.invite(turn, added, by=who) if draft.invite else ""

    outcome = await doing(request, act)
    if isinstance(outcome, Problems):
        return await _form(request, None, draft, problems=outcome)
    if outcome:
        return await _show_invitation(request, outcome, draft.name)
    return see_other("/console/annuaire?fait=ajout")


async def show_one(request: web.Request) -> web.Response:
    return await _form(request, number_of(request), None, done=DONE.get(request.query.get("fait", "")))


async def change(request: web.Request) -> web.Response:
    draft = await _draft(request)

    def act(turn: Turn, who: Referent, one: Referent) -> Problems | None:
        problems = staff.change(turn, one, draft.typed, by=who)
        return _by_field(problems) if problems else None

    outcome = await _doing_to_one(request, act)
    if isinstance(outcome, Problems):
        return await _form(request, number_of(request), draft, problems=outcome)
    return see_other("/console/annuaire?fait=modification")


async def invite(request: web.Request) -> web.Response:
    """A new invitation; only its hash is kept, so its link is shown this once."""
    outcome = await _doing_to_one(
        request, lambda turn, who, one: (invitations.invite(turn, one, by=who), one.name)
    )
    if outcome is None:
        return see_other(f"/console/annuaire/{number_of(request)}")
    return await _show_invitation(request, *outcome)


async def note_absence(request: web.Request) -> web.Response:
    typed = await absences.typed(request)
    outcome = await _doing_to_one(
        request, lambda turn, who, one: absences.note(turn, one, typed, by=who), find=directory.for_lead
    )
    if isinstance(outcome, Problems):
        return await _form(request, number_of(request), None, problems=outcome, absence=typed)
    return see_other(f"/console/annuaire/{number_of(request)}?fait=absence")


async def end_absences(request: web.Request) -> web.Response:
    await _doing_to_one(
        request, lambda turn, who, one: absences.end_all(turn, one, by=who), find=directory.for_lead
    )
    return see_other(f"/console/annuaire/{number_of(request)}?fait=retour")


async def remove(request: web.Request) -> web.Response:
    """Removes a referent, after a ticked box."""
    sure = bool(await field(request, "sure"))

    def act(turn: Turn, who: Referent, one: Referent) -> Problems | None:
        refusal = staff.remove(turn, one, by=who) if sure else refused("console.tick_removal")
        return Problems({"sure": refusal}) if refusal is not None else None

    outcome = await _doing_to_one(request, act)
    if isinstance(outcome, Problems):
        return await _form(request, number_of(request), None, problems=outcome)
    return see_other("/console/annuaire?fait=retrait")


def _require_administrator(who: Referent) -> None:
    if not may(who, Right.DIRECTORY):
        raise not_found()


async def _doing_to_one(
    request: web.Request,
    act: Callable[[Turn, Referent, Referent], R],
    *,
    find: Callable[[Session, int, Referent], Referent | None] = directory.for_administrator,
) -> R | None:
    """Does something to the referent in the path, if `find` gives them to who is at the desk."""
    number = number_of(request)

    def within(turn: Turn, who: Referent) -> R:
        one = find(turn.session, number, who)
        if one is None:
            raise not_found()
        return act(turn, who, one)

    return await doing(request, within)


async def _draft(request: web.Request) -> Draft:
    return Draft(
        **{name: await field(request, name) for name in _FIELDS},
        national=bool(await field(request, "national")),
        invite=bool(await field(request, "invite")),
    )


def _by_field(problems: list[Refused]) -> Problems:
    return Problems({_FIELD_OF.get(problem.text, ""): problem for problem in reversed(problems)})


def _draft_of(one: Person) -> Draft:
    return Draft(
        name=one.name,
        role=one.role,
        territories=one.typed_territories,
        deputy=one.deputy,
        email=one.email,
        national=one.national,
    )


async def _form(
    request: web.Request,
    number: int | None,
    draft: Draft | None,
    *,
    done: str | None = None,
    problems: Problems | None = None,
    absence: absences.Typed | None = None,
) -> web.Response:
    """The page of one referent, or of one to be added, with what was typed and what is wrong."""

    def look(turn: Turn, who: Referent) -> tuple[Person | None, list[str]]:
        if number is None:
            _require_administrator(who)
        one = directory.for_lead(turn.session, number, who) if number is not None else None
        if number is not None and one is None:
            raise not_found()
        names = [other.name for other in directory.everyone(turn.session) if other is not one]
        return person(turn, one) if one is not None else None, names

    guest, (one, names) = await reading(request, look)
    return page(
        request,
        "console/person.html" if guest.may(Right.DIRECTORY) else "console/colleague.html",
        status=200 if problems is None else 422,
        guest=guest,
        person=one,
        draft=draft if draft is not None else _draft_of(one) if one is not None else Draft(),
        names=names,
        roles=wording.ROLES,
        errors=_sentences(turns.world(request), problems),
        absence=absence or absences.Typed(),
        done=done,
    )


def _sentences(world: World, problems: Problems | None) -> dict[str, str]:
    found = problems.by_field if problems is not None else {}
    return {name: wording.sentence(world, refusal) for name, refusal in found.items()}


async def _show_invitation(request: web.Request, payload: str, name: str) -> web.Response:
    guest, _ = await reading(request, lambda turn, who: None)
    bot = turns.world(request).telegram_name
    url = f"https://t.me/{bot}?start={payload}" if bot else None
    return page(request, "console/invitation.html", guest=guest, name=name, url=url, payload=payload)
