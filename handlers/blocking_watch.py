"""The robot proposes a blocking point when the same thing stops several within a week.

Once an hour the tickets of seven days are counted by the entry that their question is nearest to. From three
structures or two territories on, leads and the national desk are told and decide. What was dismissed or
solved is not proposed again for four weeks.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, timedelta

from handlers.delivery import notify
from handlers.turn import Turn
from knowledge.normalising import fold
from knowledge.texts import Raw
from storage import blocking, queue, tickets
from storage.blocking import Raised
from storage.tables import BlockingPoint

STRUCTURES = 3
TERRITORIES = 2
WITHIN = timedelta(days=7)
QUIET = timedelta(days=28)
_ONE_HOUR = timedelta(hours=1)
_SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "app": ("application",),
    "compte": ("compte", "credit", "eligibilite", "identite", "inscription"),
    "offre": ("offres", "reservations", "pro-reservations"),
    "pro": ("pro-compte", "pro-espace", "pro-metiers", "pro-offres"),
    "remboursement": ("pro-remboursements",),
    "adage": ("part-collective",),
}
"""The themes that belong to each subject; all others are « autre »."""


def schedule(turn: Turn) -> None:
    """Looks again when the next hour begins."""
    following = turn.now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + _ONE_HOUR
    queue.put_timer(
        turn.session,
        key=f"blocking:{following:%Y-%m-%dT%H}",
        lane="timer:blocking",
        kind="blocking",
        now=turn.now,
        due_at=following,
    )


def hourly(turn: Turn) -> None:
    """Looks, and asks to look again."""
    look(turn)
    schedule(turn)


def look(turn: Turn) -> None:
    """Proposes what was raised by enough people, and adds to what is known already."""
    for entry_id, found in _by_entry(blocking.raised_since(turn.session, turn.now - WITHIN)).items():
        if enough(found):
            _propose(turn, entry_id, found)


def enough(found: Iterable[Raised]) -> bool:
    """Whether it is more than one structure's or one territory's trouble."""
    found = list(found)
    structures = {fold(one.structure) for one in found if one.structure}
    territories = {one.territory for one in found if one.territory}
    return len(structures) >= STRUCTURES or len(territories) >= TERRITORIES


def subject_of(theme: str | None) -> str:
    """On what part of the pass Culture something of this theme stops people."""
    return next((subject for subject, themes in _SUBJECTS.items() if theme in themes), "autre")


def _by_entry(found: Sequence[Raised]) -> dict[str, list[Raised]]:
    groups: dict[str, list[Raised]] = {}
    for one in found:
        groups.setdefault(one.entry_id, []).append(one)
    return groups


def _propose(turn: Turn, entry_id: str, found: Sequence[Raised]) -> None:
    known = blocking.known_of(turn.session, entry_id, since=turn.now - QUIET)
    if known is not None and known.state in blocking.ENDED:
        return
    point = known or _new(turn, entry_id, found)
    if point is None:
        return
    for one in reversed(found):
        ticket = tickets.get(turn.session, one.ticket_number)
        if ticket is not None and ticket.erased_at is None:
            blocking.report(turn.session, point.id, now=turn.now, by_id=None, ticket=ticket)
    if known is None:
        _alert(turn, point, found)


def _new(turn: Turn, entry_id: str, found: Sequence[Raised]) -> BlockingPoint | None:
    entry = turn.world.knowledge.entry(entry_id)
    if entry is None:
        return None
    first = tickets.get(turn.session, min(one.ticket_number for one in found))
    assert first is not None  # noqa: S101  # it was found in this very transaction
    return blocking.add(
        turn.session,
        title=entry.title,
        subject=subject_of(entry.theme),
        since=first.opened_at.astimezone(turn.world.timezone).date(),
        now=turn.now,
        state="proposed",
        entry_id=entry_id,
    )


def _alert(turn: Turn, point: BlockingPoint, found: Sequence[Raised]) -> None:
    territories = {one.territory for one in found if one.territory}
    url = f"{turn.world.public_url}/console/blocages/{point.id}"
    text = turn.texts("notice.blocking", title=point.title, count=len(found), url=Raw(url))
    for referent in blocking.to_alert(turn.session, territories):
        notify(
            turn,
            referent,
            text,
            mail_key="mail.blocking",
            title=point.title,
            count=len(found),
            url=Raw(url),
        )
