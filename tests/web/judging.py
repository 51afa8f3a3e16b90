"""Answers that are drawn, and judging them at the console."""

import re

from handlers import sampling
from tests.web.office import Desk, Office, words

ENTRY = "pro-create-account"
QUALITY = "/console/qualite"
LAST = "2026-W47"
"""The office's Monday is in week 48."""


async def drawn(office: Office, *texts: str, entry_id: str = ENTRY, territory: str | None = "25") -> None:
    """Answered in the week that is over, and drawn."""
    for text in texts:
        await office.question(text, outcome="answer", entry_id=entry_id, territory=territory, days_ago=3)
    await office.turn(lambda turn: sampling.draw(turn, LAST))


async def judges(desk: Desk, verdict: str, *, status: int = 303, **more: str) -> str:
    """Judges the answer that the page shows."""
    page = await desk.read(QUALITY)
    action = re.search(r'action="(/console/qualite/\d+/avis)"', page)
    assert action is not None, words(page)
    return await desk.send(action[1], {"avis": verdict, "semaine": LAST, **more}, status=status)
