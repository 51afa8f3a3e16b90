"""What is told to Telegram about the bot at start-up: its menus, its webhook; and what it tells: its name."""

from typing import Final

from telegram import Bot, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.telegram.intake import ALLOWED_UPDATES
from bot.telegram.transport import failure_of

PEOPLE: Final = (
    ("start", "Commencer ou recommencer"),
    ("aide", "Ce que je sais faire"),
    ("themes", "Choisir parmi les thèmes"),
    ("referent", "Parler à un référent"),
    ("mesdemandes", "Suivre mes demandes"),
    ("infos", "Recevoir des infos, ou ne plus en recevoir"),
    ("mesdonnees", "Voir mes données"),
    ("effacer", "Effacer mes données"),
    ("confidentialite", "Qui lit, combien de temps"),
)
DESK: Final = (
    ("demandes", "Les demandes qui m'attendent"),
    ("prendre", "Prendre une demande : /prendre 12"),
    ("repondre", "Répondre : /repondre 12 votre texte"),
    ("transmettre", "Transmettre : /transmettre 12 25"),
    ("clore", "Clore une demande : /clore 12"),
    ("note", "Note interne : /note 12 votre note"),
    ("modeles", "Les modèles de réponse"),
    ("absent", "Annoncer une absence"),
    ("horaires", "Mes horaires : /horaires lun-ven 9h-12h 14h-17h"),
    ("action", "Ce que la réunion a décidé : /action Camille relancer la DRAC pour vendredi"),
    ("blocage", "Ce qui bloque : /blocage 12 adage Les classes ne voient plus l'offre"),
    ("structure", "Où en est une structure : /structure Le Rex"),
    ("structures", "Les structures bloquées"),
    ("semaine", "Le point de la semaine : /semaine 2026-W48"),
    ("juger", "Juger des réponses du robot, une par une"),
    ("console", "Recevoir un lien vers la console"),
)
EDITORS: Final = (
    ("console", "Recevoir un lien vers la console"),
    ("demandes", "Les demandes qui m'attendent"),
    ("repondre", "Répondre : /repondre 12 votre texte"),
    ("absent", "Annoncer une absence"),
)
"""The console first: there they write; tickets of their own territories, if they have any."""


def menu_of(role: str) -> tuple[tuple[str, str], ...]:
    """The commands of a referent's chat, people's behind their own."""
    return (*(EDITORS if role == "editor" else DESK), *PEOPLE)


async def announce(bot: Bot) -> None:
    """Sets people's menu, in all private chats. Raises `DeliveryError`; referents' menus are messages."""
    try:
        await bot.set_my_commands(PEOPLE, scope=BotCommandScopeAllPrivateChats())
    except TelegramError as error:
        failure = failure_of(error)
    else:
        return
    raise failure


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
