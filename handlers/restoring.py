"""What must happen to a database that was put back from a backup, before anybody is served from it.

Whoever was erased meanwhile is erased again; whoever left the desk is removed again; who wanted no news any
more gets none, and a broadcast that was on its way is stopped; what is over is purged;
sessions and one-time links that may have been ended since are ended; and no number that people were told
meanwhile is given a second time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers import infos, privacy, retention, staff, structure_privacy
from handlers.turn import Turn
from storage import broadcasts, contacts, directory, erasures, outbox, secrets, subscriptions, tickets
from storage.erasures import Register

LEAP = 1_000
"""Numbers left out after a restore: more tickets, and more messages in a chat, than a backup can lack."""

_REVOKED = ("login", "console", "form", "invitation")
"""Those of referents. People at the site keep theirs: nothing else leads them back to their conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What an older copy had brought back."""

    people: int
    tickets: int
    removed: Sequence[str]
    """Referents who had left the desk."""
    in_office: Sequence[str]
    """Those of them who stay: without them nobody would administer the directory or serve the country."""


def after_restore(turn: Turn, erased: Register, removed: Mapping[int, str]) -> Mended:
    """Everything of this module's first sentences; in one transaction, and harmless when it is repeated.

    `removed` are the referents, id and name, who are known to have left the desk.
    """
    # Numbers first: telling a referent of an erasure already takes some.
    tickets.leap(turn.session, LEAP)
    contacts.leap(turn.session, LEAP)
    people, numbers = _erase_again(turn, erased)
    gone, in_office = _remove_again(turn, removed)
    for kind in _REVOKED:
        secrets.revoke_all(turn.session, kind)
    outbox.doubt_all(turn.session)
    broadcasts.stop_all(turn.session, now=turn.now)
    _end_again(turn, erased)
    while retention.purge(turn):
        pass
    return Mended(people=people, tickets=numbers, removed=gone, in_office=in_office)


def _erase_again(turn: Turn, erased: Register) -> tuple[int, int]:
    """Erases whatever the register says was erased and is there nevertheless; how many people, tickets."""
    numbers = erasures.tickets_that_came_back(turn.session, erased)
    people = erasures.contacts_that_came_back(turn.session, erased)
    for contact_id in people:
        contact = contacts.get(turn.session, contact_id)
        if contact is not None:
            privacy.forget(turn, contact)
    for number in numbers:
        ticket = tickets.get(turn.session, number)
        if ticket is not None and ticket.erased_at is None:
            privacy.forget_ticket(turn, ticket)
    partners = structure_privacy.forget_again(turn, erased)
    erasures.drop_events(turn.session, erased)
    return len(people) + partners, len(numbers)


def _end_again(turn: Turn, erased: Register) -> None:
    """Who wanted no news any more gets none."""
    for contact_id, subject in subscriptions.came_back(turn.session, erased):
        contact = contacts.get(turn.session, contact_id)
        if contact is not None:
            infos.leave(turn, contact, subject, "register")


def _remove_again(turn: Turn, removed: Mapping[int, str]) -> tuple[list[str], list[str]]:
    back = [one for one in directory.everyone(turn.session) if removed.get(one.id) == one.name]
    refused = [one.name for one in back if staff.remove(turn, one) is not None]
    return [one.name for one in back if one.name not in refused], refused
