"""Makes a demonstration of an empty database, all of it or nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers import staff
from handlers.demo import judging, news, partners, people, register, seasons
from handlers.demo.asking import Asking
from handlers.demo.demands import demand
from handlers.demo.partners import Partners
from handlers.demo.scene import Plan, Scene
from handlers.demo.telling import Telling
from handlers.turn import Turn
from handlers.week import Week
from storage import demo, directory, packs, tickets
from storage.tables import Contact, Question, Ticket, Transcript

AT_ONCE = 5_000
"""Questions that are written together."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How much there is, and the last week that is whole."""

    questions: int
    demands: int
    still_open: int
    conversations: int
    messages: int
    referents: int
    week: Week


@dataclass(frozen=True, slots=True)
class NotEmpty:
    """Why it was not done: what is there already."""

    demonstration: bool
    tables: tuple[str, ...]
    referents: tuple[str, ...]


def seed(turn: Turn, plan: Plan, progress: Progress = lambda _: None) -> Made | NotEmpty:
    """Fills an empty database; refused as soon as anything of anybody is in it."""
    refusal = _refusal(turn)
    if refusal is not None:
        return refusal
    demo.mark(turn.session, seed=plan.seed, weeks=plan.weeks, now=turn.now)
    scene = people.engage(turn, plan)
    progress(f"{plan.weeks} weeks of questions")
    structures = partners.invent(scene)
    _year(scene, structures)
    progress("what the desk wrote down")
    register.write(scene)
    partners.write(scene, structures)
    judging.write(scene)
    news.write(scene)
    week = Week.of(turn.today).earlier(1)
    for referent in directory.everyone(turn.session):
        packs.give_once(turn.session, referent, week.id)
    return _made(turn, week)


def _refusal(turn: Turn) -> NotEmpty | None:
    known = [one.name for one in directory.everyone(turn.session) if one.name != staff.FIRST]
    known += directory.removed(turn.session).values()
    tables, marked = demo.filled(turn.session), demo.is_one(turn.session)
    return NotEmpty(marked, tuple(tables), tuple(known)) if tables or known else None


def _year(scene: Scene, structures: Partners) -> None:
    """Written part by part: PostgreSQL ends a transaction in which nothing is asked for long."""
    asking, told = Asking(scene), Telling(scene, structures)
    for number, moment in enumerate(seasons.moments(scene), start=1):
        asked = asking.ask(moment)
        told.question(asked, demand(scene, asked, asked.number) if asked.number is not None else None)
        if number % AT_ONCE == 0:
            demo.write(scene.turn.session, told.take())
    demo.write(scene.turn.session, told.take())


def _made(turn: Turn, week: Week) -> Made:
    questions, demands, conversations, messages = (
        demo.count(turn.session, table) for table in (Question, Ticket, Contact, Transcript)
    )
    return Made(
        questions=questions,
        demands=demands,
        still_open=demands - tickets.counts(turn.session).get("closed", 0),
        conversations=conversations,
        messages=messages,
        referents=len(directory.everyone(turn.session)),
        week=week,
    )
