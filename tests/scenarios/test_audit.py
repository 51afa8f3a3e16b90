"""The journal knows by which door something was done, and holds nothing of the people who ask."""

from handlers.turn import Turn
from storage.tables import Deed
from tests.actors import TelegramCitizen
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human
from tests.scenarios.traces import traces
from tests.stage import Stage


async def deeds(stage: Stage, who: Colleague) -> list[tuple[str, str, str | None]]:
    """What somebody did, the oldest first: action, door, target."""

    def look(turn: Turn) -> list[tuple[str, str, str | None]]:
        rows = turn.session.query(Deed).filter_by(referent_id=who.id).order_by(Deed.id)
        return [(row.action, row.channel, row.target) for row in rows]

    return await stage.turn(look)


async def test_what_is_done_on_telegram_is_noted_as_such(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    sam = await appoint(stage, "Sam Petit", territories="25")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    await sam.writes(f"/prendre {number}")  # refused: nothing is noted
    await sam.writes(f"/prendre {number} quand même")
    await sam.writes(f"/transmettre {number} Camille Martin")
    await diane.writes(f"/prendre {number} quand même")
    await camille.writes("/absent 24/12")
    await camille.writes("/absent fin")  # refused
    await camille.writes("/absent annuler")
    target, own = str(number), str(camille.id)
    assert await deeds(stage, camille) == [("absent", "telegram", own), ("back", "telegram", own)]
    assert await deeds(stage, sam) == [("taken_over", "telegram", target), ("passed_on", "telegram", target)]
    assert await deeds(stage, diane) == [("read", "telegram", target), ("taken_over", "telegram", target)]


async def test_the_journal_holds_nothing_of_who_asks(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    await nadia_on_telegram.says_and_waits("mon chapeau xylophone est bloqué sur le pass culture")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await diane.writes(f"/prendre {number}")
    await diane.writes(f"/transmettre {number} Camille Martin")
    await camille.writes(f"/repondre {number} Voici votre xylophone")
    held = traces(stage, "xylophone", str(nadia_on_telegram.person.id), "Camille Martin", "Diane Roux")
    assert [line for line in held if line.startswith("audit.")] == []
