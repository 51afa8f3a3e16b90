"""When it is night where somebody lives: what nobody asked for is not sent then."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.turn import Turn
from knowledge.localities import zone_of

FALLS = time(21)
ENDS = time(8)


def is_night(moment: datetime, zone: ZoneInfo) -> bool:
    local = moment.astimezone(zone).time()
    return local >= FALLS or local < ENDS


def morning(moment: datetime, zone: ZoneInfo) -> datetime:
    """When the night ends in which a moment lies."""
    local = moment.astimezone(zone)
    day = local.date() + timedelta(days=1 if local.time() >= ENDS else 0)
    return datetime.combine(day, ENDS, tzinfo=zone).astimezone(UTC)


def dark_places(turn: Turn) -> frozenset[str]:
    """Territories where it is night now; "" stands for nowhere known, which is at home."""
    codes = ["", *(one.code for one in turn.world.knowledge.territories.all())]
    home = turn.world.timezone
    return frozenset(code for code in codes if is_night(turn.now, zone_of(code, home)))
