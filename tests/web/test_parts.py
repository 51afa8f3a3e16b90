"""The small parts: limits, waiting, rendering, the ops application."""

import asyncio
import re
from html.parser import HTMLParser

import aiohttp
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter

from bot.web.app import build_ops_app, make_runner
from bot.web.changes import Changes
from bot.web.health import Readiness
from bot.web.limits import Limits, What
from bot.web.render import message_html
from storage.signals import Signal
from tests.web.site import Clock


def test_limit_counts_exactly_over_a_sliding_window() -> None:
    clock = Clock()
    limits = Limits(clock)
    for _ in range(20):
        assert limits.seconds_to_wait(What.SESSION_MESSAGES, "alice") is None
        clock.advance(seconds=2)
    assert limits.seconds_to_wait(What.SESSION_MESSAGES, "alice") == 20
    assert limits.seconds_to_wait(What.SESSION_MESSAGES, "bob") is None
    assert limits.seconds_to_wait(What.ADDRESS_MESSAGES, "alice") is None
    clock.advance(seconds=20)
    assert limits.seconds_to_wait(What.SESSION_MESSAGES, "alice") is None
    assert limits.seconds_to_wait(What.SESSION_MESSAGES, "alice") == 2


def test_a_flood_of_keys_does_not_fill_the_memory() -> None:
    clock = Clock()
    limits = Limits(clock)
    for number in range(60_000):
        limits.seconds_to_wait(What.ADDRESS_TOKENS, str(number))
    assert limits.keys() <= 50_001


async def test_whoever_watches_before_reading_misses_nothing() -> None:
    changes = Changes()
    with changes.watch(1) as news, changes.watch(2) as other:
        changes.heard(Signal(contacts=frozenset({1})))
        async with asyncio.timeout(0.2):
            await news.wait(10)
        waiting = asyncio.create_task(other.wait(10))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        changes.close()
        async with asyncio.timeout(0.2):
            await waiting
        assert other.closing
    assert changes.watching(1) == 0


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.links += [value or "" for name, value in attributes if name == "href"]
        assert {name for name, _ in attributes} <= {"href", "rel", "target", "start"}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


HOSTILE = st.text(alphabet=st.sampled_from(list("ab <>&\"'`*_[]()!\\/:-1.\n#javscript")), max_size=80)


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(st.text(max_size=80), HOSTILE))
def test_html_is_well_formed_and_holds_only_our_tags_whatever_was_typed(text: str) -> None:
    for markup in (True, False):
        tags = Tags()
        tags.feed(message_html(text, markup=markup))
        tags.close()
        assert tags.open == []
        assert tags.seen <= {"p", "ul", "ol", "li", "strong", "em", "a", "br"}
        assert all(re.match(r"(https?://|mailto:)", link) for link in tags.links)


def test_typed_text_is_shown_line_by_line() -> None:
    assert message_html("a <b>\nc", markup=False) == "<p>a &lt;b&gt;<br>c</p>"


def test_light_markdown_becomes_html() -> None:
    html = message_html("**Un** et *deux*\n\n3. trois\n4. quatre", markup=True)
    assert (
        html == '<p><strong>Un</strong> et <em>deux</em></p><ol start="3"><li>trois</li><li>quatre</li></ol>'
    )


async def test_ops_application_serves_metrics_and_details() -> None:
    registry = CollectorRegistry()
    Counter("seen", "Seen.", registry=registry).inc()
    details: dict[str, object] = {"inbox_oldest_s": 1.5, "parked": 0}

    async def probe() -> Readiness:
        return Readiness(database=True, schema=False, details=details)

    runner = make_runner(build_ops_app(probe=probe, registry=registry))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as client:
        async with client.get("/metrics") as response:
            assert "seen_total 1.0" in await response.text()
        async with client.get("/readyz") as response:
            assert response.status == 503
            assert await response.json() == {"ready": False, "database": True, "schema": False, **details}
        async with client.get("/nowhere") as response:
            assert (response.status, response.content_type) == (404, "application/json")
    await runner.cleanup()
