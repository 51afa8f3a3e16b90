"""One shelf for the whole suite: the shipped content is learnt once for all its processes and runs."""

from pathlib import Path

from knowledge.shelf import Shelf

FOLDER = Path(__file__).parents[1] / ".pytest_cache" / "shelf"
SHELF = Shelf(FOLDER)
