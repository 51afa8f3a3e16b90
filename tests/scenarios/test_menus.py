"""The menu of each referent's chat follows their role, whenever Telegram is there to be told."""

import asyncio
from collections.abc import Callable

from bot.presence import attend
from bot.telegram.commands import PEOPLE, menu_of
from handlers import invitations, menus, staff
from handlers.errors import Refused
from handlers.staff_details import Typed
from handlers.turn import Turn
from storage import directory
from storage.tables import Referent
from tests.actors import TelegramCitizen
from tests.scenarios.desk import Colleague
from tests.stage import Stage


def expected(role: str) -> list[str]:
    return [name for name, _ in menu_of(role)]


async def menu(stage: Stage, account: int) -> list[str] | None:
    await stage.settle()
    return stage.telegram.menus.get(str(account))


def becomes(camille: Colleague, role: str) -> Callable[[Turn], list[Refused]]:
    def work(turn: Turn) -> list[Refused]:
        referent = directory.get(turn.session, camille.id)
        assert referent is not None
        typed = Typed(name=referent.name, territories="25,71", role=role, email="camille@exemple.fr")
        return staff.change(turn, referent, typed)

    return work


async def test_the_menu_follows_the_role_and_goes_with_it(stage: Stage, camille: Colleague) -> None:
    assert await menu(stage, camille.person.id) == expected("referent")
    assert await stage.turn(becomes(camille, "editor")) == []
    assert await menu(stage, camille.person.id) == expected("editor")

    def leaves(turn: Turn) -> Refused | None:
        referent = directory.get(turn.session, camille.id)
        assert referent is not None
        return staff.remove(turn, referent)

    assert await stage.turn(leaves) is None
    assert await menu(stage, camille.person.id) == []


async def test_an_account_that_was_confirmed_gets_its_menu(stage: Stage, diane: Colleague) -> None:
    def invite(turn: Turn) -> str:
        added = staff.add(turn, Typed(name="Lou Bernard", territories="39"), reachable=True)
        assert isinstance(added, Referent)
        return invitations.invite(turn, added)

    lou = TelegramCitizen(stage)
    await lou.says(f"/start {await stage.turn(invite)}")
    assert await menu(stage, lou.person.id) is None
    await diane.presses("Confirmer")
    assert await menu(stage, lou.person.id) == expected("referent")


async def test_at_a_start_everybody_has_their_menu(stage: Stage, camille: Colleague) -> None:
    """A release may have brought commands."""
    await stage.settle()
    stage.telegram.menus.clear()
    stop = asyncio.Event()
    attending = asyncio.create_task(attend(stage.house, stop, polling=False))
    while "all_private_chats" not in stage.telegram.menus:  # noqa: ASYNC110  # Telegram tells nobody of menus
        await asyncio.sleep(0.01)
    stop.set()
    await attending
    assert await menu(stage, camille.person.id) == expected("referent")
    assert stage.telegram.menus["all_private_chats"] == [name for name, _ in PEOPLE]


async def test_a_menu_waits_for_telegram(stage: Stage, camille: Colleague) -> None:
    await menu(stage, camille.person.id)
    stage.telegram.fail("setMyCommands", "502")
    stage.telegram.menus.clear()
    await stage.turn(menus.refresh_all)
    assert await menu(stage, camille.person.id) == expected("referent")
    assert [call.status for call in stage.telegram.calls("setMyCommands")].count(502) == 1
