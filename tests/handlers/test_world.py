"""What a turn knows besides the database."""

from zoneinfo import ZoneInfo

from bot.library import Library
from handlers.turn import World


def test_whoever_shows_a_world_does_not_show_the_whole_content(library: Library) -> None:
    """asyncio and logs show what tasks return: a world is part of much."""
    world = World(knowledge=library.base, timezone=ZoneInfo("Europe/Paris"), public_url="http://localhost")
    assert len(repr(world)) < 2_000
