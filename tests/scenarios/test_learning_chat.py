"""Two taps after closing on Telegram propose what the demand teaches; nothing is shown that may not be."""

from pathlib import Path

import pytest

from bot.library import Library
from handlers.turn import Turn
from storage.tables import Proposal
from tests.actors import TelegramCitizen
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said
from tests.stage import Stage, open_stage

ASKED = "mon sésame violet de pass culture est cassé, appelez le 06 12 34 56 78"
MASKED = "mon sésame violet de pass culture est cassé, appelez le [téléphone]"
PROPOSE = "Rien de personnel, proposer"


async def _closed(stage: Stage, referent: Colleague) -> int:
    citizen = TelegramCitizen(stage)
    await citizen.says_and_waits(ASKED)
    number = await asks_for_a_human(citizen, "25")
    await referent.writes(f"/repondre {number} Il faut le changer.")
    await referent.writes(f"/clore {number}")
    return number


async def _proposals(stage: Stage) -> list[tuple[str, str | None, str, int | None]]:
    def look(turn: Turn) -> list[tuple[str, str | None, str, int | None]]:
        found = turn.session.query(Proposal).order_by(Proposal.id)
        return [(one.kind, one.target, one.text, one.proposed_by_id) for one in found]

    return await stage.turn(look)


async def test_what_was_asked_is_not_shown_where_notices_are_short(stage: Stage, camille: Colleague) -> None:
    await _closed(stage, camille)
    heard = said(await camille.presses("Ce n'est pas pour nous"))
    assert "sésame" not in heard
    assert "/console/demandes/" in heard
    heard = said(await camille.writes("mon sésame est cassé, écrivez à lea@exemple.fr"))
    assert "« mon sésame est cassé, écrivez à [adresse e-mail] »" in heard
    assert await _proposals(stage) == []
    await camille.writes("mon sésame est cassé")
    assert "attend la décision" in said(await camille.presses(PROPOSE))
    assert await _proposals(stage) == [("off_topic", "autre", "mon sésame est cassé", camille.id)]


async def test_two_taps_suffice_where_the_desk_shows_words(tmp_path: Path, library: Library) -> None:
    url = f"sqlite:///{tmp_path / 'souffleur.db'}"
    async with open_stage(url, tmp_path, library, telegram_notices="full") as stage:
        await appoint(stage, "Diane Roux", role="admin", national=True)
        camille = await appoint(stage, "Camille Martin", territories="25")
        await _closed(stage, camille)
        assert MASKED in said(await camille.presses("Il faudrait une nouvelle fiche"))
        await camille.presses(PROPOSE)
        ((kind, _, text, _),) = await _proposals(stage)
        assert (kind, text) == ("entry", MASKED)

        def draft(turn: Turn) -> dict[str, object] | None:
            return turn.session.query(Proposal).one().draft

        found = await stage.turn(draft)
        assert found is not None
        assert found["answer"] == "Il faut le changer."
        assert "choice.gone" not in said(await camille.presses(PROPOSE))
        assert len(await _proposals(stage)) == 1, "a button pressed twice proposes once"


async def test_an_entry_that_was_near_is_offered(stage: Stage, camille: Colleague) -> None:
    citizen = TelegramCitizen(stage)
    await citizen.says("comment créer un compte pass Culture Pro ?")
    number = await asks_for_a_human(citizen, "25")
    heard = await camille.writes(f"/clore {number}")
    title = stage.house.library.base.entries["pro-create-account"].title
    offered = [button for one in heard for button in one.buttons if title in button]
    assert len(offered) == 1
    await camille.presses(offered[0])
    await camille.writes("faire naître un espace violet pour ma librairie")
    await camille.presses(PROPOSE)
    assert [one[:2] for one in await _proposals(stage)] == [("phrasing", "pro-create-account")]


@pytest.mark.parametrize("press", ["Ne rien proposer", None])
async def test_nothing_is_proposed_without_the_second_tap(
    stage: Stage, camille: Colleague, press: str | None
) -> None:
    await _closed(stage, camille)
    await camille.presses("Ce n'est pas pour nous")
    await camille.writes("mon sésame est cassé")
    if press is not None:
        assert "rien n'est proposé" in said(await camille.presses(press))
    else:
        await stage.later(minutes=31)
        assert "plus valable" in said(await camille.presses(PROPOSE))
    assert await _proposals(stage) == []
