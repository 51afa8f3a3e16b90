"""The directory: who answers where. Used by the command line and by the console alike."""

from collections.abc import Iterable, Iterator

from handlers import audit, login, menus, routing
from handlers.audit import Action
from handlers.errors import Refused, refused
from handlers.staff_details import Details, Typed, check
from handlers.turn import Turn
from storage import directory, life, secrets, tickets
from storage.rights import Right, of
from storage.tables import Referent

FIRST = "Référent national"
"""The administrator of a directory that nobody has filled yet."""


def first(turn: Turn) -> Referent:
    """The administrator who gets the link that is printed; an empty directory gets one."""
    admins = directory.administrators(turn.session)
    if admins:
        return admins[0]
    return directory.add(turn.session, name=FIRST, role="admin", national=True, email=None, now=turn.now)


def add(
    turn: Turn,
    typed: Typed,
    *,
    by: Referent | None = None,
    telegram_id: int | None = None,
    reachable: bool = False,
) -> Referent | list[Refused]:
    """Adds a referent, or gives every reason why not.

    `reachable` says that an invitation follows: a referent whom nothing can reach is refused.
    """
    details = check(turn, typed)
    problems = list(details) if isinstance(details, list) else []
    if telegram_id is None and not typed.email and not reachable:
        problems.append(refused("staff.unreachable"))
    if telegram_id is not None and directory.by_telegram(turn.session, telegram_id) is not None:
        problems.append(refused("invitation.account_known"))
    if problems or isinstance(details, list):
        return problems
    referent = directory.add(
        turn.session,
        name=details.name,
        role=details.role,
        national=details.national,
        email=details.email,
        now=turn.now,
    )
    referent.telegram_id = telegram_id
    referent.deputy_id = details.deputy_id
    place(turn, referent, details.territories)
    menus.refresh(turn, referent)
    audit.note(turn, by, Action.ADDED, "referent", referent.id, detail=_summary(details))
    return referent


def change(turn: Turn, referent: Referent, typed: Typed, *, by: Referent | None = None) -> list[Refused]:
    """Changes a referent's details; the problems, if any (then nothing is changed)."""
    directory.keep_heads(turn.session)
    details = check(turn, typed, known=referent)
    if isinstance(details, list):
        return details
    problems = _left_without(turn, referent, details)
    if problems:
        return problems
    changes = "; ".join(_changes(turn, referent, details))
    referent.name, referent.role, referent.national = details.name, details.role, details.national
    referent.email, referent.deputy_id = details.email, details.deputy_id
    place(turn, referent, details.territories)
    if changes:
        menus.refresh(turn, referent)
        audit.note(turn, by, Action.CHANGED, "referent", referent.id, detail=changes)
    return []


def place(turn: Turn, referent: Referent, codes: Iterable[str]) -> None:
    """Gives a referent the territories that they serve, and with them the reach of their regions."""
    served, known = tuple(codes), turn.world.knowledge.territories
    regions = {known.region_of(code) for code in served}
    reach = [territory.code for territory in known.all() if territory.region in regions]
    directory.assign(turn.session, referent, served, reach=reach)


def place_all(turn: Turn) -> None:
    """The same for everybody, after a change of the content: regions are known there alone."""
    for referent in directory.everyone(turn.session):
        place(turn, referent, directory.territories_of(turn.session, referent.id))


def remove(turn: Turn, referent: Referent, *, by: Referent | None = None) -> Refused | None:
    """Out of office: sessions end, and open tickets go back to who serves their territory."""
    directory.keep_heads(turn.session)
    if _is_last(directory.administrators(turn.session), referent):
        return refused("staff.last_admin")
    if _is_last(directory.national_desk(turn.session), referent):
        return refused("staff.last_national")
    turn.session.flush()
    turn.session.refresh(referent, with_for_update=True)  # nobody hands them a ticket meanwhile
    if referent.removed_at is not None:
        return None
    held = tickets.listed(turn.session, referent, "mine", limit=10_000)
    served = directory.territories_of(turn.session, referent.id)
    told = tickets.waiting_in(turn.session, served)
    login.leave_everywhere(turn, referent)
    secrets.revoke_all(turn.session, "invitation", referent_id=referent.id)
    menus.withdraw(turn, referent)
    directory.remove(turn.session, referent, now=turn.now)
    audit.note(turn, by, Action.REMOVED, "referent", referent.id, detail=", ".join(served))
    for ticket in held:
        life.move(turn.session, ticket.number, "release", life.held_by(referent.id), referent_id=None)
    orphans = [one for one in told if not directory.serving(turn.session, one.territory or "")]
    for ticket in [*held, *orphans]:
        if ticket.state == "waiting":
            routing.route_anew(turn, ticket)
    return None


def rights_in_words(turn: Turn, referent: Referent) -> str:
    """What a role lets somebody do, as they read it; who also holds the national desk reads that too."""
    said = [turn.texts(f"rights.{referent.role}")]
    if referent.national and referent.role == "admin":
        said.append(turn.texts("rights.admin_desk"))
    elif referent.national and referent.role != "national":
        said.append(turn.texts("rights.national"))
    return " ".join(said)


def _left_without(turn: Turn, referent: Referent, details: Details) -> list[Refused]:
    """What a change would leave without anybody: administration, the national desk, a way to the referent."""
    problems, left = [], of(details.role, national=details.national)
    if _is_last(directory.administrators(turn.session), referent) and Right.DIRECTORY not in left:
        problems.append(refused("staff.last_admin"))
    if _is_last(directory.national_desk(turn.session), referent) and Right.NATIONAL_DESK not in left:
        problems.append(refused("staff.last_national"))
    invited = secrets.pending(turn.session, "invitation", referent.id, now=turn.now)
    if referent.email is not None and details.email is None and referent.telegram_id is None and not invited:
        problems.append(refused("staff.unreachable"))
    return problems


def _is_last(those: Iterable[Referent], referent: Referent) -> bool:
    return [one.id for one in those] == [referent.id]


def _summary(details: Details) -> str:
    """Rights alone, as codes; names and addresses are the directory's."""
    desk = "; national: on" if details.national else ""
    return f"role: {details.role}{desk}; territories: {', '.join(details.territories) or '-'}"


def _changes(turn: Turn, before: Referent, after: Details) -> Iterator[str]:
    """What changes, with values where they are rights, without where they are personal."""
    served = directory.territories_of(turn.session, before.id)
    if before.role != after.role:
        yield f"role: {before.role} > {after.role}"
    if before.national != after.national:
        yield f"national: {'on' if after.national else 'off'}"
    if set(served) != set(after.territories):
        yield f"territories: {', '.join(served) or '-'} > {', '.join(after.territories) or '-'}"
    personal = {
        "name": before.name != after.name,
        "email": before.email != after.email,
        "deputy": before.deputy_id != after.deputy_id,
    }
    yield from (name for name, changed in personal.items() if changed)
