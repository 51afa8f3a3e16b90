"""`make chaos`: every way to run the program, harmed at length; a table, on the screen and in a file.

`python -m tests.durability [PART…]` runs the parts named, or all. Each is kept when it is done, so that the
table can be completed part by part. `SOUFFLEUR_SEED` draws another plan, `SOUFFLEUR_KILLS` shortens it.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.cli.console import err, table
from tests.durability import bad_telegram, turned
from tests.durability.campaign import Case, Outcome, campaign
from tests.durability.checker import slow
from tests.postgres import Postgres

RESULTS = Path("bench") / "results"
KILLS = int(os.environ.get("SOUFFLEUR_KILLS", "200"))
SEED = int(os.environ.get("SOUFFLEUR_SEED", "6"))
A_HOUSE = 25
"""Kills that one house has to bear; then the next one is built."""
LONGEST = 3600.0
"""Seconds until a house is given up."""
COLUMNS: tuple[str, ...] = (
    "part",
    "kill -9",
    "freezes",
    "matching",
    "database",
    "disk, clock",
    "Telegram",
    "events",
    "lost",
    "disordered",
)
COLUMNS += ("twice", "astray", "other", "copies", "quiet after", "minutes", "seed")


@dataclass(frozen=True, slots=True)
class Part:
    case: Case
    kills: float = 1.0
    """Of `KILLS`, how many."""
    often: Mapping[str, int] | None = None
    """What else befalls each of its houses, besides Telegram."""


RUN_ON_A_FILE = {"freeze": 1, "matching killed": 2, "disk full": 1, "clock jump": 1}
RUN_ON_A_SERVER = {"freeze": 1, "matching killed": 2, "database stopped": 1, "database killed": 1}
RUN_ON_A_SERVER |= {"clock jump": 1}
PARTS = {
    "polling-sqlite": Part(Case("polling", "sqlite"), often=RUN_ON_A_FILE),
    "webhook-sqlite": Part(Case("webhook", "sqlite"), often=RUN_ON_A_FILE),
    "polling-postgresql": Part(Case("polling", "postgresql"), often=RUN_ON_A_SERVER),
    "webhook-postgresql": Part(Case("webhook", "postgresql"), often=RUN_ON_A_SERVER),
    "workers": Part(
        Case("webhook", "postgresql", ("web", "worker", "worker")),
        kills=0.25,
        often=RUN_ON_A_SERVER | {"freeze": 5, "database killed": 2},
    ),
}


def main() -> int:
    names = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        err.print(f"No such part: {', '.join(unknown)}. There are: {', '.join(PARTS)}.", markup=False)
        return 2
    if turned.library() is None:
        err.print("libfaketime is not on this machine: no clock jumps.", markup=False)
    wrong = sum([_run(name) for name in names])
    _show()
    return 1 if wrong else 0


def _run(name: str) -> int:
    """Runs a part, keeps its row; how many violations there were."""
    part, figures, wrong = PARTS[name], Counter[str](), 0
    kills = max(1, round(KILLS * part.kills))
    houses = max(1, round(kills / A_HOUSE))
    with ExitStack() as stack:
        server = None
        if part.case.database == "postgresql":
            server = Postgres()
            stack.callback(server.close)
        for number in range(houses):
            share = kills // houses + (number < kills % houses)
            label = f"{name}, house {number + 1} of {houses}"
            outcome = _house(part, share, SEED + number, server, label, first=number == 0)
            _add(figures, outcome)
            wrong += _tell(label, outcome)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"chaos-{name}.json").write_text(json.dumps(_row(name, figures)), encoding="utf-8")
    return wrong


def _house(part: Part, kills: int, seed: int, server: Postgres | None, label: str, *, first: bool) -> Outcome:
    often = {"kill -9": kills, **(part.often or {}), **dict.fromkeys(bad_telegram.NEMESES, 1)}
    often |= dict.fromkeys(bad_telegram.LONG, 1) if first else {}
    if turned.library() is None:
        often.pop("clock jump", None)

    def progress(tally: Counter[str]) -> None:
        if tally.total() % 10 == 0:
            err.print(f"{label}: {tally['kill -9']} of {kills} kills", markup=False)

    with tempfile.TemporaryDirectory() as folder:
        running = campaign(
            part.case, often, seed=seed, folder=Path(folder), server=server, clock=True, progress=progress
        )
        return asyncio.run(asyncio.wait_for(running, LONGEST))


def _tell(label: str, outcome: Outcome) -> int:
    """Says what is wrong; how much it is."""
    wrong = list(outcome.verdict.violations)
    if slow(outcome.history):
        wrong.append(
            f"the queues were empty only {outcome.history.quiet_after:.0f} s after the first success"
        )
    for words in wrong:
        err.print(f"{label}: {words}", markup=False)
    if wrong:
        RESULTS.mkdir(parents=True, exist_ok=True)
        log = RESULTS / f"chaos-{label.split(',')[0]}.log"
        log.write_text(outcome.log, encoding="utf-8")
        err.print(f"{label}: what the processes said is in {log}", markup=False)
    return len(wrong)


def _add(figures: Counter[str], outcome: Outcome) -> None:
    figures.update(outcome.tally)
    verdict, history = outcome.verdict, outcome.history
    figures.update(
        {
            "events": history.accepted,
            "lost": len(verdict.lost),
            "disordered": len(verdict.disordered),
            "twice": len(verdict.twice),
            "astray": len(verdict.strayed),
            "other": len(verdict.other),
            "copies": verdict.copies,
            "allowed": history.copies_allowed,
            "seconds": round(outcome.seconds),
        }
    )
    figures["quiet"] = max(figures["quiet"], round(history.quiet_after))


def _row(name: str, figures: Counter[str]) -> list[str]:
    telegram = sum(figures[one] for one in (*bad_telegram.NEMESES, *bad_telegram.LONG))
    harm = [figures["kill -9"], figures["freeze"], figures["matching killed"]]
    harm.append(figures["database stopped"] + figures["database killed"])
    harm.append(figures["disk full"] + figures["clock jump"])
    wrong = [figures[one] for one in ("lost", "disordered", "twice", "astray", "other")]
    copies = f"{figures['copies']} of {figures['allowed']} under way"
    end = [copies, f"{figures['quiet']} s", round(figures["seconds"] / 60), SEED]
    cells = [name, *harm, telegram, figures["events"], *wrong, *end]
    return [str(cell) for cell in cells]


def _show() -> None:
    """All parts that were ever run here."""
    kept = [RESULTS / f"chaos-{name}.json" for name in PARTS]
    rows = [json.loads(path.read_text(encoding="utf-8")) for path in kept if path.exists()]
    table("Chaos", COLUMNS, rows)
    lines = ["# Chaos", "", "| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    (RESULTS / "chaos.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
