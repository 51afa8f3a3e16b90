"""The environment of a program that a test starts: none of this machine's settings."""

import os

from tests.shelf import FOLDER


def bare() -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return given | {"BOT_CACHE_DIR": str(FOLDER)}
