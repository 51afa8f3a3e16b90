"""Commands that start processes, and `migrate`."""

import asyncio
import sys

from bot import loops, schema, serving
from bot.cli.console import err, ready_settings
from storage import migrations


def run() -> None:
    """Start everything in one process."""
    loops.run(serving.run(ready_settings(), _say))


def worker() -> None:
    """Start a queue worker (PostgreSQL and webhook mode)."""
    loops.run(serving.worker_only(ready_settings()))


def web() -> None:
    """Start the web and the webhook only (PostgreSQL and webhook mode)."""
    loops.run(serving.web_only(ready_settings()))


def migrate() -> None:
    """Bring the database to the current schema."""
    asyncio.run(schema.prepare(ready_settings().database))
    err.print(f"The database has schema {migrations.head()}.")


def _say(line: str) -> None:
    # Alone on its line, unwrapped and at once: programs and people copy it.
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
