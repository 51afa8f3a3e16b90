"""From « Parler au référent » to the referent's notice: the whole house, a fake Telegram and mail server.

Pacing is off: what Telegram allows per chat (one message a second) comes on top of it.
"""

import asyncio
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.library import Library
from tests.actors import TelegramCitizen
from tests.bench.results import Results, percentile
from tests.mail.server import MailServer
from tests.scenarios.desk import appoint
from tests.stage import Stage, open_stage

DEMANDS = 64
TERRITORIES = ("25", "39", "70", "71", "89", "90", "21", "58")
_NUMBER = re.compile(r"n° (\d+)")
Heard = Callable[[], list[str]]
"""All that the referents were told so far."""


async def measure(library: Library, results: Results) -> None:
    rows, times = [], {}
    for by in ("Telegram", "mail"):
        for at_once in (1, 8, 32):
            with tempfile.TemporaryDirectory(prefix="souffleur-bench-") as folder:
                taken = await _measured(library, Path(folder), by, at_once)
            name = f"{by}, {at_once} at once"
            times[name] = [second * 1000 for second in taken]
            p50, p95 = percentile(times[name], 0.5), percentile(times[name], 0.95)
            rows.append((by, at_once, f"{p50:.0f}", f"{p95:.0f}", f"{max(times[name]):.0f}"))
    results.add(
        "Hand-over to notice delivered", ["notice by", "askers at once", "p50 ms", "p95 ms", "max ms"], rows
    )
    results.plot_times("noticing", "Hand-over to notice delivered", times)


async def _measured(library: Library, folder: Path, by: str, at_once: int) -> list[float]:
    url = f"sqlite:///{folder / 'bench.db'}"
    async with MailServer() as server, open_stage(url, folder, library, **server.settings) as stage:
        heard = await _desk(stage, by, server)
        askers = [await _asker(stage, number) for number in range(DEMANDS)]
        taken: list[float] = []
        for start in range(0, DEMANDS, at_once):
            taken += await _together(askers[start : start + at_once], heard)
            await stage.settle()
        return taken


async def _desk(stage: Stage, by: str, server: MailServer) -> Heard:
    """One referent for each territory, told by Telegram or by mail."""
    await appoint(stage, "Diane Roux", role="admin", national=True)
    people = [
        await appoint(
            stage,
            f"Personne {code}",
            territories=code,
            telegram=by == "Telegram",
            email=None if by == "Telegram" else f"p{code}@exemple.fr",
        )
        for code in TERRITORIES
    ]
    if by == "Telegram":
        return lambda: [one.text for person in people for one in person.person.heard()]
    return lambda: [str(mail["Subject"]) for mail in server.mails]


async def _asker(stage: Stage, number: int) -> TelegramCitizen:
    """Somebody whose département is known."""
    asker = TelegramCitizen(stage)
    await asker.says(f"/start dep-{TERRITORIES[number % len(TERRITORIES)]}")
    return asker


async def _together(askers: Sequence[TelegramCitizen], heard: Heard) -> list[float]:
    """All ask at the same moment; how long each one's notice took."""
    known = _numbers(heard())
    arrived: dict[str, float] = {}
    begin = time.perf_counter()
    for asker in askers:
        asker.person.write("/referent")
    while len(arrived) < len(askers):
        for number in _numbers(heard()) - known:
            arrived.setdefault(number, time.perf_counter() - begin)
        await asyncio.sleep(0.005)  # mails and messages come by different doors: both are looked at
    return list(arrived.values())


def _numbers(texts: Sequence[str]) -> set[str]:
    return {found[1] for text in texts if (found := _NUMBER.search(text)) is not None}
