"""Who may do what at the desk: the one table of roles and rights.

A right says what somebody may do; how far it reaches (their territories, their regions, everything) is in the
queries that ask here: `tickets.for_referent`, `directory.for_lead`, `absences.visible`, `audit.readable`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, or_

from storage.tables import Referent


class Right(StrEnum):
    """What not everybody at the desk may. Everybody serves the tickets of their own territories."""

    REGION_TICKETS = "region_tickets"
    """See and serve the tickets of all territories of one's regions."""
    ALL_TICKETS = "all_tickets"
    NATIONAL_DESK = "national_desk"
    """Is told of what nobody else answers."""
    CONTENT = "content"
    """Put entries on hold and lift that, decide what the robot learns."""
    REGION_STAFF = "region_staff"
    """Read the details of those who serve one's regions, note their absences, read their journal."""
    ALL_ABSENCES = "all_absences"
    """See everybody's absences."""
    DIRECTORY = "directory"
    """Add, change and remove referents, confirm accounts, note anybody's absence."""
    JOURNAL = "journal"
    """Read what everybody at the desk did."""


OF_ROLE: Mapping[str, frozenset[Right]] = {
    "referent": frozenset(),
    "lead": frozenset({Right.REGION_TICKETS, Right.REGION_STAFF}),
    "national": frozenset({Right.ALL_TICKETS, Right.NATIONAL_DESK, Right.CONTENT, Right.ALL_ABSENCES}),
    "editor": frozenset({Right.CONTENT}),
    "admin": frozenset(Right) - {Right.NATIONAL_DESK, Right.REGION_TICKETS, Right.REGION_STAFF},
}
ROLES = tuple(OF_ROLE)


def of(role: str, *, national: bool) -> frozenset[Right]:
    """The rights of a role; who also holds the national desk has that desk's besides."""
    return OF_ROLE.get(role, frozenset()) | (OF_ROLE["national"] if national else frozenset())


def may(referent: Referent, right: Right) -> bool:
    return right in of(referent.role, national=referent.national)


def holders(right: Right, of: Any = Referent) -> ColumnElement[bool]:
    """The same as a condition on referents, or on the columns `of` their table."""
    by_role = [of.role == role for role in ROLES if right in OF_ROLE[role]]
    return or_(*by_role, of.national) if right in OF_ROLE["national"] else or_(*by_role)
