"""What is told to Telegram about the bot at start-up: its menus, its webhook; and what it tells: its name."""

from collections.abc import Collection
from typing import Final

import structlog
from telegram import Bot, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

from bot.telegram.intake import ALLOWED_UPDATES
from bot.telegram.transport import failure_of

log = structlog.get_logger(__name__)

PEOPLE: Final = (
    ("start", "Commencer ou recommencer"),
    ("aide", "Ce que je sais faire"),
    ("themes", "Choisir parmi les thèmes"),
    ("referent", "Parler à un référent"),
    ("mesdemandes", "Suivre mes demandes"),
    ("mesdonnees", "Voir mes données"),
    ("effacer", "Effacer mes données"),
    ("confidentialite", "Qui lit, combien de temps"),
)
REFERENTS: Final = (
    ("demandes", "Les demandes qui m'attendent"),
    ("prendre", "Prendre une demande : /prendre 12"),
    ("repondre", "Répondre : /repondre 12 votre texte"),
    ("transmettre", "Transmettre : /transmettre 12 25"),
    ("clore", "Clore une demande : /clore 12"),
    ("absent", "Annoncer une absence"),
    ("horaires", "Mes horaires : /horaires lun-ven 9h-12h 14h-17h"),
    ("console", "Recevoir un lien vers la console"),
    *PEOPLE,
)


async def announce(bot: Bot, referent_chat_ids: Collection[int]) -> None:
    """Sets the menus, people's and referents'. Best effort: a menu that is missing stops nobody."""
    try:
        await bot.set_my_commands(PEOPLE, scope=BotCommandScopeAllPrivateChats())
    except TelegramError as error:
        log.warning("menus_not_set", reason=str(error))
        return
    for chat_id in referent_chat_ids:
        await announce_referent(bot, chat_id)


async def announce_referent(bot: Bot, chat_id: int) -> None:
    """Gives one chat the referents' menu; it may have blocked the bot meanwhile."""
    try:
        await bot.set_my_commands(REFERENTS, scope=BotCommandScopeChat(chat_id))
    except TelegramError as error:
        log.info("referent_menu_not_set", reason=str(error))


async def withdraw_referent(bot: Bot, chat_id: int) -> None:
    """Gives one chat people's menu again."""
    try:
        await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id))
    except TelegramError as error:
        log.info("referent_menu_not_removed", reason=str(error))


async def username_of(bot: Bot) -> str:
    """The bot's name for `https://t.me/<name>`; raises `DeliveryError` when Telegram can't be asked."""
    try:
        return (await bot.get_me()).username or ""
    except TelegramError as error:
        failure = failure_of(error)
    raise failure


async def use_polling(bot: Bot) -> None:
    """Takes a webhook away, if there is one; what waits at Telegram's is kept. Raises `DeliveryError`."""
    try:
        await bot.delete_webhook(drop_pending_updates=False)
    except TelegramError as error:
        failure = failure_of(error)
    else:
        return
    raise failure


async def use_webhook(bot: Bot, url: str, secret: str) -> None:
    """Has updates sent to `url`; what waits at Telegram's is kept. Raises `DeliveryError`."""
    try:
        await bot.set_webhook(
            url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False
        )
    except TelegramError as error:
        failure = failure_of(error)
    else:
        return
    raise failure
