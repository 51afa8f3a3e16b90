"""The opponent: python-telegram-bot's own way to run an echo bot by webhook. It forgets what a crash finds.

`python -m tests.bench.throughput.echo stock|ours API_URL PORT SECRET`; `ours` sends by our transport.
"""

import sys

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.telegram.transport import AiohttpRequest
from tests.fake_telegram import TOKEN

_BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Encore", callback_data="again")]])


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """A text comes back, with one button."""
    assert update.message is not None
    await update.message.reply_text(update.message.text or "", reply_markup=_BUTTONS)


async def pressed(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """A button is acknowledged, as it should be, and comes back."""
    query = update.callback_query
    assert query is not None
    assert isinstance(query.message, Message)
    await query.answer()
    await query.message.reply_text(query.data or "", reply_markup=_BUTTONS)


def main() -> None:
    transport, api_url, port, secret = sys.argv[1:]
    builder = (
        ApplicationBuilder().token(TOKEN).base_url(f"{api_url}/bot").base_file_url(f"{api_url}/file/bot")
    )
    if transport == "ours":
        builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest())
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(pressed))
    application.run_webhook(
        "127.0.0.1",
        int(port),
        "telegram/webhook",
        webhook_url=f"https://127.0.0.1:{port}/telegram/webhook",
        secret_token=secret,
    )


if __name__ == "__main__":
    main()
