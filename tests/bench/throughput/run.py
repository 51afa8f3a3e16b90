"""Souffleur beside an echo bot that forgets, on the same updates, in turns within one run."""

import asyncio
import gc
import itertools
import statistics
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.library import Library
from tests.bench.results import Results, percentile
from tests.bench.throughput import load, programs, statements
from tests.bench.throughput.alone import alone
from tests.bench.throughput.figures import Figures
from tests.bench.throughput.people import MORE_WORDS, Act, Caller, Visitor, at_once, lines
from tests.bench.throughput.programs import Program
from tests.bench.throughput.telegram import Telegram, open_telegram
from tests.bench.throughput.wire import Client
from tests.postgres import Postgres

PEOPLE = {"buttons": 300, "questions": 600, "web chat": 300}
"""Three of five who ask wait two seconds for the rest of a thought: fewer would leave the program idle."""
ROUNDS = 3
"""After one that is not counted: a program's first seconds are like no later ones."""
SECONDS = 3.0
HALF_SECONDS = 8.0
"""Of the steady rate: the 99th percentile of three seconds is decided by two or three replies."""
STOCK = "python-telegram-bot echo"
WORKLOADS: Mapping[str, Callable[[Caller], Act]] = {
    "buttons": lambda person: person.press,
    "questions": lambda person: person.ask,
}


class Run:
    """The people, their Telegram, and what was measured so far."""

    def __init__(
        self, telegram: Telegram, examples: Sequence[str], people: Mapping[str, int] = PEOPLE
    ) -> None:
        self._examples = examples
        self._people_of = people
        self._telegram = telegram
        self._newcomers = telegram.newcomers()
        self._visitors = itertools.count(1)

    async def round(self, program: Program, workload: str, figures: Figures) -> None:
        """As much as goes through, with people whom nobody has seen before."""
        async with self._people(program, workload) as acts:
            before = program.spent()
            rate, answers = await load.full(acts, SECONDS, after=MORE_WORDS)
            after = program.spent()
        figures.rates.append(rate)
        figures.spent.append({name: 1000 * (after[name] - before[name]) / answers for name in after})

    async def half(self, program: Program, workload: str, figures: Figures) -> None:
        """Half of that, at a fixed rate."""
        async with self._people(program, workload) as acts:
            times = await load.steady(acts, figures.rate / 2, HALF_SECONDS)
        figures.times.append([1000 * at_once(seconds) for seconds in times])

    @asynccontextmanager
    async def _people(self, program: Program, workload: str) -> AsyncIterator[Sequence[Act]]:
        """They have said hello; what they do next is theirs to say when."""
        web = workload == "web chat"
        count = self._people_of[workload]
        door = program.door(2 * count) if web else program.door()
        people = [self._visitor(door) if web else self._caller(door) for _ in range(count)]
        await asyncio.gather(*(person.greet() for person in people))
        yield [
            person.ask if isinstance(person, Visitor) else WORKLOADS[workload](person) for person in people
        ]
        door.close()

    def _caller(self, door: Client) -> Caller:
        chat = next(self._newcomers)
        return Caller(chat, self._telegram, door, lines(self._examples, chat.number))

    def _visitor(self, door: Client) -> Visitor:
        number = next(self._visitors)
        return Visitor(number, door, lines(self._examples, number))


async def measure(library: Library, results: Results) -> None:
    examples = [example.text for example in library.base.examples]
    library.find("", None, None)  # learnt now: the programs take it from the shelf
    gc.freeze()  # the content is held by this process too, and must not make it stop to look through it
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="souffleur-bench-")))
        telegram = await stack.enter_async_context(open_telegram())
        postgres = Postgres(durable=True)
        stack.callback(postgres.close)
        started = [await stack.enter_async_context(one) for one in _programs(telegram, folder, postgres)]
        run = Run(telegram, examples)
        for workload in WORKLOADS:
            _report(results, workload, await _compared(run, started, workload))
        on_sqlite = [one for one in started if one.name.endswith("SQLite")]
        _report(results, "web chat", await _compared(run, on_sqlite, "web chat"))
        await statements.measure(library, results, postgres)


def _programs(
    telegram: Telegram, folder: Path, postgres: Postgres
) -> Sequence[AbstractAsyncContextManager[Program]]:
    return (
        programs.echo(STOCK, "stock", telegram, folder),
        programs.echo("the same with our transport", "ours", telegram, folder),
        programs.on_sqlite(telegram, folder),
        programs.on_postgres(telegram, folder, postgres, 1),
        programs.on_postgres(telegram, folder, postgres, 2),
    )


async def _compared(run: Run, started: Sequence[Program], workload: str) -> dict[str, Figures]:
    found = {program.name: Figures() for program in started}
    for program in started:
        with alone(program, started):
            await run.round(program, workload, Figures())
    for _ in range(ROUNDS):
        for program in started:
            with alone(program, started):
                await run.round(program, workload, found[program.name])
    for _ in range(ROUNDS):
        for program in started:
            with alone(program, started):
                await run.half(program, workload, found[program.name])
    return found


def _report(results: Results, workload: str, found: Mapping[str, Figures]) -> None:
    stock = found[STOCK].rate if STOCK in found else None
    rows = [_row(name, figures, stock) for name, figures in found.items()]
    columns = ["program", "updates/s", "beside the echo", "p50 ms", "p99 ms", "CPU ms for each update"]
    results.add(f"Throughput, {workload} (median of {ROUNDS} rounds; latency at half of it)", columns, rows)
    results.plot_times(
        f"throughput-{workload.replace(' ', '-')}",
        f"Until the reply, at half of the most: {workload}",
        {name: [*itertools.chain(*figures.times)] for name, figures in found.items()},
    )


def _row(name: str, figures: Figures, stock: float | None) -> tuple[str, ...]:
    cost = ", ".join(f"{process} {ms:.2f}" for process, ms in figures.cost.items())
    total = sum(figures.cost.values())
    return (
        name,
        _spread(figures.rates),
        "-" if stock is None else f"{figures.rate / stock:.2f} ×",
        _spread([percentile(times, 0.5) for times in figures.times]),
        _spread([percentile(times, 0.99) for times in figures.times]),
        f"{total:.2f}" if len(figures.cost) == 1 else f"{total:.2f} ({cost})",
    )


def _spread(values: Sequence[float]) -> str:
    """The median, and from where to where the rounds went."""
    return f"{statistics.median(values):.0f} ({min(values):.0f}-{max(values):.0f})"
