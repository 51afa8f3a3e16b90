"""A backup is put back, and what was promised to be gone stays gone."""

import asyncio
import itertools
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.library import Library
from bot.telegram.intake import arrivals
from handlers import invitations, login, staff
from handlers.staff_details import Typed
from handlers.turn import Turn
from storage import directory, queue, secrets
from storage.tables import Referent
from tests.actors import CoreCitizen, TelegramCitizen, WebCitizen
from tests.cli.conftest import Terminal
from tests.cli.program import Done
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, said, ticket
from tests.scenarios.news import held, joins, progress, send
from tests.scenarios.traces import traces
from tests.stage import Stage, open_stage

_thousands = itertools.count(1_000, 1_000)


@asynccontextmanager
async def house(folder: Path, library: Library) -> AsyncIterator[Stage]:
    """Opened today, since commands read this machine's clock; Telegram goes on counting."""
    async with open_stage(f"sqlite:///{folder / 'souffleur.db'}", folder, library) as stage:
        stage.clock.now = datetime.now(UTC)
        stage.telegram.updates.next_id += next(_thousands)
        yield stage


async def backed_up(bot: Terminal) -> Path:
    done = await asyncio.to_thread(bot, "backup")
    assert done.code == 0, done
    return Path(done.out.strip())


async def restored(bot: Terminal, copy: Path) -> Done:
    done = await asyncio.to_thread(bot, "restore", str(copy))
    assert done.code == 0, done
    return done


async def forgotten(bot: Terminal, address: str) -> None:
    assert (await asyncio.to_thread(bot, "forget", address)).code == 0


def about_to_be_said(folder: Path, to: Colleague) -> str:
    """What waits to be sent as soon as the house opens."""
    with closing(sqlite3.connect(folder / "souffleur.db")) as connection:
        rows = connection.execute("SELECT payload FROM outbox WHERE lane = ?", (to.person.address,))
        return "\n".join(json.loads(payload)["text"] for (payload,) in rows if payload)


@pytest.mark.fault(65)
async def test_who_was_erased_stays_erased_when_an_older_backup_is_restored(
    tmp_path: Path, library: Library, bot: Terminal
) -> None:
    async with house(tmp_path, library) as stage:
        await appoint(stage, "Diane Roux", role="admin", national=True)
        camille = await appoint(stage, "Camille Martin", territories="25")
        nadia, ada, bob = TelegramCitizen(stage), WebCitizen(stage), CoreCitizen(stage)
        for one, word in ((nadia, "xylophone"), (ada, "clavecin"), (bob, "trombone")):
            await one.says_and_waits(f"mon chapeau {word} est bloqué sur le pass culture")
        number = await asks_for_a_human(nadia, "Besançon")
        await camille.writes(f"/prendre {number}")
        copy = await backed_up(bot)
        await nadia.says("/effacer")
        await nadia.presses("Oui, tout effacer")
        await ada.says("/effacer")
        await ada._press("Oui, tout effacer")
        await stage.settle()
        assert traces(stage, "xylophone", "clavecin") == []
    done = await restored(bot, copy)
    assert "Erased again: 2 person(s), 1 ticket(s)." in done.err
    assert "a fait effacer ses messages" in about_to_be_said(tmp_path, camille)
    async with house(tmp_path, library) as stage:
        assert traces(stage, "xylophone", "clavecin") == []
        left = {line.split(":")[0] for line in traces(stage, nadia.address, ada.address)}
        assert left <= {"inbox.key", "inbox.lane", "outbox.lane"}, "what a repeated update is known by"
        assert traces(stage, "trombone")
        found = await ticket(stage, number)
        assert (found.state, found.contact_id) == ("closed", None)
        later = await asks_for_a_human(TelegramCitizen(stage), "Besançon")
        assert later > number + 100, "no number that somebody may have been told is given again"


async def test_who_was_erased_and_came_back_keeps_what_they_said_since(
    tmp_path: Path, library: Library, bot: Terminal
) -> None:
    async with house(tmp_path, library) as stage:
        nadia = TelegramCitizen(stage)
        await nadia.says_and_waits("mon chapeau xylophone est bloqué sur le pass culture")
        await nadia.says("/effacer")
        await nadia.presses("Oui, tout effacer")
        await stage.later(seconds=1)
        await nadia.says_and_waits("mon chapeau trombone est bloqué sur le pass culture")
        copy = await backed_up(bot)
    assert "Erased again: 0 person(s)" in (await restored(bot, copy)).err
    async with house(tmp_path, library) as stage:
        assert traces(stage, "trombone")
        assert traces(stage, "xylophone") == []


async def test_a_message_of_somebody_erased_that_waited_in_the_backup_is_not_handled(
    tmp_path: Path, library: Library, bot: Terminal
) -> None:
    async with house(tmp_path, library) as stage:
        nadia = TelegramCitizen(stage)
        stage.house.worker.stop()
        await stage.settle()
        stage.house.worker.inbox_wake.event.clear()
        nadia.person.write("mon chapeau xylophone est bloqué sur le pass culture")
        await stage.house.worker.inbox_wake.wait(10)
        assert [line.split(":")[0] for line in traces(stage, "xylophone")] == ["inbox.payload"]
        copy = await backed_up(bot)
    async with house(tmp_path, library) as stage:
        await stage.settle()
        await forgotten(bot, nadia.address)
        assert traces(stage, "xylophone") == []
    await restored(bot, copy)
    async with house(tmp_path, library) as stage:
        await stage.later(seconds=3)
        assert traces(stage, "xylophone") == []


async def test_the_register_beside_the_database_suffices_when_the_database_is_gone(
    tmp_path: Path, library: Library, bot: Terminal
) -> None:
    async with house(tmp_path, library) as stage:
        nadia = TelegramCitizen(stage)
        await nadia.says_and_waits("mon chapeau xylophone est bloqué sur le pass culture")
        copy = await backed_up(bot)
        await forgotten(bot, nadia.address)
    (tmp_path / "souffleur.db").write_bytes(b"a broken disk")
    done = await restored(bot, copy)
    assert "Erased again: 1 person(s)" in done.err
    async with house(tmp_path, library) as stage:
        assert traces(stage, "xylophone") == []


async def test_who_left_the_desk_stays_out_and_old_links_open_nothing(
    tmp_path: Path, library: Library, bot: Terminal
) -> None:
    async with house(tmp_path, library) as stage:
        diane = await appoint(stage, "Diane Roux", role="admin", national=True)
        camille = await appoint(stage, "Camille Martin", territories="25")
        nadia = TelegramCitizen(stage)
        number = await asks_for_a_human(nadia, "Besançon")
        await camille.writes(f"/prendre {number}")
        tokens = await stage.turn(lambda turn: _tokens(turn, diane.id))
        assert await stage.turn(lambda turn: _open(turn, tokens)) == ["login", "console", "invitation"]
        copy = await backed_up(bot)
        await stage.turn(lambda turn: _leave(turn, camille.id))
    assert "Removed from the desk again: Camille Martin" in (await restored(bot, copy)).err
    async with house(tmp_path, library) as stage:
        names = await stage.turn(lambda turn: [one.name for one in directory.everyone(turn.session)])
        assert names == ["Diane Roux", "Lou Bernard"]
        assert await stage.turn(lambda turn: _open(turn, tokens)) == []
        found = await ticket(stage, number)
        assert (found.state, found.referent_id) == ("waiting", None)


async def test_what_was_over_meanwhile_is_purged_before_anybody_is_served(
    tmp_path: Path, library: Library, bot: Terminal
) -> None:
    async with house(tmp_path, library) as stage:
        stage.clock.advance(days=-45)
        nadia = TelegramCitizen(stage)
        await nadia.says_and_waits("mon chapeau xylophone est bloqué sur le pass culture")
        copy = await backed_up(bot)
    await restored(bot, copy)
    with closing(sqlite3.connect(tmp_path / "souffleur.db")) as connection:
        assert connection.execute("SELECT count(*) FROM transcript").fetchone() == (0,)


@pytest.mark.fault(76)
async def test_after_a_restore_known_updates_are_known_and_buttons_of_since_are_harmless(
    tmp_path: Path, library: Library, bot: Terminal
) -> None:
    async with house(tmp_path, library) as stage:
        nadia = TelegramCitizen(stage)
        await nadia.says("bonjour")
        known = arrivals([_hello(stage.telegram.updates.next_id - 1, nadia.person.id)])
        copy = await backed_up(bot)
        await nadia.says("/start")
        button = nadia.person.heard()[-1].raw["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await restored(bot, copy)
    async with house(tmp_path, library) as stage:
        person = stage.telegram.person(nadia.person.id)
        stage.telegram.chats[person.id].state = "open"
        await stage.house.put(known)
        await stage.settle()
        assert person.heard() == []
        person.press_data(button)
        await stage.settle()
        assert "n'est plus valable" in said(person.heard())
        assert await stage.turn(lambda turn: queue.parked(turn.session)) == []


def _hello(update_id: int, account: int) -> dict[str, object]:
    chat = {"id": account, "type": "private"}
    sender = {"id": account, "is_bot": False, "first_name": "Nadia"}
    message = {"message_id": 1, "date": 1_795_000_000, "chat": chat, "from": sender, "text": "bonjour"}
    return {"update_id": update_id, "message": message}


def _tokens(turn: Turn, admin_id: int) -> dict[str, str]:
    admin = directory.get(turn.session, admin_id)
    assert admin is not None
    invited = staff.add(turn, Typed(name="Lou Bernard", territories="39"), telegram_id=None, reachable=True)
    assert isinstance(invited, Referent)
    session = login.enter(turn, login.link(turn, admin).rsplit("/", 1)[1])
    assert session is not None
    return {
        "login": login.link(turn, admin).rsplit("/", 1)[1],
        "console": session,
        "invitation": invitations.invite(turn, invited).removeprefix("invite-"),
    }


def _open(turn: Turn, tokens: dict[str, str]) -> list[str]:
    """The kinds of those tokens that still open something."""
    return [kind for kind, token in tokens.items() if secrets.find(turn.session, kind, token, now=turn.now)]


def _leave(turn: Turn, referent_id: int) -> None:
    referent = directory.get(turn.session, referent_id)
    assert referent is not None
    assert staff.remove(turn, referent) is None


async def test_who_wanted_no_news_any_more_gets_none(bot: Terminal, tmp_path: Path, library: Library) -> None:
    """And what was on its way does not go on: who has got it since the copy would get it again."""
    async with house(tmp_path, library) as stage:
        camille = await appoint(stage, "Camille Martin", territories="25")
        left, stays = TelegramCitizen(stage), TelegramCitizen(stage)
        for one in (left, stays):
            await joins(one)
        await send(stage, camille)
        copy = await backed_up(bot)
        await left.says("/stop")
    await restored(bot, copy)
    async with house(tmp_path, library) as stage:
        assert [await held(stage, one) for one in (left, stays)] == [{}, {"jeunes": "25"}]
        assert (await progress(stage))[0] == "stopped"
