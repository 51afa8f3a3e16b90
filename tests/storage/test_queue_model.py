"""The inbox against a small model: whatever happens, in whatever order, both agree on what comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from storage import queue
from storage.failing import ATTEMPTS
from storage.queue import Claimed
from storage.steady import SteadyClock
from storage.tables import InboxItem, Table
from tests.storage.passing import NOW, time_passes

LONG = 3600.0
"""Seconds after which every lease has run out and every wait is over."""


@dataclass
class Item:
    """What the model knows of an item; a done or parked one is only a key."""

    key: str
    lane: str
    due_minute: int
    status: str = "new"
    suspect: bool = False
    alone: bool = False
    attempts: int = 0
    waits: bool = False
    put_off: bool = False

    def is_due(self, minute: int) -> bool:
        return self.due_minute <= minute


class Model:
    """One list in order of arrival."""

    def __init__(self) -> None:
        self.items: list[Item] = []

    def put(self, key: str, lane: str, due_minute: int) -> bool:
        if any(item.key == key for item in self.items):
            return False
        self.items.append(Item(key, lane, due_minute))
        return True

    def ready(self, minute: int, *, suspect: bool) -> list[Item]:
        """What was due first comes first; of suspects what was tried least."""
        found = [i for i in self.items if self._is_ready(i, minute) and i.suspect == suspect]
        return sorted(found, key=lambda item: item.attempts if suspect else item.due_minute)

    def waits(self, ended: Item, minute: int) -> bool:
        """Whether anything of its lane may have waited for one that ended."""
        lane = [one for one in self.items if one.lane == ended.lane and one.status == "new"]
        return any(one.put_off or one.is_due(minute) for one in lane)

    def failed(self, item: Item) -> None:
        item.attempts += item.alone
        item.waits, item.suspect = item.alone, True
        item.status = "parked" if item.attempts >= ATTEMPTS else "new"

    def _is_ready(self, item: Item, minute: int) -> bool:
        if item.status != "new" or item.waits:
            return False
        lane = [one for one in self.items if one.lane == item.lane]
        if any(one.status == "leased" for one in lane):
            return False
        place = lane.index(item)
        if any(one.status == "new" and (one.put_off or one.is_due(minute)) for one in lane[:place]):
            return False
        followed = any(one.status == "new" and one.is_due(minute) for one in lane[place + 1 :])
        return item.is_due(minute) or (item.put_off and followed)


class InboxMachine(RuleBasedStateMachine):
    """Every rule does one thing to the queue and to the model."""

    @initialize()
    def open(self) -> None:
        self.engine = create_engine("sqlite://", poolclass=StaticPool)
        event.listen(self.engine, "connect", _with_clock)
        Table.metadata.create_all(self.engine)
        self.session = Session(self.engine)
        self.model = Model()
        self.held: list[tuple[Claimed, Item]] = []
        self.minute = 0

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()
            self.engine.dispose()

    @rule(number=st.integers(0, 30), lane=st.sampled_from("abc"), delay=st.sampled_from([0, 0, 0, 2, 5]))
    def put(self, number: int, lane: str, delay: int) -> None:
        due = self.minute + delay
        accepted = queue.put(
            self.session,
            key=f"k{number}",
            lane=lane,
            payload={},
            now=NOW,
            due_at=NOW + timedelta(minutes=due),
        )
        assert accepted == self.model.put(f"k{number}", lane, due)

    @rule(minutes=st.integers(1, 3))
    def turn_the_clock(self, minutes: int) -> None:
        self.minute += minutes

    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        claimed = queue.claim(self.session, now=self._now(), limit=limit)
        self._took(claimed, self.model.ready(self.minute, suspect=False)[:limit], alone=False)

    @rule(lane=st.sampled_from("abc"))
    def claim_lane(self, lane: str) -> None:
        claimed = queue.claim_lane(self.session, lane, now=self._now())
        ready = self.model.ready(self.minute, suspect=False)
        self._took(claimed, [item for item in ready if item.lane == lane], alone=False)

    @rule()
    def claim_suspect(self) -> None:
        claimed = queue.claim_suspect(self.session, now=self._now())
        self._took(claimed, self.model.ready(self.minute, suspect=True)[:1], alone=True)

    @precondition(lambda self: self.held)
    @rule(which=st.integers(0, 5))
    def finish(self, which: int) -> None:
        claimed, item = self._drop(which)
        queue.finish(self.session, claimed, now=NOW)
        item.status = "done"
        assert queue.followed(self.session, claimed, now=self._now()) == self.model.waits(item, self.minute)

    @precondition(lambda self: self.held)
    @rule(which=st.integers(0, 5))
    def release(self, which: int) -> None:
        claimed, item = self._drop(which)
        queue.release(self.session, claimed)
        item.status = "new"

    @precondition(lambda self: self.held)
    @rule(which=st.integers(0, 5))
    def put_off(self, which: int) -> None:
        claimed, item = self._drop(which)
        item.status, item.put_off, item.due_minute = "new", True, self.minute + 1
        # It came a minute ago or more, or in this one: a whole minute is left either way.
        queue.put_off(self.session, [claimed], now=self._now(), moment=timedelta(minutes=1))

    @precondition(lambda self: self.held)
    @rule(which=st.integers(0, 5))
    def fail(self, which: int) -> None:
        claimed, item = self._drop(which)
        queue.fail(self.session, claimed, "an exception")
        self.model.failed(item)

    @rule()
    def everything_in_hand_dies(self) -> None:
        queue.note_dead(self.session, now=self._now(), everything=True)
        for _, item in self.held:
            self.model.failed(item)
        self.held.clear()

    @rule()
    def waits_end(self) -> None:
        time_passes(self.session, seconds=LONG)
        queue.note_dead(self.session, now=self._now())
        for _, item in self.held:
            self.model.failed(item)
        self.held.clear()
        # Those that died just now have begun to wait.
        time_passes(self.session, seconds=LONG)
        for item in self.model.items:
            item.waits = False

    @rule()
    def retry_parked(self) -> None:
        queue.retry_parked(self.session)
        for item in self.model.items:
            if item.status == "parked":
                item.status, item.suspect, item.attempts, item.waits = "new", True, 0, False

    @invariant()
    def both_agree(self) -> None:
        if not hasattr(self, "session"):
            return
        rows = self.session.execute(select(InboxItem.key, InboxItem.status, InboxItem.attempts)).all()
        assert {tuple(row) for row in rows} == {(i.key, i.status, i.attempts) for i in self.model.items}

    def _now(self) -> datetime:
        return NOW + timedelta(minutes=self.minute)

    def _took(self, claimed: list[Claimed], expected: list[Item], *, alone: bool) -> None:
        expected.sort(key=self.model.items.index)  # those in hand are told in the order of their arrival
        assert [item.key for item in claimed] == [item.key for item in expected]
        waited = [item.put_off and item.is_due(self.minute) for item in expected]
        assert [item.waited for item in claimed] == waited
        for item in expected:
            item.status, item.alone = "leased", alone
        self.held += zip(claimed, expected, strict=True)

    def _drop(self, which: int) -> tuple[Claimed, Item]:
        return self.held.pop(which % len(self.held))


TestInboxAgainstItsModel = InboxMachine.TestCase
TestInboxAgainstItsModel.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def _with_clock(connection: Any, _record: Any) -> None:
    connection.create_function("steady_now", 0, SteadyClock())
