"""What became of a made-up demand: when it was taken, answered and closed, or that it still waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from handlers.demo.asking import Asked
from handlers.demo.scene import Member, Scene

TARGET = timedelta(hours=15)
"""Two open days of office hours."""
_RECENT = timedelta(days=10)
_SILENCE = timedelta(days=7)
_HELPED: tuple[tuple[str | None, float], ...] = (("yes", 60), ("partly", 10), ("no", 5), (None, 25))


@dataclass(slots=True, kw_only=True)
class Demand:
    """A demand as it stands now; what has not happened is None."""

    number: int
    asked: Asked
    member: Member
    opened_at: datetime
    near_at: datetime
    due_at: datetime
    passed_from: Member | None = None
    state: Literal["waiting", "taken", "answered", "closed"] = "waiting"
    taken_at: datetime | None = None
    replied_at: datetime | None = None
    again_at: datetime | None = None
    """When its asker wrote once more after the reply."""
    closed_at: datetime | None = None
    solution: Literal["confirmed", "assumed"] | None = None
    helped: str | None = None

    @property
    def owed(self) -> bool:
        return self.state in ("waiting", "taken")

    @property
    def late_at(self) -> datetime | None:
        """When it passed its target without a reply, if it did."""
        in_time = self.replied_at is not None and self.replied_at <= self.due_at
        return None if in_time else self.due_at


def demand(scene: Scene, asked: Asked, number: int) -> Demand:
    """How it went, by chance."""
    opened, member = (
        asked.at + timedelta(seconds=scene.chance.randint(20, 240)),
        scene.serving(asked.territory),
    )
    other = scene.chance.choice(scene.cast) if scene.happens(0.06) else member
    made = Demand(
        number=number,
        asked=asked,
        member=other,
        opened_at=opened,
        near_at=member.opening.after_open_hours(opened, TARGET * 0.75),
        due_at=member.opening.after_open_hours(opened, TARGET),
        passed_from=member if other is not member else None,
    )
    replied = other.opening.after_open_hours(opened, _wait(scene, opened))
    taken = opened + (replied - opened) * scene.chance.uniform(0.2, 0.9)
    if taken < scene.now:
        made.state, made.taken_at = "taken", taken
    if replied < scene.now:
        _reply(scene, made, replied)
    return made


def _wait(scene: Scene, opened: datetime) -> timedelta:
    """Open time until the first reply; lately some take long, so that something is to be done."""
    slow = scene.now - opened < _RECENT and scene.happens(0.2)
    return timedelta(hours=min(0.2 + scene.chance.expovariate(1 / (30 if slow else 5)), 80))


def _reply(scene: Scene, made: Demand, replied: datetime) -> None:
    made.state, made.replied_at = "answered", replied
    again = replied + timedelta(hours=scene.chance.uniform(2, 30))
    if scene.happens(0.12) and again < scene.now:
        made.again_at = again
        if scene.now - again < timedelta(days=2):
            made.state = "taken"
            return
    _close(scene, made, made.again_at or replied)


def _close(scene: Scene, made: Demand, heard: datetime) -> None:
    confirmed = scene.happens(0.55)
    closed = heard + (timedelta(hours=scene.chance.expovariate(1 / 20)) if confirmed else _SILENCE)
    if closed < scene.now:
        made.state, made.closed_at = "closed", closed
        made.solution = "confirmed" if confirmed else "assumed"
        made.helped = scene.pick(_HELPED)
