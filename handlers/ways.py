"""By which way a referent is told: what they chose, as long as it leads to them; never by none."""

from typing import Literal

from handlers.turn import Turn
from storage import contacts
from storage.tables import Contact, Referent

Way = Literal["telegram", "mail"]
NOTICES = ("telegram", "mail")
"""What may be chosen for notices; nothing chosen is each that there is."""
DIGEST = (*NOTICES, "none")


def of_notices(turn: Turn, referent: Referent, *, by_mail: bool = True) -> frozenset[Way]:
    """The chosen way if it is there, else all that are; `by_mail` is False for what no mail can say."""
    there = _there(turn, referent) if by_mail else _there(turn, referent) - {"mail"}
    return frozenset(way for way in there if way == referent.notices_by) or there


def of_digest(turn: Turn, referent: Referent) -> Way | None:
    """One way for the morning's digest: the chosen one, else where notices go, Telegram first."""
    if referent.digest_by == "none":
        return None
    there = _there(turn, referent)
    chosen = frozenset(way for way in there if way == referent.digest_by)
    ways = chosen or of_notices(turn, referent)
    return next((way for way in _BOTH if way in ways), None)


def telegram_contact(turn: Turn, referent: Referent) -> Contact:
    """The chat of a referent who has one."""
    address = f"telegram:{referent.telegram_id}"
    known = contacts.by_address(turn.session, address)
    return known if known is not None else contacts.at(turn.session, address, now=turn.now)


_BOTH: tuple[Way, ...] = ("telegram", "mail")


def _there(turn: Turn, referent: Referent) -> frozenset[Way]:
    """Ways that lead to them: a chat that blocked us does not, unless there is nothing else."""
    mail = referent.email is not None and turn.world.mail
    telegram = referent.telegram_id is not None
    if telegram and mail:
        telegram = telegram_contact(turn, referent).unreachable_at is None
    return frozenset(way for way, there in zip(_BOTH, (telegram, mail), strict=True) if there)
