"""`queue …` as an operator uses it: what waits, what went wrong, and trying it again once it is mended."""

import asyncio
import json
from typing import Any

from storage import queue
from tests.actors import TelegramCitizen
from tests.cli.conftest import Terminal
from tests.cli.program import Done
from tests.scenarios.desk import appoint, asks_for_a_human
from tests.stage import Stage


async def types(bot: Terminal, *arguments: str) -> Done:
    return await asyncio.to_thread(bot, "queue", *arguments)


async def failures(bot: Terminal) -> dict[str, list[dict[str, Any]]]:
    shown = (await types(bot, "failed", "--json")).out
    # What the house logged before stands there, too: it lives in this very process.
    found: dict[str, list[dict[str, Any]]] = json.loads(shown[shown.index("{\n") :])
    return found


def test_empty_queues_say_so(bot: Terminal) -> None:
    status = json.loads(bot("queue", "status", "--json").out)
    assert (status["inbox"], status["outbox"], status["gates_closed"]) == ({}, {}, {})
    assert (status["inbox_oldest"], status["parked"], status["failed"]) == (None, 0, 0)
    assert "Oldest unsent message: none" in bot("queue", "status").err
    assert json.loads(bot("queue", "failed", "--json").out) == {"parked": [], "failed": []}
    assert "0 item(s)" in bot("queue", "retry").err
    assert "0 message(s)" in bot("queue", "retry", "--messages").err


async def test_an_item_that_was_set_aside_is_shown_and_tried_again(stage: Stage, bot: Terminal) -> None:
    def put(key: str) -> None:
        stage.telegram.updates.inject({"update_id": int(key), "message": {"message_id": "no number"}})

    put("1")
    put("2")
    await stage.settle()
    first, second = (await failures(bot))["parked"]
    assert first["reason"].startswith("unreadable")
    shown = await types(bot, "failed")
    assert first["key"] in shown.out
    assert "queue retry" in shown.err
    assert "`queue failed` shows" in (await types(bot, "status")).err
    stage.house.worker.stop()
    await stage.settle()
    assert "1 item(s) will be tried again" in (await types(bot, "retry", str(second["id"]))).err
    left = await stage.turn(lambda turn: [one.id for one in queue.parked(turn.session)])
    assert left == [first["id"]]
    unknown = await types(bot, "retry", "999")
    assert (unknown.code, "not set aside" in unknown.err, "999" in unknown.err) == (1, True, True)


async def test_a_reply_that_was_refused_goes_out_once_it_is_mended(stage: Stage, bot: Terminal) -> None:
    camille = await appoint(stage, "Camille Martin", territories="25")
    nadia = TelegramCitizen(stage)
    number = await asks_for_a_human(nadia, "Besançon")
    await camille.writes(f"/prendre {number}")
    stage.telegram.fail("sendMessage", "400")
    await camille.writes(f"/repondre {number} Votre pass est débloqué")
    assert "débloqué" not in "\n".join(one.text for one in await nadia.hears())
    (failed,) = (await failures(bot))["failed"]
    assert (failed["channel"], failed["ticket"], failed["purpose"]) == ("telegram", number, "reply")
    assert "débloqué" not in (await types(bot, "failed")).out
    done = await types(bot, "retry", "--messages", str(failed["id"]))
    assert (done.code, "1 message(s) will be sent again" in done.err) == (0, True), done
    stage.house.worker.outbox_wake()
    assert "débloqué" in "\n".join(one.text for one in await nadia.hears())
    again = await types(bot, "retry", "--messages", str(failed["id"]))
    assert f"Nothing is left to send, or nobody to read it: {failed['id']}" in again.err
    assert (await types(bot, "retry", "--messages", "999")).code == 1


async def test_what_the_bot_said_is_sent_again_too_but_not_to_who_is_gone(
    stage: Stage, bot: Terminal
) -> None:
    nadia, bob = TelegramCitizen(stage), TelegramCitizen(stage)
    for one in (nadia, bob):
        await one.says("bonjour")
        stage.telegram.fail("sendMessage", "400")
        await one.says("/aide")
    bob.person.block()
    await stage.settle()
    assert len((await failures(bot))["failed"]) == 2
    done = await types(bot, "retry", "--messages")
    assert "1 message(s) will be sent again" in done.err
    assert "nobody to read it" in done.err
    stage.house.worker.outbox_wake()
    assert any("/effacer" in one.text for one in await nadia.hears())
