"""Processes and their children, from /proc."""

from pathlib import Path


def family(parent: int) -> list[int]:
    """A process and its children, as PostgreSQL has one for each connection."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    return [parent, *map(int, children)]


def matching_for(parent: int) -> list[int]:
    """The processes that match for this one: none, or one for each version of the content in use."""
    try:
        return [one for one in family(parent)[1:] if b"bot.matching" in _command(one)]
    except FileNotFoundError:
        return []  # it ended meanwhile, or its child did


def _command(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()
