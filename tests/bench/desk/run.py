"""The desk's pages with 10,000 and with 100,000 tickets, asked in turns in one run, on both databases."""

import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from storage.database import open_database
from tests.bench.desk.archive import fill
from tests.bench.results import Results, percentile
from tests.postgres import Postgres
from tests.web.office import Desk, Office, open_office
from tests.web.site import KNOWLEDGE, running_site

SIZES = (10_000, 100_000)
TIMES = 30
DESKS = {"nadia": "national desk", "camille": "two départements"}
PAGES: Mapping[str, str] = {
    "open, most urgent first": "/console?vue=territoires",
    "its second page": "next",
    "closed": "/console?vue=closes",
    "all, theme and territory": "/console?vue=toutes&theme=offres&territoire=region-27",
    "all, audience and age": "/console?vue=toutes&public=jeune&age=plus-d-un-jour",
    "search, a rare word": "/console?q=xylophone",
    "search, a common word": "/console?q=compte",
    "search, two words": "/console?q=compte+bloque",
    "search, a beginning": "/console?q=rembours",
    "search, in quotes": "/console?q=%22pass+culture%22",
    "search and filters": "/console?q=compte&public=jeune&territoire=25",
    "search, nothing": "/console?q=trompette",
    "news": "/console/nouvelles",
}


async def measure(results: Results) -> None:
    postgres = Postgres()
    try:
        for kind in ("SQLite", "PostgreSQL"):
            await _measure(kind, postgres, results)
    finally:
        postgres.close()


async def _measure(kind: str, postgres: Postgres, results: Results) -> None:
    rows: list[tuple[str, ...]] = []
    medians: dict[str, list[float]] = {f"{size:,}": [] for size in SIZES}
    async with AsyncExitStack() as stack:
        offices = [await stack.enter_async_context(_office(kind, postgres, size)) for size in SIZES]
        for who in ("nadia", "camille"):
            desks = [await stack.enter_async_context(one.at_desk(getattr(one, who))) for one in offices]
            for name, path in PAGES.items():
                times = await _times(desks, path)
                rows.append((DESKS[who], name, *_cells(times)))
                for size, seconds in zip(medians, times, strict=True):
                    medians[size].append(percentile(seconds, 0.5))
    columns = [f"{size:,} {share}, ms" for size in SIZES for share in ("p50", "p95")]
    results.add(f"The desk's pages over HTTP, {kind}", ["desk", "page", *columns, "ratio"], rows)
    labels = [f"{row[0]}: {row[1]}" for row in rows]
    results.plot_pairs(f"desk-{kind.lower()}", f"The desk's pages, {kind}", labels, medians)


def _cells(times: Sequence[Sequence[float]]) -> list[str]:
    cells = [f"{1000 * percentile(seconds, share):.1f}" for seconds in times for share in (0.5, 0.95)]
    small, large = (percentile(seconds, 0.5) for seconds in times)
    return [*cells, f"{large / small:.2f}"]


@asynccontextmanager
async def _office(kind: str, postgres: Postgres, size: int) -> AsyncIterator[Office]:
    with tempfile.TemporaryDirectory(prefix="souffleur-bench-") as folder:
        url = f"sqlite:///{folder}/bench.db" if kind == "SQLite" else postgres.create(f"desk_{size}")
        async with running_site(Path(folder), database_url=url) as site:
            office = await open_office(site)
            database = open_database(url)
            await fill(database, KNOWLEDGE, size, (office.nadia, office.camille))
            await database.close()
            yield office


async def _times(desks: Sequence[Desk], path: str) -> tuple[list[float], list[float]]:
    """Seconds of each request at the small and at the large desk, in turns."""
    paths = [await _second_page(desk) if path == "next" else path for desk in desks]
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(TIMES + 1):
        for desk, here, times in zip(desks, paths, found, strict=True):
            start = time.perf_counter()
            await desk.read(here)
            times.append(time.perf_counter() - start)
    return found[0][1:], found[1][1:]


async def _second_page(desk: Desk) -> str:
    page = await desk.read("/console?vue=territoires")
    start = page.find('rel="next" href="')
    return page[start:].split('"')[3].replace("&amp;", "&") if start >= 0 else "/console?vue=territoires"
