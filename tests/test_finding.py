"""Texts are looked up off the loop: each gets its own match, and nobody another's error."""

import asyncio
import threading

from bot.finding import Finder
from knowledge.entries import Audience
from knowledge.outcomes import Match, SmallTalk, Unknown


def look_up(text: str, _audience: Audience | None, _previous: str | None) -> Match:
    if text == "bad":
        raise ValueError(text)
    return SmallTalk(kind=f"{text} {threading.current_thread().name}")


async def test_each_hears_of_its_own_text_and_of_its_own_error() -> None:
    finder = Finder(look_up)
    texts = ["bad" if number == 5 else str(number) for number in range(20)]
    found = await asyncio.gather(*(finder(text, None, None) for text in texts), return_exceptions=True)
    for text, match in zip(texts, found, strict=True):
        if text == "bad":
            assert isinstance(match, ValueError)
        else:
            assert match == SmallTalk(kind=f"{text} finder")
    finder.close()


async def test_what_waits_at_the_end_is_looked_up_and_it_may_begin_again() -> None:
    go_on = threading.Event()

    def wait(*_: object) -> Match:
        go_on.wait(5)
        return Unknown()

    finder = Finder(wait)
    waiting = [asyncio.create_task(finder(text, None, None)) for text in "ab"]
    await asyncio.sleep(0)
    finder.close()
    again = asyncio.create_task(finder("c", None, None))
    await asyncio.sleep(0)
    go_on.set()
    assert await asyncio.gather(*waiting, again) == [Unknown()] * 3
    finder.close()
    finder.close()
