"""News for those who agreed to get them: written, looked at, tried on oneself, sent, stopped.

A broadcast belongs to those who serve all of its territories: they see it, send it and stop it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from handlers import audit, broadcasting, infos, pack_places
from handlers.audit import Action
from handlers.delivery import notify
from handlers.errors import Refused, refused
from handlers.turn import Turn
from knowledge.markup import plain
from knowledge.texts import Raw
from storage import broadcasts as stored
from storage import subscriptions
from storage.tables import Broadcast, Referent

LONGEST = 3_000
"""Characters of a message, so that with what stands under it Telegram takes it in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody wants to send."""

    subject: str
    text: str
    territories: tuple[str, ...] | None
    """None: all that the author may reach."""


def write(turn: Turn, by: Referent, wanted: Written) -> Broadcast | Refused:
    """A new draft."""
    meant = _checked(turn, by, wanted)
    if isinstance(meant, Refused):
        return meant
    made = stored.add(
        turn.session,
        subject=meant.subject,
        territories=meant.territories,
        text=meant.text,
        by_id=by.id,
        now=turn.now,
    )
    audit.note(turn, by, Action.DRAFTED, "broadcast", made.id)
    return made


def rewrite(turn: Turn, by: Referent, number: int, wanted: Written) -> Refused | None:
    """Changes a draft."""
    if of(turn, by, number) is None:
        return refused("broadcast.unknown", number=number)
    meant = _checked(turn, by, wanted)
    if isinstance(meant, Refused):
        return meant
    places = list(meant.territories) if meant.territories is not None else None
    values = {"subject": meant.subject, "text": meant.text, "territories": places}
    changed = stored.change(turn.session, number, **values)
    return None if changed else refused("broadcast.on_its_way", number=number)


def drop(turn: Turn, by: Referent, number: int) -> Refused | None:
    """Throws a draft away."""
    if of(turn, by, number) is None:
        return refused("broadcast.unknown", number=number)
    return None if stored.drop(turn.session, number) else refused("broadcast.on_its_way", number=number)


def try_on_oneself(turn: Turn, by: Referent, number: int) -> Refused | None:
    """Sends it to whoever asks, by the way they are told of demands, and to nobody else."""
    found = of(turn, by, number)
    if found is None:
        return refused("broadcast.unknown", number=number)
    if by.telegram_id is None and (by.email is None or not turn.world.mail):
        return refused("broadcast.no_way")
    text = broadcasting.message(turn, found)
    url = Raw(f"{turn.world.public_url}/console/diffusions/{number}")
    words = Raw(plain(text))
    notify(turn, by, text, mail_key="mail.broadcast_trial", purpose="trial", text=words, url=url)
    return None


def start(turn: Turn, by: Referent, number: int) -> int | Refused:
    """Sends it, from now on and one after the other; to how many."""
    found = of(turn, by, number)
    if found is None:
        return refused("broadcast.unknown", number=number)
    if not any(reach(turn, found.subject, found.territories).values()):
        return refused("broadcast.nobody")
    count = stored.start(turn.session, found, now=turn.now)
    if count is None:
        return refused("broadcast.on_its_way", number=number)
    audit.note(turn, by, Action.SENT, "broadcast", number)
    broadcasting.begin(turn, number)
    return count


def stop(turn: Turn, by: Referent, number: int) -> Refused | None:
    """What has not left stays; what has left can't be called back."""
    if of(turn, by, number) is None:
        return refused("broadcast.unknown", number=number)
    if not stored.stop(turn.session, number, now=turn.now):
        return refused("broadcast.not_under_way", number=number)
    audit.note(turn, by, Action.STOPPED, "broadcast", number)
    return None


def reach(turn: Turn, subject: str, territories: Sequence[str] | None) -> dict[str, int]:
    """How many would get it now, by channel."""
    return subscriptions.reach(turn.session, subject, territories)


def of(turn: Turn, who: Referent, number: int) -> Broadcast | None:
    """The only way to a broadcast: not found and not theirs read the same."""
    found = stored.get(turn.session, number)
    return found if found is not None and _is_theirs(_codes(turn, who), found) else None


def listed(turn: Turn, who: Referent) -> list[Broadcast]:
    """The newest first."""
    codes = _codes(turn, who)
    return [one for one in stored.newest(turn.session) if _is_theirs(codes, one)]


def _checked(turn: Turn, by: Referent, wanted: Written) -> Written | Refused:
    """The same with the territories that are meant."""
    text = wanted.text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST or not plain(text).strip():
        return refused("broadcast.text", limit=LONGEST)
    if wanted.subject not in infos.SUBJECTS:
        return refused("broadcast.subject")
    codes, asked = _codes(turn, by), wanted.territories
    if asked is not None:
        strange = [one for one in asked if not _may_reach(turn, codes, one)]
        if strange:
            return refused("broadcast.not_yours", places=", ".join(strange))
    elif codes is not None:
        asked = tuple(sorted(codes))
    if asked is not None and not asked:
        return refused("broadcast.no_place")
    return Written(subject=wanted.subject, text=text, territories=asked)


def _codes(turn: Turn, who: Referent) -> frozenset[str] | None:
    """Whom somebody may write to; None: everybody."""
    return pack_places.places(turn, who)[0].codes


def _may_reach(turn: Turn, codes: Collection[str] | None, code: str) -> bool:
    known = turn.world.knowledge.territories.by_code(code)
    return known is not None and (codes is None or known.code in codes)


def _is_theirs(codes: frozenset[str] | None, broadcast: Broadcast) -> bool:
    return codes is None or (broadcast.territories is not None and codes.issuperset(broadcast.territories))
