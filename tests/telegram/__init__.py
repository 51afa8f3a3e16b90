"""Telegram's door, tested against the fake Bot API over real HTTP."""
