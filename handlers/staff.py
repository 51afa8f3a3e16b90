"""The directory: who answers where. Used by the command line and by the console alike."""

import re
from dataclasses import dataclass

from handlers import login, routing
from handlers.errors import Refused, refused
from handlers.turn import Turn
from storage import directory, secrets, tickets
from storage.tables import Referent

LONGEST_NAME = 120
_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What the directory holds of a referent, checked."""

    name: str
    role: str
    national: bool
    email: str | None
    territories: tuple[str, ...]
    deputy_id: int | None


def add(
    turn: Turn,
    *,
    name: str,
    territories: str = "",
    national: bool = False,
    role: str = "referent",
    email: str | None = None,
    deputy: str | None = None,
    telegram_id: int | None = None,
    reachable: bool = False,
) -> Referent | list[Refused]:
    """Adds a referent, or gives every reason why not.

    `reachable` says that an invitation follows: a referent whom nothing can reach is refused.
    """
    details = check(
        turn, name=name, territories=territories, national=national, role=role, email=email, deputy=deputy
    )
    problems = list(details) if isinstance(details, list) else []
    if telegram_id is None and not email and not reachable:
        problems.append(refused("staff.unreachable"))
    if telegram_id is not None and directory.by_telegram(turn.session, telegram_id) is not None:
        problems.append(refused("invitation.account_known"))
    if problems or isinstance(details, list):
        return problems
    referent = directory.add(
        turn.session, name=details.name, role=role, national=national, email=details.email, now=turn.now
    )
    referent.telegram_id = telegram_id
    referent.deputy_id = details.deputy_id
    directory.assign(turn.session, referent, details.territories)
    return referent


def change(
    turn: Turn,
    referent: Referent,
    *,
    name: str,
    territories: str,
    national: bool,
    role: str,
    email: str | None,
    deputy: str | None,
) -> list[Refused]:
    """Changes a referent's details; the problems, if any (then nothing is changed)."""
    details = check(
        turn,
        name=name,
        territories=territories,
        national=national,
        role=role,
        email=email,
        deputy=deputy,
        known=referent,
    )
    if isinstance(details, list):
        return details
    problems = _left_without(turn, referent, details)
    if problems:
        return problems
    referent.name, referent.role, referent.national = details.name, details.role, details.national
    referent.email, referent.deputy_id = details.email, details.deputy_id
    directory.assign(turn.session, referent, details.territories)
    return []


def check(
    turn: Turn,
    *,
    name: str,
    territories: str,
    national: bool,
    role: str,
    email: str | None,
    deputy: str | None,
    known: Referent | None = None,
) -> Details | list[Refused]:
    """The details in order, or every problem at once."""
    problems: list[Refused] = []
    name = " ".join(name.split())
    same = directory.by_name(turn.session, name)
    if not name or len(name) > LONGEST_NAME:
        problems.append(refused("staff.name", limit=LONGEST_NAME))
    elif same is not None and same is not known:
        problems.append(refused("staff.name_taken", name=name))
    if role not in directory.ROLES:
        problems.append(refused("staff.role", role=role, roles=", ".join(directory.ROLES)))
    email = (email or "").strip() or None
    if email is not None and not _MAIL.fullmatch(email):
        problems.append(refused("mail.invalid_address"))
    owner = directory.by_email(turn.session, email) if email is not None else None
    if owner is not None and owner is not known:
        problems.append(refused("staff.email_taken", name=owner.name))
    codes, unknown = _territories(turn, territories)
    problems += [refused("staff.territory", territory=word) for word in unknown]
    stand_in = directory.by_name(turn.session, deputy) if deputy and deputy.strip() else None
    if deputy and deputy.strip() and (stand_in is None or stand_in is known):
        problems.append(refused("staff.deputy", name=deputy))
    if problems:
        return problems
    return Details(
        name=name,
        role=role,
        national=national,
        email=email,
        territories=codes,
        deputy_id=stand_in.id if stand_in else None,
    )


def remove(turn: Turn, referent: Referent) -> Refused | None:
    """Out of office: sessions end, and open tickets go back to who serves their territory."""
    if _is_last_admin(turn, referent):
        return refused("staff.last_admin")
    if _is_last_national(turn, referent):
        return refused("staff.last_national")
    held = tickets.listed(turn.session, referent, "mine", limit=10_000)
    served = directory.territories_of(turn.session, referent.id)
    told = tickets.waiting_in(turn.session, served)
    login.leave_everywhere(turn, referent)
    secrets.revoke_all(turn.session, "invitation", referent_id=referent.id)
    directory.remove(turn.session, referent, now=turn.now)
    for ticket in held:
        tickets.transition(turn.session, ticket.number, of=("taken",), to="waiting", referent_id=None)
    orphans = [one for one in told if not directory.serving(turn.session, one.territory or "")]
    for ticket in [*held, *orphans]:
        routing.route_anew(turn, ticket)
    return None


def _left_without(turn: Turn, referent: Referent, details: Details) -> list[Refused]:
    """What a change would leave without anybody: administration, the national desk, a way to the referent."""
    problems = []
    if _is_last_admin(turn, referent) and details.role != "admin":
        problems.append(refused("staff.last_admin"))
    if _is_last_national(turn, referent) and not (details.national or details.role == "national"):
        problems.append(refused("staff.last_national"))
    invited = secrets.pending(turn.session, "invitation", referent.id, now=turn.now)
    if referent.email is not None and details.email is None and referent.telegram_id is None and not invited:
        problems.append(refused("staff.unreachable"))
    return problems


def _territories(turn: Turn, words: str) -> tuple[tuple[str, ...], list[str]]:
    """Codes of what was typed (« 25, le Doubs ; 2A »), and what was not understood."""
    codes, unknown = [], []
    for word in (part.strip() for part in re.split(r"[,;\n]", words)):
        if not word:
            continue
        exact = turn.world.knowledge.territories.by_code(word.upper())
        found = (exact,) if exact is not None else turn.world.knowledge.territories.find(word)
        if len(found) == 1:
            codes.append(found[0].code)
        else:
            unknown.append(word)
    return tuple(dict.fromkeys(codes)), unknown


def _is_last_admin(turn: Turn, referent: Referent) -> bool:
    admins = directory.administrators(turn.session)
    return [admin.id for admin in admins] == [referent.id]


def _is_last_national(turn: Turn, referent: Referent) -> bool:
    desk = directory.national_desk(turn.session)
    return [one.id for one in desk] == [referent.id]
