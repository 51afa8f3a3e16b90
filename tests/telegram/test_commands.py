"""Menus and modes, as Telegram is told about them at start-up."""

import pytest
from telegram import Bot

from bot.delivery import DeliveryError, Unavailable
from bot.telegram.commands import DESK, PEOPLE, announce, menu_of, use_polling, use_webhook, username_of
from bot.telegram.sender import TelegramSender
from handlers.commands import COMMANDS
from handlers.referent_commands import COMMANDS as DESK_COMMANDS
from storage.rights import ROLES
from tests.fake_telegram import FakeTelegram, Person

PEOPLES_MENU = [name for name, _ in PEOPLE]


async def test_people_have_their_menu_in_every_private_chat(telegram: FakeTelegram, bot: Bot) -> None:
    await announce(bot)
    assert telegram.menus == {"all_private_chats": PEOPLES_MENU}
    assert {"start", "aide", "themes", "referent", "mesdemandes"} <= set(PEOPLES_MENU)
    assert {"mesdonnees", "effacer", "confidentialite"} <= set(PEOPLES_MENU)


@pytest.mark.parametrize("role", ROLES)
def test_each_command_of_a_menu_exists(role: str) -> None:
    names = [name for name, _ in menu_of(role)]
    assert len(set(names)) == len(names)
    assert set(names) <= COMMANDS.keys() | DESK_COMMANDS.keys()
    assert names[-len(PEOPLE) :] == PEOPLES_MENU
    assert "console" in names


def test_whoever_answers_has_all_that_answering_takes() -> None:
    needed = {"demandes", "prendre", "repondre", "transmettre", "clore", "absent", "horaires", "console"}
    assert needed <= {name for name, _ in DESK}
    assert menu_of("editor")[0][0] == "console"


async def test_a_role_gives_its_menu_and_leaving_peoples_again(
    telegram: FakeTelegram, sender: TelegramSender, alice: Person
) -> None:
    await sender.deliver(alice.address, {"kind": "menu", "role": "lead"}, repeated=False)
    assert telegram.menus["1001"] == [name for name, _ in menu_of("lead")]
    await sender.deliver(alice.address, {"kind": "menu", "role": None}, repeated=False)
    assert telegram.menus["1001"] == []
    unknown = await sender.deliver("telegram:555", {"kind": "menu", "role": "lead"}, repeated=False)
    assert unknown.external_id is None


@pytest.mark.parametrize("fault", ["401", "502", "reset_before", "429"])
async def test_a_menu_that_cannot_be_set_is_tried_again_by_whoever_asked(
    telegram: FakeTelegram, bot: Bot, sender: TelegramSender, alice: Person, fault: str
) -> None:
    telegram.fail("*", fault, times=None)
    with pytest.raises(DeliveryError):
        await announce(bot)
    with pytest.raises(DeliveryError):
        await sender.deliver(alice.address, {"kind": "menu", "role": "lead"}, repeated=False)


async def test_the_bot_knows_its_name(telegram: FakeTelegram, bot: Bot) -> None:
    assert await username_of(bot) == "souffleur_bot"


async def test_start_up_learns_why_telegram_cannot_be_asked(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.fail("*", "401", times=None)
    with pytest.raises(Unavailable):
        await username_of(bot)
    with pytest.raises(Unavailable):
        await use_polling(bot)
    with pytest.raises(Unavailable):
        await use_webhook(bot, "https://aide.example.fr/telegram/webhook", "secret")
