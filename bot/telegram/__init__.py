"""Telegram's door: raw updates come in through `intake` and become events in `translate`; messages go out
through `render` and `sender`, over the `transport` that tells *not sent* from *perhaps sent*.

What belongs here: everything that knows the Bot API. What does not: deciding what to say, or remembering it.
"""
