"""One shelf for the whole suite: the shipped content is learnt once for all its processes and runs."""

from functools import cache
from pathlib import Path

from bot.library import Library
from knowledge.shelf import Shelf

FOLDER = Path(__file__).parents[1] / ".pytest_cache" / "shelf"
SHELF = Shelf(FOLDER)


@cache
def shipped() -> Library:
    """The shipped content, read once in each of the processes that run tests; so is its matcher built."""
    return Library(None, SHELF)
