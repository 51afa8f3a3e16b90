"""A file of structures: read, shown line by line, and written as a whole or not at all.

A plan says what each line would do; nothing is written while one of them is refused. It is made again when it
is confirmed, and written only if it is the one that was shown. A cell that is empty, or a column that is not
there, changes nothing of what is known.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from handlers import audit, structure_columns, structures
from handlers.audit import Action
from handlers.errors import Refused, refused
from handlers.structure_words import is_behind, territory_of
from handlers.structures import Meant, Problems, Typed
from handlers.turn import Turn
from knowledge import sheets
from knowledge.normalising import fold
from knowledge.sheets import Broken, Row, Unreadable
from storage import structures as stored
from storage.database import Overtaken
from storage.structures import Details
from storage.tables import Referent, Structure

LARGEST = 1_000_000
"""Bytes of a file."""
MOST = 2_000
"""Lines of a file."""
Verdict = Literal["create", "change", "same", "refused"]
VERDICTS: tuple[Verdict, ...] = ("create", "change", "same", "refused")
_UNREADABLE: Mapping[Unreadable, str] = {
    "workbook": "structures.workbook",
    "utf16": "structures.utf16",
    "encoding": "structures.encoding",
    "empty": "structures.empty",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one line would do. `number` is the file's, the heading being on the first."""

    number: int
    name: str
    verdict: Verdict
    problems: tuple[Refused, ...] = ()
    changes: tuple[str, ...] = ()
    """Names of the fields that would change, « stage back » where it would go back."""
    known_id: int | None = None
    meant: Meant | None = None

    @property
    def stage(self) -> str | None:
        return self.meant.stage if self.meant is not None else None


@dataclass(frozen=True, slots=True)
class Plan:
    lines: tuple[Line, ...]

    def count(self, verdict: Verdict) -> int:
        return sum(line.verdict == verdict for line in self.lines)

    @property
    def ready(self) -> bool:
        """Whether there is something to write, and nothing that is refused."""
        return not self.count("refused") and self.count("same") < len(self.lines)

    @property
    def mark(self) -> str:
        """The same for the same plan: what is confirmed is what was shown."""
        said = [f"{one.number} {one.verdict} {one.known_id} {one.changes} {one.meant}" for one in self.lines]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


@dataclass(slots=True)
class _Seen:
    """On which line each SIRET, each name of a territory and each known structure stood first."""

    known: dict[int, int] = field(default_factory=dict)
    sirets: dict[str, int] = field(default_factory=dict)
    names: dict[tuple[str, str], int] = field(default_factory=dict)


def text_of(content: bytes) -> str | Refused:
    """A file's text, or why it is none that we read."""
    if len(content) > LARGEST:
        return refused("structures.too_large", limit=LARGEST // 1_000_000)
    text, problem = sheets.decoded(content)
    return text if text is not None else refused(_UNREADABLE[problem or "empty"])


def plan(turn: Turn, by: Referent | None, text: str) -> Plan | Refused:
    """What the file would do; refused as a whole when it cannot be read line by line."""
    sheet = sheets.read(text)
    if isinstance(sheet, Broken):
        return refused("structures.broken", line=sheet.line)
    columns = structure_columns.places(sheet.heading)
    if isinstance(columns, Refused):
        return columns
    if not sheet.rows:
        return refused("structures.no_line")
    if len(sheet.rows) > MOST:
        return refused("structures.too_many", limit=MOST, count=len(sheet.rows))
    seen, width = _Seen(), len(sheet.heading)
    return Plan(tuple(_line(turn, by, row, columns, width, seen) for row in sheet.rows))


def write(turn: Turn, by: Referent | None, planned: Plan) -> Plan | Refused:
    """Does all of it, in this transaction."""
    if not planned.ready:
        return refused("structures.not_ready")
    for line in planned.lines:
        _write(turn, by, line)
    detail = f"create: {planned.count('create')}; change: {planned.count('change')}"
    audit.note(turn, by, Action.IMPORTED, "file", "structures.csv", detail=detail)
    return planned


def _write(turn: Turn, by: Referent | None, line: Line) -> None:
    if line.meant is None or line.verdict not in ("create", "change"):
        return
    if line.known_id is None:
        structures.put(turn, by, line.meant)
        return
    known = turn.session.get(Structure, line.known_id)
    if known is None:
        raise Overtaken(f"structure {line.known_id} is gone")
    structures.write(turn, by, known, line.meant.details)
    if line.stage is not None and _moves(known, line.meant):
        since = line.meant.since
        moved = structures.advance(turn, by, known, of=known.stage, to=line.stage, since=since)
        if moved is not None:
            raise Overtaken(f"structure {known.id} went on")  # all of it again, or nothing


def _line(
    turn: Turn, by: Referent | None, row: Row, columns: Mapping[str, int], width: int, seen: _Seen
) -> Line:
    cells = (*row.cells, *([""] * (width - len(row.cells))))
    typed = Typed(**{name: cells[place] for name, place in columns.items()})
    problems = _of_cells(row, typed, width)
    known = _known(turn, typed)
    filled = _filled(typed, known)
    read = structures.read(turn, by, filled)
    if not isinstance(read, Meant):
        return _refused(row, typed, [*problems, *read.values()])
    problems += _of_others(turn, by, read.details, known)
    problems += _of_file(read.details, known, row.number, seen)
    if problems:
        return _refused(row, typed, problems)
    return _sure(row, typed, known, read)


def _sure(row: Row, typed: Typed, known: Structure | None, meant: Meant) -> Line:
    """A line without a problem: what it would do."""
    changes = _changes(known, meant) if known is not None else ()
    verdict: Verdict = "create" if known is None else "change" if changes else "same"
    return Line(
        number=row.number,
        name=typed.name,
        verdict=verdict,
        changes=changes,
        known_id=known.id if known is not None else None,
        meant=meant,
    )


def _refused(row: Row, typed: Typed, problems: Sequence[Refused]) -> Line:
    return Line(number=row.number, name=typed.name, verdict="refused", problems=tuple(problems))


def _of_cells(row: Row, typed: Typed, width: int) -> list[Refused]:
    found = []
    if len(row.cells) > width:
        found.append(refused("structures.cells", count=len(row.cells), expected=width))
    formula = next((cell for cell in row.cells if sheets.is_formula(cell)), None)
    if formula is not None:
        found.append(refused("structures.formula", cell=formula[:40]))
    return found


def _known(turn: Turn, typed: Typed) -> Structure | None:
    """By SIRET, else by name and territory."""
    siret = "".join(typed.siret.split())
    found = stored.by_siret(turn.session, siret) if siret else None
    if found is not None:
        return found
    code = territory_of(turn, typed.territory)
    folded = fold(" ".join(typed.name.split()))
    return stored.by_name(turn.session, folded, code) if code is not None else None


def _filled(typed: Typed, known: Structure | None) -> Typed:
    """What the line leaves out is as it is known."""
    if known is None:
        return typed
    return replace(
        typed,
        kind=typed.kind or known.kind,
        siret=typed.siret or known.siret or "",
        contact_name=typed.contact_name or known.contact_name or "",
        stage=typed.stage or (known.stage if typed.since else ""),
        contact_email=typed.contact_email or known.contact_email or "",
    )


def _of_others(turn: Turn, by: Referent | None, details: Details, known: Structure | None) -> list[Refused]:
    if known is None:
        return []
    codes = stored.reach(turn.session, by, now=turn.now) if by is not None else None
    if codes is not None and known.territory not in codes:
        return [refused("structures.siret_taken")]
    found = list[Refused]()
    if known.siret is not None and details.siret != known.siret:
        found.append(refused("structures.other_siret", number=known.id, siret=known.siret))
    namesake: Problems = structures.taken(turn, details, known)
    return [*found, *namesake.values()]


def _of_file(details: Details, known: Structure | None, number: int, seen: _Seen) -> list[Refused]:
    """The same structure twice in one file."""
    first = seen.names.setdefault((details.folded, details.territory), number)
    if details.siret is not None:
        first = min(first, seen.sirets.setdefault(details.siret, number))
    if known is not None:
        first = min(first, seen.known.setdefault(known.id, number))
    return [refused("structures.twice", line=first)] if first != number else []


def _changes(known: Structure, meant: Meant) -> tuple[str, ...]:
    details = meant.details
    names = ("name", "kind", "territory", "siret", "contact_name", "contact_email")
    found = [name for name in names if getattr(details, name) != getattr(known, name)]
    if meant.stage is not None and _moves(known, meant):
        found.append("stage back" if is_behind(meant.stage, known.stage) else "stage")
    return tuple(found)


def _moves(known: Structure, meant: Meant) -> bool:
    """Another stage, or another day for the same."""
    return meant.stage != known.stage or (meant.since is not None and meant.since != known.since)
