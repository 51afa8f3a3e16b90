"""When a referent is away: `/absent 20/12 04/01`, and the same from the console and the command line."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers import absence_words, audit, calendar
from handlers.audit import Action
from handlers.delivery import notify
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge.texts import Raw
from storage import absences, directory
from storage.tables import Absence, Referent

LONGEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Noted:
    """An absence as it stands: the days, both included, and who stands in."""

    first: date
    last: date
    replacement: str | None


def command(turn: Turn, referent: Referent, words: str, *, by: Referent | None) -> str | Refused:
    """What stands after `/absent`; the sentence that says what was done, or the reason why nothing was.

    Days note an absence, « fin » ends the present one, « annuler 20/12 » takes one back, nothing lists them.
    """
    verb, _, rest = words.strip().partition(" ")
    match verb.lower():
        case "":
            return _listed(turn, referent)
        case "fin":
            return _back(turn, referent, by)
        case "annuler":
            return _cancelled(turn, referent, rest, by)
        case _:
            return _declared(turn, referent, words, by)


def between(
    turn: Turn,
    referent: Referent,
    first: date,
    last: date,
    *,
    by: Referent | None,
    replacement: Referent | None = None,
) -> Noted | Refused:
    """Notes an absence from the first day to the last, both included; who stands in must be there."""
    if last < first or last < turn.today or (last - first).days > LONGEST_DAYS:
        return refused("absence.impossible")
    starts_at, ends_at = midnight(turn, first), midnight(turn, last + timedelta(days=1))
    if replacement is not None:
        away = absences.overlapping(turn.session, replacement.id, starts_at, ends_at)
        if away:
            days = in_words(turn, away[0])
            return refused("absence.replacement_away", name=replacement.name, days=days)
    kept = absences.note(
        turn.session,
        referent.id,
        starts_at=starts_at,
        ends_at=ends_at,
        replacement_id=replacement.id if replacement is not None else None,
    )
    audit.note(turn, by, Action.ABSENT, "referent", referent.id, detail=_days(Noted(first, last, None)))
    if replacement is not None:
        _tell_replacement(turn, referent, replacement, kept)
    for other in absences.replaced_by(turn.session, referent.id, starts_at, ends_at):
        _tell_replaced(turn, referent, other, kept)
    return noted(turn, kept)


def end(turn: Turn, absence: Absence, *, by: Referent | None) -> None:
    """Takes an absence back, or ends the one that has begun; one that is over stays as it is."""
    if absence.ends_at <= turn.now:
        return
    audit.note(turn, by, Action.BACK, "referent", absence.referent_id, detail=_days(noted(turn, absence)))
    absences.end(turn.session, absence, now=turn.now)


def noted(turn: Turn, absence: Absence) -> Noted:
    """An absence by its whole days: one that was ended in the middle of a day does not have that day."""
    zone = turn.world.timezone
    first = absence.starts_at.astimezone(zone).date()
    last = absence.ends_at.astimezone(zone).date() - timedelta(days=1)
    return Noted(first, last, directory.name_of(turn.session, absence.replacement_id))


def in_words(turn: Turn, absence: Absence) -> str:
    """« mardi 24 novembre », « du dimanche 20 décembre au lundi 4 janvier 2027 inclus »"""
    kept = noted(turn, absence)
    first, last = (calendar.dated(day, turn.today) for day in (kept.first, kept.last))
    return first if kept.first == kept.last else f"du {first} au {last} inclus"


def midnight(turn: Turn, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=turn.world.timezone)


def _declared(turn: Turn, referent: Referent, words: str, by: Referent | None) -> str | Refused:
    meant = absence_words.read(words, turn.today)
    if meant is None:
        return refused("absence.usage")
    replacement = directory.by_name(turn.session, meant.replacement) if meant.replacement else None
    if meant.replacement and (replacement is None or replacement.id == referent.id):
        return refused("absence.unknown_replacement", name=meant.replacement[:60])
    outcome = between(turn, referent, meant.first, meant.last, by=by, replacement=replacement)
    if isinstance(outcome, Refused):
        return outcome
    return turn.texts(
        "absence.kept",
        start=calendar.dated(outcome.first, turn.today),
        end=calendar.dated(outcome.last, turn.today),
        who=_who_stands_in(turn, referent, outcome),
    )


def _who_stands_in(turn: Turn, referent: Referent, kept: Noted) -> str:
    if kept.replacement is not None:
        return turn.texts("absence.to_replacement", name=kept.replacement)
    deputy = directory.name_of(turn.session, referent.deputy_id)
    return turn.texts("absence.to_deputy", name=deputy) if deputy else turn.texts("absence.to_others")


def _listed(turn: Turn, referent: Referent) -> str | Refused:
    lines = [
        turn.texts("absence.line", days=in_words(turn, one), name=noted(turn, one).replacement or "—")
        for one in absences.to_come(turn.session, referent.id, now=turn.now)
    ]
    return turn.texts("absence.list", lines=Raw("\n".join(lines))) if lines else refused("absence.usage")


def _back(turn: Turn, referent: Referent, by: Referent | None) -> str | Refused:
    present = directory.absence(turn.session, referent.id, now=turn.now)
    if present is None:
        return refused("absence.not_away")
    end(turn, present, by=by)
    return turn.texts("absence.ended")


def _cancelled(turn: Turn, referent: Referent, words: str, by: Referent | None) -> str | Refused:
    """Takes back the absence that holds a day; without a day the only one there is."""
    day = absence_words.one_day(words, turn.today)
    coming = absences.to_come(turn.session, referent.id, now=turn.now)
    meant = [one for one in coming if day is None or _holds(noted(turn, one), day)]
    if len(meant) != 1 or (words.strip() and day is None):
        return refused("absence.which" if coming else "absence.none")
    days = in_words(turn, meant[0])
    end(turn, meant[0], by=by)
    return turn.texts("absence.cancelled", days=days)


def _holds(kept: Noted, day: date) -> bool:
    return kept.first <= day <= kept.last


def _days(kept: Noted) -> str:
    return f"{kept.first} > {kept.last}"


def _tell_replacement(turn: Turn, referent: Referent, replacement: Referent, kept: Absence) -> None:
    days = in_words(turn, kept)
    text = turn.texts("notice.replacing", name=referent.name, days=days)
    notify(turn, replacement, text, mail_key="mail.replacing", name=referent.name, days=days, url=_url(turn))


def _tell_replaced(turn: Turn, referent: Referent, other: Absence, kept: Absence) -> None:
    """Who counted on the referent must know that nobody stands in for them then."""
    replaced = directory.get(turn.session, other.referent_id)
    if replaced is not None and other.ends_at > turn.now:
        days = in_words(turn, kept)
        text = turn.texts("notice.replacement_away", name=referent.name, days=days)
        notify(
            turn,
            replaced,
            text,
            mail_key="mail.replacement_away",
            name=referent.name,
            days=days,
            url=_url(turn),
        )


def _url(turn: Turn) -> str:
    return f"{turn.world.public_url}/console/absences"
