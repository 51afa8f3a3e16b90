"""A rule changes: what we know of it is not said until the national desk says that it is settled."""

from sqlalchemy import select

from handlers import holds
from handlers.errors import Refused
from handlers.turn import Turn
from storage import directory
from storage import holds as stored
from storage.holds import Kind
from storage.tables import Question, Referent
from tests.actors import Citizen, buttons, texts
from tests.scenarios.desk import Colleague
from tests.stage import Stage

ENTRY = "pro-create-account"
ASKED = "comment créer un compte pass Culture Pro ?"
CHANGING = "règles sont en train de changer"


async def _freeze(stage: Stage, kind: Kind, target: str, by: Colleague | None = None) -> object:
    def place(turn: Turn) -> object:
        return holds.freeze(turn, _referent(turn, by), kind, target, "nouveau décret")

    return await stage.turn(place)


async def _thaw(stage: Stage, kind: Kind, target: str, by: Colleague | None = None) -> Refused | None:
    return await stage.turn(lambda turn: holds.thaw(turn, _referent(turn, by), kind, target))


def _referent(turn: Turn, by: Colleague | None) -> Referent | None:
    return directory.get(turn.session, by.id) if by is not None else None


async def _last_question(stage: Stage) -> tuple[str, str, str | None]:
    def look(turn: Turn) -> tuple[str, str, str | None]:
        found = turn.session.scalars(select(Question).order_by(Question.id.desc())).first()
        assert found is not None
        return found.outcome, found.knowledge_hash, found.entry_id

    return await stage.turn(look)


async def test_what_is_on_hold_hands_over_and_is_said_again_after(
    nadia: Citizen, stage: Stage, diane: Colleague
) -> None:
    assert not isinstance(await _freeze(stage, "entry", ENTRY, diane), Refused)
    heard = texts(await nadia.says(ASKED))
    assert CHANGING in heard
    assert "SIRET" not in heard
    assert "n° 1" in heard
    outcome, frozen_hash, entry_id = await _last_question(stage)
    assert (outcome, entry_id) == ("handoff", None)
    assert frozen_hash.startswith(stage.house.library.base.hash + "+")
    assert await _thaw(stage, "entry", ENTRY, diane) is None
    await nadia.says("/start " + ENTRY)
    assert "SIRET" in texts(nadia.last)
    assert (await _last_question(stage))[1] == stage.house.library.base.hash


async def test_a_tag_holds_every_entry_that_carries_it(nadia: Citizen, stage: Stage) -> None:
    tagged = [entry for entry in stage.house.library.base.entries.values() if "montant" in entry.tags]
    assert len(tagged) > 3
    await _freeze(stage, "tag", "montant")
    heard = texts(await nadia.says(f"/start {tagged[0].id}"))
    assert CHANGING in heard
    assert tagged[0].answer.strip()[:40] not in heard


async def test_what_is_on_hold_is_no_neighbour(nadia: Citizen, stage: Stage) -> None:
    await nadia.says("à quel âge a-t-on droit au pass ?")
    offered = buttons(await nadia.presses("Non")) - {"Reformuler ma question", "Parler au référent"}
    held = next(e for e in stage.house.library.base.entries.values() if e.title in offered)
    await _freeze(stage, "entry", held.id)
    assert CHANGING in texts(await nadia.presses(held.title))
    other = type(nadia)(stage)
    await other.says("à quel âge a-t-on droit au pass ?")
    assert held.title not in buttons(await other.presses("Non"))


async def test_what_is_on_hold_is_not_proposed(nadia: Citizen, stage: Stage) -> None:
    unclear = "code"
    first = await nadia.says_and_waits(unclear)
    proposed = [e for e in stage.house.library.base.entries.values() if e.title in buttons(first)]
    await _freeze(stage, "entry", proposed[0].id)
    left = buttons(await type(nadia)(stage).says_and_waits(unclear))
    assert proposed[0].title not in left
    assert proposed[1].title in left


async def test_what_is_on_hold_is_not_said_beside_a_ticket(nadia: Citizen, stage: Stage) -> None:
    await nadia.says("/referent")
    await nadia.says("25")
    await _freeze(stage, "entry", ENTRY)
    heard = texts(await nadia.says(ASKED))
    assert "SIRET" not in heard
    assert "ajouté" in heard


async def test_only_the_national_desk_may(stage: Stage, diane: Colleague, camille: Colleague) -> None:
    assert isinstance(await _freeze(stage, "tag", "montant", camille), Refused)
    assert isinstance(await _freeze(stage, "tag", "pas-une-etiquette", diane), Refused)
    assert isinstance(await _freeze(stage, "entry", "pas-une-fiche", diane), Refused)
    assert not isinstance(await _freeze(stage, "tag", "montant", diane), Refused)
    assert isinstance(await _freeze(stage, "tag", "montant", diane), Refused)
    assert isinstance(await _thaw(stage, "tag", "montant", camille), Refused)
    assert await _thaw(stage, "tag", "montant", diane) is None
    assert isinstance(await _thaw(stage, "tag", "montant", diane), Refused)

    def log(turn: Turn) -> list[tuple[str, str, int | None, int | None]]:
        return [(h.target, h.reason, h.held_by_id, h.thawed_by_id) for h in stored.ended(turn.session)]

    assert await stage.turn(log) == [("montant", "nouveau décret", diane.id, diane.id)]
