"""What tests of news share: people who agree to get them, who sends them, how far that is."""

from collections.abc import Sequence

from handlers import broadcast, infos
from handlers.broadcast import Written
from handlers.errors import Refused
from handlers.turn import Turn
from storage import broadcasts as stored
from storage import contacts, directory, subscriptions, transcript
from storage.tables import Contact, Referent
from tests.actors import Citizen
from tests.scenarios.desk import Colleague
from tests.stage import Stage

YES = "Oui, je m'inscris"
YOUNG = "Le pass des 15-20 ans"
NEWS = "**Le rendez-vous** de décembre est à Besançon."
READ = "Le rendez-vous de décembre est à Besançon."


async def joins(citizen: Citizen, subject: str = YOUNG, *, place: str = "25") -> None:
    """Says where they are, asks for a subject, and says yes once more."""
    await citizen.says(f"/start dep-{place}")
    await citizen.says("/infos")
    await citizen.presses(subject)
    await citizen.presses(YES)


async def erased(citizen: Citizen) -> None:
    """Everything of theirs; on the web there is nothing to be heard after it."""
    await citizen._press("Oui, tout effacer")
    await citizen.stage.settle()


async def held(stage: Stage, citizen: Citizen) -> dict[str, str | None]:
    return await stage.turn(lambda turn: subscriptions.open_of(turn.session, known(turn, citizen).id))


def known(turn: Turn, citizen: Citizen) -> Contact:
    contact = contacts.by_address(turn.session, citizen.address)
    assert contact is not None
    return contact


async def send(stage: Stage, by: Colleague, territories: tuple[str, ...] | None = ("25",)) -> int:
    """Writes the news and sends it; the first step is done. Its number."""

    def work(turn: Turn) -> int:
        written = made(turn, by, territories)
        assert not isinstance(start(turn, by, written), Refused)
        return written

    number = await stage.turn(work)
    stage.house.worker.inbox_wake()
    await stage.settle()
    return number


def made(turn: Turn, by: Colleague, territories: tuple[str, ...] | None = ("25",)) -> int:
    wanted = Written(subject="jeunes", text=NEWS, territories=territories)
    found = broadcast.write(turn, person(turn, by), wanted)
    assert not isinstance(found, Refused), found
    return found.id


def start(turn: Turn, by: Colleague, number: int) -> int | Refused:
    return broadcast.start(turn, person(turn, by), number)


def stop(turn: Turn, by: Colleague, number: int) -> Refused | None:
    return broadcast.stop(turn, person(turn, by), number)


def person(turn: Turn, colleague: Colleague) -> Referent:
    found = directory.get(turn.session, colleague.id)
    assert found is not None
    return found


def accounts(count: int) -> Sequence[int]:
    return range(900_001, 900_001 + count)


async def crowd(stage: Stage, count: int) -> None:
    """Many who agreed, each with a chat of their own."""

    def agree(turn: Turn) -> None:
        for account in accounts(count):
            contact = contacts.at(turn.session, f"telegram:{account}", now=turn.now)
            infos.agree(turn, contact, "jeunes", "25", "Oui ?")

    await stage.settle()
    await stage.turn(agree)
    for account in accounts(count):
        stage.telegram.person(account)
        stage.telegram.chats[account].state = "open"


def got(stage: Stage, count: int) -> list[int]:
    """How often each of them has it."""
    people = [stage.telegram.person(account) for account in accounts(count)]
    return [sum(READ in one.text for one in somebody.heard()) for somebody in people]


def wipe(turn: Turn, citizen: Citizen) -> None:
    contact = contacts.by_address(turn.session, citizen.address)
    assert contact is not None
    transcript.wipe(turn.session, contact.id)


async def progress(stage: Stage, number: int = 1) -> tuple[str, dict[str, int]]:
    def look(turn: Turn) -> tuple[str, dict[str, int]]:
        found = stored.get(turn.session, number)
        assert found is not None
        return found.state, stored.progress(turn.session, number)

    return await stage.turn(look)
