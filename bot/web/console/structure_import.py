"""A file of structures comes in: shown line by line first, written as a whole once it is confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from bot.web import turns
from bot.web.console import wording
from bot.web.console.access import doing, field, not_found, number_of, reading
from bot.web.errors import Refusal
from bot.web.forms import see_other
from bot.web.intake import clean
from bot.web.render import page
from bot.web.uploads import BROKEN, reading_form
from handlers import structure_columns, structure_import
from handlers.errors import Refused, refused
from handlers.structure_import import LARGEST, MOST, Plan, Verdict
from handlers.structure_words import KINDS, STAGES
from handlers.turn import Turn, World
from storage import structure_imports
from storage.tables import Referent

WORDS: Mapping[Verdict, str] = {
    "create": "Ajoutée",
    "change": "Modifiée",
    "same": "Inchangée",
    "refused": "Refusée",
}
CHANGES: Mapping[str, str] = {
    "name": "nom",
    "kind": "type",
    "territory": "département",
    "siret": "SIRET",
    "contact_name": "contact",
    "contact_email": "e-mail",
    "stage": "étape",
    "stage back": "étape (retour en arrière)",
}
"""What a line would change, in words."""
SHOWN = 500
"""Lines that are shown; refused ones come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    number: int
    name: str
    verdict: str
    words: str
    details: tuple[str, ...]


async def show(request: web.Request) -> web.Response:
    return await _form(request, done=request.query.get("fait") == "import")


async def receive(request: web.Request) -> web.Response:
    """Keeps the file and shows what it would do; a file that cannot be read is told so."""
    await reading(request, lambda turn, who: None)  # or a stranger could make us read a file
    form, content = await _upload(request)
    text = structure_import.text_of(content)
    if isinstance(text, Refused):
        return await _form(request, problem=text)
    _, planned = await reading(request, lambda turn, who: structure_import.plan(turn, who, text))
    if isinstance(planned, Refused):
        return await _form(request, problem=planned)

    def keep(turn: Turn, who: Referent) -> int:
        return structure_imports.keep(turn.session, who, text, now=turn.now).id

    kept = await doing(request, keep, form=form)
    return see_other(f"/console/structures/import/{kept}" if kept else "/console/structures/import")


async def preview(request: web.Request) -> web.Response:
    return await _preview(request)


async def confirm(request: web.Request) -> web.Response:
    """Writes exactly what was shown; shows it anew when it would be something else by now."""
    number, seen = number_of(request), await field(request, "vu")

    def act(turn: Turn, who: Referent) -> Refused | None:
        planned = _plan(turn, who, number)
        if isinstance(planned, Refused):
            return planned
        if planned.mark != seen:
            return refused("structures.changed_meanwhile")
        outcome = structure_import.write(turn, who, planned)
        structure_imports.drop(turn.session, number)
        return outcome if isinstance(outcome, Refused) else None

    refusal = await doing(request, act)
    if refusal is None:
        return see_other("/console/structures/import?fait=import")
    if refusal.text == "structures.gone":
        raise not_found()
    return await _preview(request, problem=refusal)


async def _form(request: web.Request, *, problem: Refused | None = None, done: bool = False) -> web.Response:
    guest, _ = await reading(request, lambda turn, who: None)
    world = turns.world(request)
    return page(
        request,
        "console/structure_import.html",
        status=200 if problem is None else 422,
        guest=guest,
        error=wording.sentence(world, problem) if problem is not None else None,
        done=done,
        columns=structure_columns.known(),
        kinds=", ".join(kind.words for kind in KINDS.values()),
        stages=", ".join(STAGES.values()),
        most=MOST,
        largest=LARGEST // 1_000_000,
    )


async def _preview(request: web.Request, *, problem: Refused | None = None) -> web.Response:
    number, world = number_of(request), turns.world(request)
    guest, planned = await reading(request, lambda turn, who: _plan(turn, who, number))
    if isinstance(planned, Refused):
        if planned.text == "structures.gone":
            raise not_found()
        return await _form(request, problem=planned)
    lines = sorted(planned.lines, key=lambda one: one.verdict != "refused")[:SHOWN]
    return page(
        request,
        "console/structure_preview.html",
        status=200 if problem is None else 409,
        guest=guest,
        number=number,
        plan=planned,
        lines=[_line(world, one) for one in lines],
        counts=[(words, planned.count(verdict)) for verdict, words in WORDS.items()],
        error=wording.sentence(world, problem) if problem is not None else None,
    )


def _plan(turn: Turn, who: Referent, number: int) -> Plan | Refused:
    kept = structure_imports.of(turn.session, number, who)
    return refused("structures.gone") if kept is None else structure_import.plan(turn, who, kept.content)


def _line(world: World, one: structure_import.Line) -> Line:
    problems = [wording.sentence(world, problem) for problem in one.problems]
    changes = [CHANGES[name] for name in one.changes] if one.known_id is not None else _new(world, one)
    return Line(
        number=one.number,
        name=one.name,
        verdict=one.verdict,
        words=WORDS[one.verdict],
        details=tuple(problems or changes),
    )


def _new(world: World, one: structure_import.Line) -> list[str]:
    """What is shown of a structure to be added."""
    if one.meant is None:
        return []
    territory = world.knowledge.territories.by_code(one.meant.details.territory)
    place = territory.label if territory is not None else ""
    return [KINDS[one.meant.details.kind].words, place, STAGES[one.stage or next(iter(STAGES))]]


async def _upload(request: web.Request) -> tuple[str, bytes]:
    """The form's id and the file, of which no more is read than may be sent."""

    async def read() -> tuple[str, bytes]:
        form = ""
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise BROKEN
            content = await _limited(part)
            if part.filename is not None:
                return form, content
            if part.name == "form":
                form = clean(content.decode("utf-8", "replace"))[:64]
        return form, b""

    return await reading_form(request, read)


async def _limited(part: BodyPartReader) -> bytes:
    found = bytearray()
    while piece := await part.read_chunk():
        found += piece
        if len(found) > LARGEST:
            raise Refusal(413, "too_large", f"Ce fichier dépasse {LARGEST // 1_000_000} Mo : coupez-le.")
    return bytes(found)
