"""One's own page: what the directory holds, absences, sessions."""

from collections.abc import Mapping

from aiohttp import web

from bot.web import turns
from bot.web.console import absences, being_told, people, wording
from bot.web.console.access import Problems, doing, field, reading
from bot.web.forms import see_other
from bot.web.render import page
from handlers import hours_setting, week_words
from handlers.turn import Turn
from storage import directory
from storage.tables import Referent

DONE: Mapping[str, str] = {
    **people.DONE,
    "horaires": "Vos horaires sont enregistrés. Ils comptent pour les prochaines réponses annoncées.",
    "avis": "Vos choix sont enregistrés.",
}


async def show(request: web.Request) -> web.Response:
    return await _page(request)


async def note_absence(request: web.Request) -> web.Response:
    typed = await absences.typed(request)
    outcome = await doing(request, lambda turn, who: absences.note(turn, who, typed, by=who))
    if isinstance(outcome, Problems):
        return await _page(request, problems=outcome, typed=typed)
    return see_other("/console/profil?fait=absence")


async def end_absences(request: web.Request) -> web.Response:
    """« Je suis de retour »."""
    await doing(request, lambda turn, who: absences.end_all(turn, who, by=who))
    return see_other("/console/profil?fait=retour")


async def choose_shortcuts(request: web.Request) -> web.Response:
    """Whether single keys do things; some people type them by accident or by voice."""
    wanted = bool(await field(request, "raccourcis"))

    def choose(turn: Turn, who: Referent) -> None:
        who.shortcuts = wanted

    await doing(request, choose)
    return see_other("/console/profil?fait=raccourcis")


async def set_hours(request: web.Request) -> web.Response:
    """One's opening hours; none at all: those of the territory."""
    problems, week = await being_told.set_hours(request)
    if problems is not None:
        return await _page(request, problems=problems, week=week)
    return see_other("/console/profil?fait=horaires")


async def _page(
    request: web.Request,
    *,
    problems: Problems | None = None,
    typed: absences.Typed | None = None,
    week: hours_setting.Typed | None = None,
) -> web.Response:
    def look(turn: Turn, who: Referent) -> tuple[people.Person, list[str], being_told.Habits]:
        others = [one.name for one in directory.everyone(turn.session) if one.id != who.id]
        return people.person(turn, who), others, being_told.habits(turn, who, week)

    guest, (me, names, habits) = await reading(request, look)
    world = turns.world(request)
    found = problems.by_field if problems is not None else {}
    return page(
        request,
        "console/profile.html",
        status=200 if problems is None else 422,
        guest=guest,
        person=me,
        names=names,
        habits=habits,
        days=week_words.DAYS,
        absence=typed or absences.Typed(),
        errors={name: wording.sentence(world, refusal) for name, refusal in found.items()},
        done=DONE.get(request.query.get("fait", "")),
    )
