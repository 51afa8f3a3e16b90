"""What a loop holds: when others may be taken along, and whose end wakes it."""

import asyncio

import pytest

from bot.hands import FEW, Hands, Wake


class Desk:
    """Hands whose items end when they are let."""

    def __init__(self, *, open: bool = True) -> None:
        self.wake, self.may_end = Wake(), asyncio.Event()
        self.hands: Hands[str] = Hands(self._claim, self._handle, self.wake)
        self.hands.open = open

    async def end(self) -> None:
        self.may_end.set()
        await self.hands.empty()

    async def _claim(self, room: int, idle: bool) -> list[str]:
        return []

    async def _handle(self, item: str) -> bool:
        await self.may_end.wait()
        if item == "defect":
            raise ZeroDivisionError
        return item == "followed"


async def test_others_are_taken_along_while_little_is_in_hand() -> None:
    desk = Desk()
    assert desk.hands.room == FEW
    desk.hands.take(["a"] * (FEW - 1))
    assert desk.hands.room == 1
    desk.hands.take(["a", "a"])
    assert desk.hands.room == 0
    await desk.end()
    assert desk.hands.room == FEW


async def test_nothing_is_taken_along_before_the_loop_begins_nor_once_it_stops() -> None:
    desk = Desk(open=False)
    assert desk.hands.room == 0


@pytest.mark.parametrize(("item", "woken"), [("followed", True), ("alone", False), ("defect", True)])
async def test_the_loop_is_woken_by_what_something_may_wait_for(item: str, woken: bool) -> None:
    desk = Desk()
    desk.hands.take([item])
    await desk.end()
    assert desk.wake.event.is_set() == woken


async def test_a_defect_ends_the_loop() -> None:
    desk = Desk()
    desk.hands.take(["defect"])
    await desk.end()
    with pytest.raises(ZeroDivisionError):
        await desk.hands.take_more()
