"""What is given together: at once at rest, in one go under load, and nobody's giving up harms another."""

import asyncio

import pytest

from bot.together import Together


class Pen:
    """Writes when it is let."""

    def __init__(self) -> None:
        self.lots: list[list[str]] = []
        self.began, self.may_write = asyncio.Event(), asyncio.Event()
        self.error: Exception | None = None

    async def write(self, lot: list[str]) -> None:
        self.lots.append(lot)
        self.began.set()
        await self.may_write.wait()
        if self.error is not None:
            raise self.error


async def test_what_comes_during_a_write_is_written_after_it_in_one_go() -> None:
    pen = Pen()
    together = Together(pen.write)
    first = asyncio.create_task(together("a"))
    await pen.began.wait()
    others = [asyncio.create_task(together(one)) for one in "bcd"]
    pen.may_write.set()
    await asyncio.gather(first, *others)
    assert pen.lots == [["a"], ["b", "c", "d"]]


async def test_all_of_a_lot_learn_that_it_failed_and_the_next_one_is_written() -> None:
    pen = Pen()
    pen.error = ValueError("away")
    pen.may_write.set()
    together = Together(pen.write)
    failed = await asyncio.gather(together("a"), together("b"), return_exceptions=True)
    assert list(failed) == [pen.error, pen.error]
    pen.error = None
    await together("c")
    assert pen.lots == [["a", "b"], ["c"]]


async def test_who_gives_up_takes_nobody_elses_words_back() -> None:
    pen = Pen()
    together = Together(pen.write)
    hasty = asyncio.create_task(together("a"))
    patient = asyncio.create_task(together("b"))
    await pen.began.wait()
    hasty.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hasty
    pen.may_write.set()
    await patient
    assert pen.lots == [["a", "b"]]
