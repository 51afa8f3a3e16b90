"""Whose clock a page shows: the territory's, and it says so where the reader's own goes otherwise."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from handlers.turn import Turn
from knowledge.localities import zone_of
from storage import directory
from storage.tables import Referent


def there(turn: Turn, territory: str | None) -> Turn:
    """The same turn, read on the clocks of a territory."""
    zone = zone_of(territory, turn.world.timezone)
    return replace(turn, world=replace(turn.world, timezone=zone))


def of_reader(turn: Turn, referent: Referent) -> ZoneInfo:
    """Where a referent's own clock is: in their territories when these agree, else at home."""
    served = directory.territories_of(turn.session, referent.id)
    zones = {zone_of(code, turn.world.timezone) for code in served}
    return zones.pop() if len(zones) == 1 else turn.world.timezone


def elsewhere(turn: Turn, territory: str | None, reader: ZoneInfo) -> str | None:
    """What time it is in a territory, « 13:05 »; None when it is the same as for the reader."""
    local = turn.now.astimezone(zone_of(territory, turn.world.timezone))
    return f"{local:%H:%M}" if local.utcoffset() != turn.now.astimezone(reader).utcoffset() else None
