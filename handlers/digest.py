"""Each open morning, when their day begins, a referent reads what awaits them; nothing to say is not sent.

One timer for each referent and opening; what was sent today is noted at the referent, so that neither a
second timer nor a downtime sends it twice.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

from handlers import calendar, daily, hours, routing, structure_chat, ways
from handlers.delivery import send_mail, tell
from handlers.structure_words import STUCK_AFTER
from handlers.turn import Turn
from knowledge.texts import Raw
from storage import deadlines, directory, queue, structures
from storage.tables import Referent, Ticket

LISTED = 5
"""Demands named in each part."""
_AHEAD = 9
"""Days among which the next opening is looked for."""
_ONE_DAY = timedelta(days=1)


def schedule(turn: Turn) -> None:
    """Plans everybody's next digest, and asks for the same tomorrow: who comes later has theirs from then."""
    for referent in directory.everyone(turn.session):
        plan(turn, referent)
    daily.again_tomorrow(turn, "digests")


def plan(turn: Turn, referent: Referent) -> None:
    """Asks for the digest at the next beginning of this referent's day; again after their hours changed."""
    place = hours.rota(turn, referent)
    today = hours.local_day(turn, place)
    openings = (place.opens_on(today + timedelta(days=ahead)) for ahead in range(_AHEAD))
    opens = next((one for one in openings if one is not None and one > turn.now), None)
    if opens is None:
        return
    queue.put_timer(
        turn.session,
        key=f"digest:{referent.id}:{opens.isoformat()}",
        lane=f"timer:digest:{referent.id}",
        kind="digest",
        now=turn.now,
        due_at=opens,
        referent=referent.id,
    )


def morning(turn: Turn, referent_id: int) -> None:
    """Sends one referent's digest, if their day has begun, they are there and it has something to say."""
    referent = directory.get(turn.session, referent_id)
    if referent is None or directory.absence(turn.session, referent.id, now=turn.now) is not None:
        return
    place, way = hours.rota(turn, referent), ways.of_digest(turn, referent)
    opens = hours.opens_today(turn, place)
    if opens is None or way is None or turn.now < opens:
        return
    since = referent.digested_at or turn.now - _ONE_DAY
    midnight = datetime.combine(hours.local_day(turn, place), time(), tzinfo=place.zone)
    if not deadlines.digest_once(turn.session, referent, since=midnight, now=turn.now):
        return
    found = deadlines.on_the_mind(turn.session, referent, now=turn.now)
    parts = _parts(turn, found, since)
    if parts:
        parts = "\n\n".join([parts, *_stuck(turn, referent)])
        _send(turn, referent, way, parts, len(found))


def _parts(turn: Turn, found: Sequence[Ticket], since: datetime) -> str:
    """Each demand in the first part that it belongs to."""
    left, parts = list(found), []
    for key, belongs in _PARTS:
        here = [ticket for ticket in left if belongs(ticket, turn.now, since)]
        left = [ticket for ticket in left if ticket not in here]
        if here:
            lines = [_line(turn, ticket) for ticket in here[:LISTED]]
            if len(here) > LISTED:
                lines.append(turn.texts("digest.more", count=len(here) - LISTED))
            parts.append(turn.texts(key, count=len(here), lines=Raw("\n".join(lines))))
    return "\n\n".join(parts)


def _stuck(turn: Turn, referent: Referent) -> list[str]:
    """How many structures wait too long; alone it is no reason to write."""
    count = structures.count(turn.session, structure_chat.stuck_of(turn, referent))
    return [turn.texts("structures.in_digest", count=count, days=STUCK_AFTER)] if count else []


def _line(turn: Turn, ticket: Ticket) -> str:
    """Number, theme, territory and age; nothing of what was written."""
    return turn.texts(
        "digest.line",
        number=ticket.number,
        url=Raw(f"{turn.world.public_url}/console/demandes/{ticket.number}"),
        theme=turn.world.knowledge.themes.get(ticket.theme or "", turn.texts("theme.unknown")),
        territory=routing.territory_name(turn, ticket.territory),
        age=calendar.span_in_words(turn.now - ticket.opened_at),
    )


def _send(turn: Turn, referent: Referent, way: ways.Way, parts: str, count: int) -> None:
    url = f"{turn.world.public_url}/console"
    if way == "mail" and referent.email is not None:
        send_mail(
            turn, referent.email, "mail.digest", purpose="digest", parts=Raw(parts), count=count, url=Raw(url)
        )
        return
    text = turn.texts("digest.text", parts=Raw(parts), url=Raw(url))
    tell(turn, ways.telegram_contact(turn, referent), text, purpose="digest")


def _is_late(ticket: Ticket, now: datetime, _: datetime) -> bool:
    return ticket.due_at is not None and ticket.due_at <= now


def _is_near(ticket: Ticket, now: datetime, _: datetime) -> bool:
    return ticket.near_at is not None and ticket.near_at <= now


def _is_new(ticket: Ticket, _: datetime, since: datetime) -> bool:
    return ticket.opened_at > since and ticket.state != "answered"


def _is_to_answer(ticket: Ticket, _: datetime, __: datetime) -> bool:
    return ticket.state in deadlines.OWED


def _is_the_askers(ticket: Ticket, _: datetime, __: datetime) -> bool:
    return ticket.state == "answered"


_PARTS: tuple[tuple[str, Callable[[Ticket, datetime, datetime], bool]], ...] = (
    ("digest.late", _is_late),
    ("digest.near", _is_near),
    ("digest.new", _is_new),
    ("digest.to_answer", _is_to_answer),
    ("digest.asker", _is_the_askers),
)
