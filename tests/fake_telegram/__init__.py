"""A fake Telegram: a real HTTP server with the Bot API's calls that we use, strict about how they are used.

What belongs here: what Telegram does, its limits and its failures. What does not: anything of ours.
"""

from tests.fake_telegram.faults import Fault, fault
from tests.fake_telegram.person import Heard, Person
from tests.fake_telegram.server import TOKEN, Call, FakeTelegram

__all__ = ["TOKEN", "Call", "FakeTelegram", "Fault", "Heard", "Person", "fault"]
