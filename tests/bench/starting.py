"""From nothing to a matcher, and from typing the command to the chat's address and the first answer."""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from bot.library import Library
from tests.bench.results import Results
from tests.shelf import SHELF

REPEATS = 11
_MATCHER = """
import gc, sys, time
begin = time.perf_counter()
gc.disable()  # as `python -m bot` does while it imports
import bot
from pathlib import Path
from knowledge.loading import load_knowledge
from knowledge.matching import Matcher
from knowledge.shelf import Shelf
gc.freeze()
gc.enable()
imported = time.perf_counter()
shelf = Shelf(Path(sys.argv[1]))
base = load_knowledge(None, shelf)
Matcher(base, shelf.find(base.lessons))
print(imported - begin, time.perf_counter() - imported)
"""


def measure(library: Library, results: Results) -> None:
    library.share()
    _matchers(results)
    with tempfile.TemporaryDirectory(prefix="souffleur-bench-") as folder:
        rows = [(name, *_start(Path(folder))) for name in ("first start", "second start")]
    results.add("Starting", ["what", "chat address after s", "first answer after s"], rows)


def _matchers(results: Results) -> None:
    imports, starts = zip(*(_matcher() for _ in range(REPEATS)), strict=True)
    times = {
        "import of knowledge": imports,
        "start from the cache": starts,
        "both": [sum(pair) for pair in zip(imports, starts, strict=True)],
    }
    rows = [(name, *(f"{of(t):.2f}" for of in (min, statistics.median, max))) for name, t in times.items()]
    title = f"The matcher of a new process ({REPEATS} times)"
    results.add(title, ["what", "least s", "median s", "most s"], rows)


def _matcher() -> tuple[float, float]:
    """Seconds that the import takes, and the rest until a message can be matched."""
    command = [sys.executable, "-c", _MATCHER, str(SHELF.folder)]
    imported, started = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(imported), float(started)


def _start(folder: Path) -> tuple[str, str]:
    settings = {
        "BOT_DATA_DIR": str(folder),
        "BOT_WEB_PORT": "0",
        "BOT_OPS_PORT": "0",
        "BOT_LOG_LEVEL": "error",
    }
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **settings},
    )
    assert process.stdout is not None
    url = process.stdout.readline().removeprefix("chat: ").strip()
    ready = time.perf_counter() - begin
    _first_answer(url)
    answered = time.perf_counter() - begin
    process.send_signal(signal.SIGINT)
    process.wait(20)
    process.stdout.close()
    return f"{ready:.1f}", f"{answered:.1f}"


def _first_answer(url: str) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def call(path: str, body: dict[str, str] | None = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(url + path, data, {"Content-Type": "application/json"})
        with browser.open(request, timeout=40) as response:
            return json.load(response)

    call("api/chat/sessions", {})
    call("api/chat/messages", {"id": str(uuid.uuid4()), "text": "comment créer un compte pass Culture Pro ?"})
    while not any(m["from"] == "bot" for m in call("api/chat/messages?after=0&wait=20")["messages"]):
        pass
