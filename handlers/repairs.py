"""Entries to mend since an answer was judged: editors are told, a wrong one is not said until then."""

from handlers import audit, holds
from handlers.audit import Action
from handlers.delivery import notify
from handlers.errors import Refused, refused
from handlers.pack_growth import name_of
from handlers.turn import Turn
from knowledge.texts import Raw
from storage import repairs
from storage.rights import Right, may
from storage.tables import Referent, Repair


def begin(turn: Turn, by: Referent, entry_id: str, verdict: str, note: str) -> Repair | None:
    """The task to mend an entry, which may stand already; a wrong entry is suspended through every door."""
    repair = repairs.begin(turn.session, entry_id, verdict, note=note, by_id=by.id, now=turn.now)
    news = repair is not None
    if repair is None:
        repair = repairs.standing_of(turn.session, entry_id)
        if repair is None:
            return None
        repairs.add_note(turn.session, repair, note)
        news = verdict == "wrong" and repairs.worsen(turn.session, repair)
    if news and verdict == "wrong":
        hold = holds.suspend(turn, by, entry_id, turn.texts("repair.reason", number=repair.id))
        repair.hold_id = hold.id if hold is not None else None
    if news:
        _tell_editors(turn, by, repair)
    return repair


def end(turn: Turn, by: Referent, repair_id: int) -> Repair | Refused:
    """The entry is mended; one that was suspended for it alone is said again."""
    repair = repairs.get(turn.session, repair_id)
    if repair is None or not may(by, Right.CONTENT):
        return refused("repair.unknown", number=repair_id)
    if not repairs.end(turn.session, repair, by_id=by.id, now=turn.now):
        return refused("repair.ended_already", number=repair_id)
    audit.note(turn, by, Action.MENDED, "repair", repair_id)
    if repair.hold_id is not None:
        holds.thaw(turn, by, "entry", repair.entry_id)
    return repair


def url(turn: Turn, repair: Repair) -> str:
    return f"{turn.world.public_url}/console/qualite/fiches/{repair.id}"


def _tell_editors(turn: Turn, by: Referent, repair: Repair) -> None:
    title, address = name_of(turn, repair.entry_id), url(turn, repair)
    key = "notice.repair_wrong" if repair.verdict == "wrong" else "notice.repair_incomplete"
    text = turn.texts(key, title=title, url=Raw(address))
    for editor in repairs.editors(turn.session):
        if editor.id != by.id:
            notify(turn, editor, text, mail_key="mail.repair", title=title, url=Raw(address), what=Raw(text))
