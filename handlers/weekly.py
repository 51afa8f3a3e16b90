"""Every Monday, when their day begins, each referent is given the pack of the week before, even an empty one.

One timer for each referent, week and opening, planned each day for this week and the next, so that who comes
later has theirs, and a start after a downtime brings what was missed; planned again when hours change, so
that it moves with them. What was given is noted at the referent, so that of several timers one gives it.
"""

from datetime import UTC, datetime, time, timedelta

from handlers import daily, hours, pack_places, pack_words, ways, week_draft
from handlers.calendar import moment_in_words
from handlers.delivery import send_mail, send_picture, tell
from handlers.opening import Rota
from handlers.pack import Pack
from handlers.turn import Turn
from handlers.week import Week
from knowledge.texts import Raw
from storage import directory, packs, queue
from storage.tables import Contact, Referent

LATE = timedelta(hours=1)
"""After which the pack says that it comes late."""
_ONE_DAY = timedelta(days=1)
_WITHOUT_HOURS = time(9)
_DAYS = 7


def schedule(turn: Turn) -> None:
    """Plans everybody's packs, and asks for the same tomorrow."""
    for referent in directory.everyone(turn.session):
        plan(turn, referent)
    daily.again_tomorrow(turn, "weeks")


def plan(turn: Turn, referent: Referent) -> None:
    """Asks for the packs that are given in this week and in the next; again after their hours changed.

    The first one comes on the first Monday on which they were there from its beginning.
    """
    place = hours.rota(turn, referent)
    this = Week.of(hours.local_day(turn, place))
    for given_in in (this, this.earlier(-1)):
        week, due_at = given_in.earlier(1), _due(turn, place, given_in)
        if given_in.begins(place.zone) < referent.created_at or (referent.told_week or "") >= week.id:
            continue
        queue.put_timer(
            turn.session,
            key=f"week:{week.id}:{referent.id}:{due_at.isoformat()}",
            lane=f"timer:week:{referent.id}",
            kind="week",
            now=turn.now,
            due_at=due_at,
            referent=referent.id,
            week=week.id,
            due=due_at.isoformat(),
        )


def due(turn: Turn, referent_id: int, week_id: str, due_at: str) -> None:
    """A timer's moment has come; if they begin later by now, a later one's will."""
    week, referent = Week.read(week_id), directory.get(turn.session, referent_id)
    if week is None:
        raise ValueError(f"no week is called {week_id}")
    if referent is not None and turn.now < _due(turn, hours.rota(turn, referent), week.earlier(-1)):
        plan(turn, referent)
        return
    give(turn, referent_id, week, datetime.fromisoformat(due_at))


def give(turn: Turn, referent_id: int, week: Week, due_at: datetime) -> None:
    """Gives one referent the pack of a week, by each way that leads to them; once."""
    referent = directory.get(turn.session, referent_id)
    if referent is None or not packs.give_once(turn.session, referent, week.id):
        return
    made = week_draft.drawn(turn, week, pack_places.places(turn, referent)[0], referent)
    lines = pack_words.lines(turn, made)
    if turn.now - due_at >= LATE:
        lines.append(turn.texts("week.belated", when=moment_in_words(due_at, turn.world.timezone)))
    chosen = ways.of_notices(turn, referent)
    if "telegram" in chosen:
        show(turn, ways.telegram_contact(turn, referent), made, lines)
    if "mail" in chosen and referent.email is not None:
        _mail(turn, referent.email, made, lines)


def show(turn: Turn, contact: Contact, made: Pack, lines: list[str]) -> None:
    """The picture and the lines, in a chat."""
    send_picture(turn, contact, pack_words.picture(turn, made))
    url = turn.texts("week.url", url=Raw(pack_words.url(turn, made)))
    tell(turn, contact, "\n\n".join([lines[0], _listed(lines), url]), purpose="week")


def _mail(turn: Turn, address: str, made: Pack, lines: list[str]) -> None:
    send_mail(
        turn,
        address,
        "mail.week",
        purpose="week",
        heading=Raw(lines[0]),
        lines=Raw(_listed(lines)),
        week=made.week.words,
        place=made.place.name,
        url=Raw(pack_words.url(turn, made)),
    )


def _listed(lines: list[str]) -> str:
    """What stands under the heading, as a list."""
    return "\n".join(f"- {line}" for line in lines[1:])


def _due(turn: Turn, place: Rota, given_in: Week) -> datetime:
    """When their first open day of the week begins; not before the week told of is over where we are."""
    days = [given_in.monday + _ONE_DAY * ahead for ahead in range(_DAYS)]
    openings = (place.opens_on(day) for day in days)
    monday = datetime.combine(given_in.monday, _WITHOUT_HOURS, tzinfo=place.zone)
    opens = next((one for one in openings if one is not None), monday)
    return max(opens.astimezone(UTC), given_in.begins(turn.world.timezone))
