"""What happens when a moment that was asked for has come."""

from datetime import datetime

from handlers import (
    blocking_watch,
    broadcasting,
    corrections,
    digest,
    ending,
    escalation,
    gathering,
    reminders,
    retention,
    routing,
    sampling,
    trouble,
    weekly,
)
from handlers.events import TimerDue
from handlers.turn import Turn
from knowledge.outcomes import Match


def due(turn: Turn, timer: TimerDue, match: Match | None) -> None:
    """Each kind of timer does its one thing; an unknown kind is a defect and fails loudly."""
    given = timer.arguments
    match timer.kind:
        case "gathered":
            gathering.due(turn, int(given["contact"]), int(given["round"]), match)
        case "route":
            escalation.route_unanswered(turn, int(given["number"]))
        case "check_notice":
            since = datetime.fromisoformat(str(given["since"]))
            routing.check_notice(turn, int(given["number"]), str(given["stage"]), since=since)
        case "assume_solved":
            ending.assume(turn, int(given["number"]), datetime.fromisoformat(str(given["answered"])))
        case "reply_mark":
            due_at = datetime.fromisoformat(str(given["due"]))
            reminders.due(turn, int(given["number"]), str(given["mark"]), due_at)
        case "digest":
            digest.morning(turn, int(given["referent"]))
        case "digests":
            digest.schedule(turn)
        case "week":
            weekly.due(turn, int(given["referent"]), str(given["week"]), str(given["due"]))
        case "weeks":
            weekly.schedule(turn)
        case "sample":
            sampling.draw(turn, str(given["week"]))
        case "samples":
            sampling.schedule(turn)
        case "correct":
            corrections.go_on(turn, int(given["repair"]), int(given["round"]))
        case "blocking":
            blocking_watch.hourly(turn)
        case "broadcast":
            broadcasting.step(turn, int(given["number"]), int(given["step"]))
        case "trouble":
            trouble.tell(turn, **{name: str(value) for name, value in given.items()})
        case "purge":
            retention.nightly(turn, int(given.get("number", 0)))
        case _:
            raise ValueError(f"no timer is called {timer.kind}")


def begin(turn: Turn) -> None:
    """Asks for what comes back each day; at every start, since each has a key that makes it happen once."""
    retention.schedule(turn)
    digest.schedule(turn)
    weekly.schedule(turn)
    sampling.schedule(turn)
    blocking_watch.schedule(turn)
