"""What may be written into the directory: a referent's details as they were typed, checked all at once."""

import re
from dataclasses import dataclass

from handlers.errors import Refused, refused
from handlers.turn import Turn
from storage import directory
from storage.rights import ROLES
from storage.tables import Referent

LONGEST_NAME = 120
_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A referent's details as somebody wrote them."""

    name: str
    territories: str = ""
    national: bool = False
    role: str = "referent"
    email: str | None = None
    deputy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """The same, checked."""

    name: str
    role: str
    national: bool
    email: str | None
    territories: tuple[str, ...]
    deputy_id: int | None


def check(turn: Turn, typed: Typed, known: Referent | None = None) -> Details | list[Refused]:
    """The details in order, or every problem at once; `known` is whom they are of, if not somebody new."""
    name, email = " ".join(typed.name.split()), (typed.email or "").strip() or None
    codes, unknown = _territories(turn, typed.territories)
    named = (typed.deputy or "").strip()
    deputy = directory.by_name(turn.session, named) if named else None
    problems = [
        *_of_name(turn, name, known),
        *_of_role(typed.role),
        *_of_email(turn, email, known),
        *(refused("staff.territory", territory=word) for word in unknown),
    ]
    if named and (deputy is None or deputy is known):
        problems.append(refused("staff.deputy", name=named))
    if problems:
        return problems
    return Details(
        name=name,
        role=typed.role,
        national=typed.national,
        email=email,
        territories=codes,
        deputy_id=deputy.id if deputy is not None else None,
    )


def _of_name(turn: Turn, name: str, known: Referent | None) -> list[Refused]:
    if not name or len(name) > LONGEST_NAME:
        return [refused("staff.name", limit=LONGEST_NAME)]
    same = directory.by_name(turn.session, name)
    return [refused("staff.name_taken", name=name)] if same is not None and same is not known else []


def _of_role(role: str) -> list[Refused]:
    return [] if role in ROLES else [refused("staff.role", role=role, roles=", ".join(ROLES))]


def is_address(email: str) -> bool:
    """Whether it looks like an e-mail address."""
    return _MAIL.fullmatch(email) is not None


def _of_email(turn: Turn, email: str | None, known: Referent | None) -> list[Refused]:
    if email is None:
        return []
    if not is_address(email):
        return [refused("mail.invalid_address")]
    owner = directory.by_email(turn.session, email)
    return [refused("staff.email_taken", name=owner.name)] if owner not in (None, known) else []


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
