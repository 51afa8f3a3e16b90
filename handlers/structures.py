"""The directory of structures: added, changed, brought from stage to stage, erased.

It is kept by territory, as tickets are: whoever serves a territory keeps its structures, leads those of their
regions, and who sees all tickets all of them. `by` is None for whoever sits at the machine itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.fr import siret as sirets

from handlers import audit, structure_words
from handlers.audit import Action
from handlers.errors import Refused, refused
from handlers.staff_details import is_address
from handlers.structure_words import KINDS, OLDEST, STAGES
from handlers.turn import Turn
from knowledge.masking import mask
from knowledge.normalising import fold
from storage import structure_contacts as contacts
from storage import structures
from storage.structures import Details
from storage.tables import Referent, Structure

LONGEST_NAME = 200
LONGEST_CONTACT = 120
LONGEST_ADDRESS = 254
Problems = Mapping[str, Refused]
"""What is wrong, by field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A structure as somebody wrote it, in a form or on a line of a file."""

    name: str = ""
    kind: str = ""
    territory: str = ""
    siret: str = ""
    stage: str = ""
    since: str = ""
    contact_name: str = ""
    contact_email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The same, checked; None where nothing was said of the way."""

    details: Details
    stage: str | None
    since: date | None


def read(turn: Turn, by: Referent | None, typed: Typed) -> Meant | Problems:
    """What was meant, or all that is wrong with it by itself; what others hold is `taken`'s matter."""
    details = Details(
        name=" ".join(typed.name.split()),
        folded=fold(" ".join(typed.name.split())),
        kind=structure_words.kind_of(typed.kind) or "",
        territory=structure_words.territory_of(turn, typed.territory) or "",
        siret=sirets.compact(typed.siret) or None,
        contact_name=" ".join(typed.contact_name.split()) or None,
        contact_email=typed.contact_email.strip() or None,
    )
    stage = structure_words.stage_of(typed.stage) if typed.stage else None
    since = structure_words.day_of(typed.since) if typed.since else None
    found = {
        "name": _of_name(details),
        "kind": None if details.kind else refused("structures.kind", kinds=_kinds()),
        "territory": _of_territory(turn, by, typed.territory, details.territory),
        "siret": _of_siret(typed.siret, details.siret),
        "stage": refused("structures.stage", stages=_stages()) if typed.stage and stage is None else None,
        "since": _of_day(turn, since) if typed.since else None,
        "contact_name": _of_contact(details.contact_name),
        "contact_email": _of_address(details.contact_email),
    }
    wrong = {field: one for field, one in found.items() if one is not None}
    return wrong or Meant(details=details, stage=stage, since=since)


def taken(turn: Turn, details: Details, known: Structure | None) -> Problems:
    """What another structure than `known` holds already."""
    found: dict[str, Refused] = {}
    if details.siret is not None and structures.by_siret(turn.session, details.siret) not in (None, known):
        found["siret"] = refused("structures.siret_taken")
    namesake = structures.by_name(turn.session, details.folded, details.territory)
    if namesake not in (None, known) and namesake is not None:
        found["name"] = refused("structures.name_taken", number=namesake.id)
    return found


def add(turn: Turn, by: Referent | None, typed: Typed) -> Structure | Problems:
    """A new structure; at its first stage since today where nothing else was said."""
    meant = read(turn, by, typed)
    if not isinstance(meant, Meant):
        return meant
    return taken(turn, meant.details, None) or put(turn, by, meant)


def put(turn: Turn, by: Referent | None, meant: Meant) -> Structure:
    """The same once it was checked."""
    added = structures.add(
        turn.session,
        meant.details,
        stage=meant.stage or next(iter(STAGES)),
        since=meant.since or turn.today,
        now=turn.now,
        by_id=by.id if by is not None else None,
    )
    audit.note(turn, by, Action.ADDED, "structure", added.id, detail=added.territory)
    return added


def change(turn: Turn, by: Referent, structure_id: int, typed: Typed) -> Structure | Problems | None:
    """Other details; its way is `advance`'s matter. None when it is not there, or not theirs."""
    known = structures.for_referent(turn.session, structure_id, by, now=turn.now)
    if known is None:
        return None
    meant = read(turn, by, replace(typed, stage="", since=""))
    if not isinstance(meant, Meant):
        return meant
    wrong = taken(turn, meant.details, known)
    if not wrong:
        write(turn, by, known, meant.details)
    return wrong or known


def write(turn: Turn, by: Referent | None, known: Structure, details: Details) -> list[str]:
    """Writes what differs, with a line in both histories that names the fields alone."""
    changed = structures.change(turn.session, known, details, now=turn.now)
    if changed:
        fields = ", ".join(changed)
        by_id = by.id if by is not None else None
        structures.note(turn.session, known.id, "changed", now=turn.now, by_id=by_id, detail=fields)
        audit.note(turn, by, Action.CHANGED, "structure", known.id)
    return changed


def advance(
    turn: Turn, by: Referent | None, known: Structure, *, of: str, to: str, since: date | None
) -> Refused | None:
    """Brings it to a stage, ahead or back, or corrects the day; `of` is where it was seen to be."""
    day = since or turn.today
    if to not in STAGES:
        return refused("structures.stage", stages=_stages())
    wrong = _of_day(turn, day)
    if wrong is not None:
        return wrong
    if to == of and day == known.since:
        return refused("structures.there_already", stage=STAGES[of])
    if not structures.move(turn.session, known.id, of=of, to=to, since=day):
        return refused("structures.moved")
    by_id = by.id if by is not None else None
    structures.note(turn.session, known.id, "stage", now=turn.now, by_id=by_id, stage=to, reached=day)
    audit.note(turn, by, Action.ADVANCED, "structure", known.id, detail=f"{to}; {day}")
    turn.session.refresh(known)
    return None


def erase_contact(turn: Turn, by: Referent | None, structure_id: int) -> None:
    """The person's name and address go, the structure stays."""
    if contacts.erase(turn.session, structure_id):
        by_id = by.id if by is not None else None
        structures.note(turn.session, structure_id, "erased", now=turn.now, by_id=by_id)
        audit.note(turn, by, Action.ERASED, "structure", structure_id)


def remove(turn: Turn, by: Referent, known: Structure) -> None:
    audit.note(turn, by, Action.REMOVED, "structure", known.id, detail=known.territory)
    structures.remove(turn.session, known.id)


def days_at(turn: Turn, structure: Structure) -> int:
    """For how long it has been at its stage."""
    return max((turn.today - structure.since).days, 0)


def _of_name(details: Details) -> Refused | None:
    if not 2 <= len(details.name) <= LONGEST_NAME:
        return refused("structures.name", limit=LONGEST_NAME)
    return refused("structures.personal") if mask(details.name) != details.name else None


def _of_territory(turn: Turn, by: Referent | None, typed: str, code: str) -> Refused | None:
    if not code:
        return refused("structures.territory", words=typed.strip()[:40] or "…")
    codes = structures.reach(turn.session, by, now=turn.now) if by is not None else None
    return refused("structures.not_yours", code=code) if codes is not None and code not in codes else None


def _of_siret(typed: str, siret: str | None) -> Refused | None:
    if siret is None:
        return None
    try:
        sirets.validate(siret)
    except InvalidChecksum:
        return refused("structures.siret_key", siret=siret[:20])
    except ValidationError:
        shortened = "e+" in typed.lower()
        return refused("structures.siret_shortened") if shortened else refused("structures.siret")
    return None


def _of_day(turn: Turn, day: date | None) -> Refused | None:
    return refused("structures.day") if day is None or not OLDEST <= day <= turn.today else None


def _of_contact(name: str | None) -> Refused | None:
    if name is None:
        return None
    wrong = len(name) > LONGEST_CONTACT or mask(name) != name
    return refused("structures.contact", limit=LONGEST_CONTACT) if wrong else None


def _of_address(address: str | None) -> Refused | None:
    if address is None or (is_address(address) and len(address) <= LONGEST_ADDRESS):
        return None
    return refused("mail.invalid_address")


def _kinds() -> str:
    return ", ".join(kind.words for kind in KINDS.values())


def _stages() -> str:
    return ", ".join(STAGES.values())
