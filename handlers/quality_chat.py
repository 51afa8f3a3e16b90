"""`/juger` in the chat: the answers that wait to be judged, one after another, by buttons."""

from collections.abc import Mapping, Sequence

from handlers import quality, referent_chat, repairs
from handlers.delivery import Option, say, say_refused
from handlers.errors import Refused
from handlers.events import CommandGiven
from handlers.pack_growth import name_of
from handlers.quality import Judged
from handlers.quality_answers import Shown, may_be_sent, shown
from handlers.turn import Turn
from handlers.week import Week
from knowledge.texts import Raw
from storage import quality as stored
from storage.quality import Asked
from storage.tables import Contact, Referent

_NOTED: Mapping[str, str] = {
    "right": "quality.noted_right",
    "incomplete": "quality.noted_incomplete",
    "wrong": "quality.noted_wrong",
}


def give(turn: Turn, contact: Contact, writer: Referent, _event: CommandGiven) -> None:
    _next(turn, contact, writer)


def judge(turn: Turn, contact: Contact, answer_id: int, verdict: str) -> None:
    """One of the three buttons; the next answer follows."""
    writer = referent_chat.of(turn, contact)
    if writer is None:
        say(turn, contact, "choice.gone")
        return
    outcome = quality.judge(turn, writer, answer_id, verdict)
    if isinstance(outcome, Refused):
        say_refused(turn, contact, outcome)
    else:
        _confirm(turn, contact, outcome)
    _next(turn, contact, writer, after=answer_id)


def skip(turn: Turn, contact: Contact, answer_id: int) -> None:
    """Somebody else may judge it."""
    writer = referent_chat.of(turn, contact)
    if writer is None:
        say(turn, contact, "choice.gone")
        return
    _next(turn, contact, writer, after=answer_id)


def _confirm(turn: Turn, contact: Contact, outcome: Judged) -> None:
    key, repair = _NOTED[outcome.verdict], outcome.repair
    if repair is None:
        say(turn, contact, key)
    else:
        title, url = name_of(turn, repair.entry_id), repairs.url(turn, repair)
        say(turn, contact, key, title=title, url=Raw(url))


def _next(turn: Turn, contact: Contact, writer: Referent, *, after: int = 0) -> None:
    week = stored.newest_waiting(turn.session, writer)
    found = stored.of_week(turn.session, writer, week) if week is not None else []
    waiting = [one for one in found if one.state == "waiting"]
    here = next((one for one in _behind(found, after) if _can_be_judged_here(turn, one)), None)
    url = f"{turn.world.public_url}/console/qualite"
    if here is not None:
        _show(turn, contact, shown(turn, here), found)
    elif waiting:
        say(turn, contact, "quality.at_console", count=len(waiting), url=Raw(url))
    else:
        say(turn, contact, "quality.none", url=Raw(url))


def _can_be_judged_here(turn: Turn, asked: Asked) -> bool:
    """Which of several answers is wrong is said in the console."""
    single = len(stored.given(asked.question)) == 1
    return asked.state == "waiting" and single and may_be_sent(turn, asked.question)


def _behind(found: Sequence[Asked], answer_id: int) -> Sequence[Asked]:
    """Those behind an answer that was just judged or left out; all without one."""
    ids = [one.answer.id for one in found]
    return found[ids.index(answer_id) + 1 :] if answer_id in ids else found


def _show(turn: Turn, contact: Contact, one: Shown, found: Sequence[Asked]) -> None:
    given: dict[str, str | int] = {"answer": one.id}
    options = [
        Option("judge", {**given, "verdict": "right"}, text="judge_right"),
        Option("judge", {**given, "verdict": "incomplete"}, text="judge_incomplete"),
        Option("judge", {**given, "verdict": "wrong"}, text="judge_wrong"),
        Option("judge_skip", given),
    ]
    week = Week.read(found[0].answer.week)
    say(
        turn,
        contact,
        "quality.one",
        options,
        place=sum(one.state != "waiting" for one in found) + 1,
        size=len(found),
        week=week.words if week is not None else "",
        audience=one.audience,
        question=one.question,
        title=one.entries[0][1],
        answer=Raw(one.answer),
    )
