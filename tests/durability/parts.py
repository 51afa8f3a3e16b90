"""What people do, over and over, until it is over: they chat, ask for somebody, leave, move."""

import asyncio
import itertools
import re
from collections.abc import Collection, Iterator

from tests.durability.cast import Acts, Cast, OnTelegram, OnTheWeb
from tests.durability.checker import OPENED
from tests.durability.subjects import SMALL_TALK, SUBJECTS, Subjects

NUMBERED = re.compile(r"votre demande porte le n° (\d+)")
AHEAD = 5
"""Things that somebody says without having heard anything."""
SOLVED = "Oui, c'est résolu"
LAST = "Dernière réponse à la demande {}."
_ANSWERS = (
    (NUMBERED, OPENED),
    (re.compile(r"La demande n° (\d+) est à vous"), "taken {}"),
    (re.compile(r"Votre réponse à la demande n° (\d+) part"), "sent {}"),
    (re.compile(r"votre réponse à la demande n° (\d+) n.a pas été remise"), "sent {}"),
    (re.compile(r"La demande n° (\d+) est close\. La personne"), "closed {}"),
    (re.compile(r"c.est noté : votre demande est close"), "confirmed"),
)


def answered(subjects: Subjects, text: str) -> str | None:
    """Of what that was said here a text of the bot's is the outcome."""
    told = " ".join(text.split())
    for pattern, answer in _ANSWERS:
        if found := pattern.search(told):
            return answer.format(*found.groups())
    return subjects.answered(text)


def things() -> Iterator[str]:
    """Texts and commands in turn, each answered in its own way; neighbours always differ."""
    talk = list(SMALL_TALK)
    for index in itertools.count():
        yield talk[(index // 2) % 3] if index % 2 else f"/start sujet-{index // 2 % SUBJECTS}"


async def chats(cast: Cast, account: int, *, every: float) -> None:
    """Wants one thing after the other explained, and has the patience to wait for a few of them only."""
    somebody = cast.on_telegram(account)
    for number, text in enumerate(things()):
        if not await cast.until(lambda number=number: len(somebody.hears()) > number - AHEAD):  # type: ignore[misc]
            return
        somebody.says(text, text)
        await cast.pause(every)


async def hesitates(cast: Cast, account: int, *, every: float) -> None:
    """Says what is not sure, so that it waits for the rest of a thought; now and then there is a rest."""
    somebody = cast.on_telegram(account)
    somebody.says("/start sujet-0", "/start sujet-0")
    for number in itertools.count(1):
        heard = len(somebody.hears())
        somebody.says(f"quel temps fera-t-il le {number}", None)
        if number % 3 == 0:
            await cast.pause(every)
            somebody.says(f"et le soir du {number}", None)
        if not await cast.until(lambda heard=heard: len(somebody.hears()) > heard):  # type: ignore[misc]
            return
        await cast.pause(every)


async def moves(cast: Cast, account: int, chat_id: int) -> None:
    """Their chat becomes another one in the middle of the talk; they hear each answer before they go on."""
    somebody = cast.on_telegram(account)
    for subject in range(SUBJECTS):
        if subject == 3:
            somebody.chats.append(somebody.chats[0].move(chat_id))
        somebody.says(f"/start sujet-{subject}", f"/start sujet-{subject}")
        answer = f"Réponse au sujet {subject}."
        if not await cast.until(lambda answer=answer: any(answer in one for one in somebody.hears())):  # type: ignore[misc]
            return


async def browses(cast: Cast, *, every: float) -> None:
    """The same as `chats` on the web, with a double click now and then."""
    somebody = await cast.on_the_web()
    for text in things():
        if cast.over.is_set():
            return
        await somebody.says(text, text, times=2 if cast.chance.random() < 0.3 else 1)
        await cast.pause(every)


async def asks(cast: Cast, account: int, *, every: float) -> None:
    """Asks for a person, says where they are and what it is about, and waits until that is over."""
    somebody = cast.on_telegram(account)
    placed = False
    while (acts := await _opens(cast, somebody)) is not None:
        if not placed:
            somebody.says("Doubs", None)
        placed = True
        for place in range(cast.chance.randint(0, 2)):
            await cast.pause(every)
            somebody.says(f"Je précise pour la demande numéro {acts.number} : détail {place}.", None)
        if not await cast.until(lambda acts=acts: _ended(acts, somebody.hears())):  # type: ignore[misc]
            return
        if not acts.closing:
            somebody.presses(SOLVED, "confirmed")
            acts.done["confirmed"] += 1


async def leaves(cast: Cast, account: int) -> None:
    """Asks for a person, and has closed their account when the reply comes."""
    somebody = cast.on_telegram(account)
    left = asyncio.Event()
    if await _opens(cast, somebody, left) is None:
        return
    somebody.says("Doubs", None)
    if await cast.until(lambda: any("prise en charge" in text for text in somebody.hears())):
        somebody.reachable = False
        somebody.chats[0].deactivate()
    left.set()


async def asks_on_the_web(cast: Cast, *, every: float) -> None:
    """The same as `asks` with a browser; they look again every now and then."""
    somebody = await cast.on_the_web()
    placed = False
    while not cast.over.is_set():
        await somebody.says("/referent", OPENED)
        number = await _opened_on_the_web(cast, somebody)
        if number is None:
            return
        cast.demands[number] = acts = Acts(number, somebody)
        if not placed:
            await somebody.says("Finistère", None)
        placed = True
        await somebody.says(f"Je précise pour la demande numéro {number}.", None, times=2)
        while not _ended(acts, await somebody.heard()):
            if cast.over.is_set():
                return
            await cast.pause(every)
        if not acts.closing:
            await somebody.presses(SOLVED, "confirmed")
            acts.done["confirmed"] += 1


def numbers(heard: Collection[str], pattern: re.Pattern[str] = NUMBERED) -> set[int]:
    """The demands that somebody was told of in these words."""
    found = (pattern.search(" ".join(text.split())) for text in heard)
    return {int(one[1]) for one in found if one}


async def _opens(cast: Cast, somebody: OnTelegram, left: asyncio.Event | None = None) -> Acts | None:
    """A new demand, once they were told its number; None when it is over."""
    if cast.over.is_set():
        return None
    somebody.says("/referent", OPENED)
    if not await cast.until(lambda: bool(numbers(somebody.hears()) - cast.demands.keys())):
        return None
    (number,) = numbers(somebody.hears()) - cast.demands.keys()
    cast.demands[number] = acts = Acts(number, somebody, left=left)
    return acts


async def _opened_on_the_web(cast: Cast, somebody: OnTheWeb) -> int | None:
    while not (new := numbers(await somebody.heard()) - cast.demands.keys()):
        if cast.over.is_set():
            return None
        await cast.pause(0.5)
    (number,) = new
    return number


def _ended(acts: Acts, heard: Collection[str]) -> bool:
    """Whether they heard all that they wait for."""
    words = f"a clos votre demande n° {acts.number}." if acts.closing else LAST.format(acts.number)
    return any(words in " ".join(text.split()) for text in heard)
