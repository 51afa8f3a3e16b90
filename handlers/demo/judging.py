"""What a made-up desk judged of the robot's answers: thirteen samples, and entries that had to be mended."""

from datetime import datetime, timedelta

from handlers import holds, sampling
from handlers.demo.scene import Scene
from handlers.week import Week
from storage import directory, quality, repairs
from storage.quality import Asked, Verdict
from storage.tables import Referent, Repair

_VERDICTS: tuple[tuple[Verdict, float], ...] = (("right", 91), ("incomplete", 6), ("wrong", 3))
_LEFT = 9
"""Of the last sample, for whoever looks at the demonstration to judge."""
_MENDED_IN = timedelta(days=2)
_NOTE = "Le délai a changé depuis la rentrée."


def write(scene: Scene) -> None:
    """Draws and judges each of the last weeks; what was wrong in the last one is still to be mended."""
    turn, desk = scene.turn, directory.get(scene.turn.session, scene.cast[-1].id)
    if desk is None:
        return
    for back in range(sampling.WEEKS, 0, -1):
        week = Week.of(turn.today).earlier(back)
        sampling.draw(turn, week.id)
        drawn = quality.of_week(turn.session, desk, week.id)
        for one in drawn if back > 1 else drawn[:-_LEFT]:
            _judge(scene, desk, one, min(week.ends(turn.world.timezone) + timedelta(days=1), turn.now))


def _judge(scene: Scene, desk: Referent, one: Asked, at: datetime) -> None:
    if one.state != "waiting":
        return
    session, verdict = scene.turn.session, scene.pick(_VERDICTS)
    by_id, entry_id = scene.serving(one.question.territory).id, one.answer.entry_id
    quality.judge(session, one.answer.id, verdict, entry_id=entry_id, by_id=by_id, now=at)
    if verdict == "right":
        return
    repair = repairs.begin(session, entry_id, verdict, note=_NOTE, by_id=by_id, now=at)
    if repair is None:
        return
    if at + _MENDED_IN < scene.now:
        repairs.end(session, repair, by_id=desk.id, now=at + _MENDED_IN)
    elif verdict == "wrong":
        _suspend(scene, desk, repair)


def _suspend(scene: Scene, desk: Referent, repair: Repair) -> None:
    reason = scene.turn.texts("repair.reason", number=repair.id)
    hold = holds.suspend(scene.turn, desk, repair.entry_id, reason)
    repair.hold_id = hold.id if hold is not None else None
