"""The program as an operator starts it: a process of its own."""

import subprocess
import sys
from pathlib import Path

from tests.environment import bare

ROOT = Path(__file__).parents[2]


def bot(*arguments: str, stdin: str | bytes = "", folder: Path | None = None, **settings: str) -> "Done":
    """Runs `python -m bot …` to its end, with these settings and none of this machine's."""
    environment = bare()
    if folder is not None:
        environment["BOT_DATA_DIR"] = str(folder)
    environment |= {f"BOT_{name.upper()}": value for name, value in settings.items()}
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env=environment,
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


class Done:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    def __repr__(self) -> str:
        return f"exit {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"
