"""Menus and modes, as Telegram is told about them at start-up."""

import pytest
from structlog.testing import capture_logs
from telegram import Bot

from bot.delivery import Unavailable
from bot.telegram.commands import (
    PEOPLE,
    REFERENTS,
    announce,
    announce_referent,
    use_polling,
    use_webhook,
    username_of,
    withdraw_referent,
)
from tests.fake_telegram import FakeTelegram, Person

PEOPLES_MENU = [name for name, _ in PEOPLE]
REFERENTS_MENU = [name for name, _ in REFERENTS]


async def test_people_and_referents_have_their_menus(telegram: FakeTelegram, bot: Bot, alice: Person) -> None:
    await announce(bot, [alice.id])
    assert telegram.menus == {"all_private_chats": PEOPLES_MENU, "1001": REFERENTS_MENU}
    assert {"start", "aide", "themes", "referent", "mesdemandes"} <= set(PEOPLES_MENU)
    assert {"mesdonnees", "effacer", "confidentialite"} <= set(PEOPLES_MENU)
    assert {"demandes", "prendre", "repondre", "transmettre", "clore", "absent", "horaires", "console"} | set(
        PEOPLES_MENU
    ) == set(REFERENTS_MENU)


async def test_a_referent_who_left_gets_peoples_menu_again(
    telegram: FakeTelegram, bot: Bot, alice: Person
) -> None:
    await announce_referent(bot, alice.id)
    await withdraw_referent(bot, alice.id)
    assert telegram.menus == {"1001": []}


async def test_one_unknown_referent_does_not_cost_the_others_their_menu(
    telegram: FakeTelegram, bot: Bot, alice: Person
) -> None:
    with capture_logs():
        await announce(bot, [555, alice.id])
    assert telegram.menus["1001"] == REFERENTS_MENU


@pytest.mark.parametrize("fault", ["401", "502", "reset_before", "429"])
async def test_a_menu_that_cannot_be_set_stops_nothing(
    telegram: FakeTelegram, bot: Bot, alice: Person, fault: str
) -> None:
    telegram.fail("*", fault, times=None)
    with capture_logs() as logs:
        await announce(bot, [alice.id])
        await withdraw_referent(bot, alice.id)
    assert [entry["event"] for entry in logs] == ["menus_not_set", "referent_menu_not_removed"]
    assert telegram.token not in str(logs)


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
