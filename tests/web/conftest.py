"""Fixtures of the web door's tests: a running site, and browsers that speak to it."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.web.office import Office, open_office
from tests.web.site import Site, running_site

KINDS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first draws the same pages and has no windows: a fresh browser takes a quarter of the time."""
CHROMIUM = next(filter(None, map(shutil.which, KINDS)), None)
CALM = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # a third less for each fresh browser
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with running_site(tmp_path) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def live_site(tmp_path: Path) -> AsyncIterator[Site]:
    """The same for browser tests, which share one browser and so one event loop."""
    async with running_site(tmp_path) as site:
        yield site


@pytest.fixture
async def office(site: Site) -> Office:
    """The console's people, at the desk of the running site."""
    return await open_office(site)


@pytest_asyncio.fixture(loop_scope="session")
async def live_office(live_site: Site) -> Office:
    return await open_office(live_site)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium; without one the test is skipped, which `CI=true` does not allow."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on this machine, and CI=true")
        pytest.skip("no Chromium on this machine: `apt-get install chromium-headless-shell` to run these")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CALM)
        yield browser
        await browser.close()
