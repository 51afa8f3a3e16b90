"""What a referent takes back, and what could not be delivered and is sent again."""

import pytest

from tests.actors import TelegramCitizen
from tests.scenarios.console import at_desk
from tests.scenarios.desk import Colleague, asks_for_a_human, history
from tests.scenarios.test_pieces import PNG
from tests.scenarios.test_revising import on_screen, own_messages, reply, shown
from tests.scenarios.test_uploads import gives
from tests.stage import Stage


@pytest.mark.fault(60)
async def test_a_deleted_message_is_gone_on_both_sides(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    async with at_desk(stage, camille) as desk:
        message = await reply(stage, desk, number, "Son IBAN est FR76 3000")
        led = await desk.send(f"{message}/suppression")
        assert "Le message est supprimé." in await desk.read(led)
        await stage.settle()
        page = await shown(desk, number)
        await desk.send(f"{message}/modification", status=422, message="revient")
    assert "FR76" not in page
    assert "Message supprimé" in page
    assert "FR76" not in on_screen(nadia_on_telegram)
    assert [call.status for call in stage.telegram.calls("deleteMessage")] == [200]
    assert "deleted" in await history(stage, number)


async def test_after_two_days_a_message_is_deleted_here_alone(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    async with at_desk(stage, camille) as desk:
        await reply(stage, desk, number, "Texte ancien")
    stage.clock.advance(days=3)
    async with at_desk(stage, camille) as desk:
        (message,) = await own_messages(desk, number)
        assert "un message de plus de 48 heures reste chez la personne" in await shown(desk, number)
        await desk.send(f"{message}/suppression")
        await stage.settle()
        assert "Texte ancien" not in await shown(desk, number)
    assert stage.telegram.calls("deleteMessage") == []


async def test_a_deletion_that_telegram_refuses_is_shown(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    async with at_desk(stage, camille) as desk:
        message = await reply(stage, desk, number, "Texte")
        stage.telegram.fail("deleteMessage", "400")
        await desk.send(f"{message}/suppression")
        await stage.settle()
        assert "Suppression non faite chez la personne" in await shown(desk, number)


@pytest.mark.fault(54)
@pytest.mark.fault(45)
async def test_a_failed_message_is_sent_again(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await nadia_on_telegram.hears()
    async with at_desk(stage, camille) as desk:
        stage.telegram.fail("sendMessage", "400")
        message = await reply(stage, desk, number, "Voici la marche")
        page = await shown(desk, number)
        assert "Échec" in page
        assert "Envoyer à nouveau" in page
        await desk.send(f"{message}/renvoi")
        await stage.settle()
        page = await shown(desk, number)
        assert "Échec" not in page
        assert "Remis" in page
        assert "Envoyer à nouveau" not in page
        await desk.send(f"{message}/renvoi", status=422)
    assert on_screen(nadia_on_telegram).count("Voici la marche") == 1
    assert "sent_again" in await history(stage, number)


async def test_failed_files_are_sent_again(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await nadia_on_telegram.hears()
    async with at_desk(stage, camille) as desk:
        stage.telegram.fail("sendDocument", "400")
        await gives(desk, number, PNG, "écran.png", legende="Le voici.")
        stage.telegram.fail("copyMessage", "400")
        camille.person.send_file(PNG, "autre.png", reply_to=await camille.notice(number))
        await camille.hears()
        kept, passed = await own_messages(desk, number)
        for message in (kept, passed):
            await desk.send(f"{message}/renvoi")
        await stage.settle()
        assert "Échec" not in await shown(desk, number)
    one, two = nadia_on_telegram.person.heard()[-2:]
    assert one.raw["caption"].endswith("\n\nLe voici.")
    assert (one.file, two.file) == (PNG, PNG)


async def test_a_file_that_is_deleted_before_it_left_never_leaves(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    """Neither does it stand in the way of what comes after it."""
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await nadia_on_telegram.hears()
    stage.telegram.fail("sendDocument", "429", value=1)
    async with at_desk(stage, camille) as desk:
        await gives(desk, number, PNG, "secret.png")
        (message,) = await own_messages(desk, number)
        await desk.send(f"{message}/suppression")
        await reply(stage, desk, number, "Voici la suite")
        await stage.settle()
    assert "Voici la suite" in on_screen(nadia_on_telegram)
    assert [one.file for one in nadia_on_telegram.person.heard() if one.file] == []


async def test_nothing_is_edited_for_somebody_who_blocked_the_bot(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    async with at_desk(stage, camille) as desk:
        message = await reply(stage, desk, number, "Première version")
        nadia_on_telegram.person.block()
        await stage.settle()
        page = await desk.send(f"{message}/modification", status=409, message="Deuxième version")
        assert "a bloqué le robot" in page
        assert "Première version" in await shown(desk, number)
        nadia_on_telegram.person.write("me revoilà")
        await stage.settle()
        await desk.send(f"{message}/modification", message="Deuxième version")
        await stage.settle()
    assert "Deuxième version" in on_screen(nadia_on_telegram)
