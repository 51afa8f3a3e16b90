"""From an outbox payload to what the person reads; and what is told when it can't be delivered."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.delivery import Paused, Receipt, Refused, Unavailable, Uncertain, Unreachable
from bot.telegram.sender import TelegramSender
from tests.fake_telegram import FakeTelegram, Person

QUESTION = {
    "kind": "message",
    "text": "Voulez-vous **parler** au *référent* de [votre région](https://www.culture.gouv.fr) ?",
    "markup": True,
    "choices": [{"id": "12.0", "label": "Oui"}, {"id": "12.1", "label": "Aucune de ces réponses"}],
}


def message(text: str, **more: Any) -> dict[str, Any]:
    return {"kind": "message", "text": text, "markup": False, "choices": [], "reply_to": None, **more}


async def test_a_message_arrives_with_its_styles_and_buttons(
    telegram: FakeTelegram, sender: TelegramSender, alice: Person
) -> None:
    receipt = await sender.deliver(alice.address, QUESTION, repeated=False)
    heard = await alice.next_message()
    assert receipt == Receipt(str(heard.id))
    assert heard.text == "Voulez-vous parler au référent de votre région ?"
    assert heard.buttons == ("Oui", "Aucune de ces réponses")
    assert [entity["type"] for entity in heard.raw["entities"]] == ["bold", "italic", "text_link"]
    sent = telegram.calls("sendMessage")[0].parameters
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in sent


@pytest.mark.fault(72)
async def test_what_people_typed_is_never_markup(sender: TelegramSender, alice: Person) -> None:
    hostile = "<b>x</b> **y** [z](https://example.org) _t_ \\* `c` & ;--"
    await sender.deliver(alice.address, message(hostile), repeated=False)
    heard = await alice.next_message()
    assert heard.text == hostile
    assert "entities" not in heard.raw


async def test_a_reply_stays_a_reply_when_it_is_repeated(
    telegram: FakeTelegram, sender: TelegramSender, alice: Person
) -> None:
    asked = alice.write("Comment réserver ?")
    payload = message("Par l'application.", reply_to=str(asked))
    telegram.fail("sendMessage", "reset_after")
    with pytest.raises(Uncertain):
        await sender.deliver(alice.address, payload, repeated=False)
    await sender.deliver(alice.address, payload, repeated=True)
    first, copy = alice.heard()
    assert first.reply_to == copy.reply_to == asked
    rings = [call.parameters.get("disable_notification", False) for call in telegram.calls("sendMessage")]
    assert rings == [False, True]


@pytest.mark.fault(50)
@pytest.mark.parametrize("reply_to", ["999", "not-a-number", "9c7e-web"])
async def test_a_message_whose_target_is_gone_is_still_said(
    sender: TelegramSender, alice: Person, reply_to: str
) -> None:
    await sender.deliver(alice.address, message("Bonjour", reply_to=reply_to), repeated=False)
    assert (await alice.next_message()).reply_to is None


@pytest.mark.fault(47)
async def test_refused_entities_go_out_as_plain_text(
    telegram: FakeTelegram, sender: TelegramSender, alice: Person
) -> None:
    telegram.fail("sendMessage", "cannot_parse")
    with capture_logs() as logs:
        await sender.deliver(alice.address, {**QUESTION, "key": "7"}, repeated=False)
    assert [(one["event"], one["message"]) for one in logs] == [("layout_refused", "7")]
    heard = await alice.next_message()
    assert heard.text == ("Voulez-vous parler au référent de votre région (https://www.culture.gouv.fr) ?")
    assert heard.buttons == ("Oui", "Aucune de ces réponses")
    assert "entities" not in heard.raw


@pytest.mark.fault(48)
async def test_a_text_that_is_too_long_is_cut_rather_than_lost(sender: TelegramSender, alice: Person) -> None:
    await sender.deliver(alice.address, message("😀 été " * 2000), repeated=False)
    assert (await alice.next_message()).text.endswith("…")


async def test_an_edit_changes_the_message(sender: TelegramSender, alice: Person) -> None:
    sent = await sender.deliver(alice.address, QUESTION, repeated=False)
    edit: dict[str, Any] = {
        "kind": "edit",
        "message_id": sent.external_id,
        "text": "Merci.",
        "markup": False,
        "choices": [],
    }
    assert await sender.deliver(alice.address, edit, repeated=False) == sent
    heard = alice.heard()
    assert [(m.text, m.buttons) for m in heard] == [("Merci.", ())]


@pytest.mark.fault(49)
async def test_nothing_to_change_is_a_success(sender: TelegramSender, alice: Person) -> None:
    sent = await sender.deliver(alice.address, QUESTION, repeated=False)
    edit = {**QUESTION, "kind": "edit", "message_id": sent.external_id}
    assert await sender.deliver(alice.address, edit, repeated=True) == sent
    assert len(alice.heard()) == 1


@pytest.mark.fault(50)
@pytest.mark.parametrize("message_id", ["777", "1", "web-uuid", None])
async def test_what_cannot_be_edited_is_said_again(
    sender: TelegramSender, alice: Person, message_id: str | None
) -> None:
    edit: dict[str, Any] = {
        "kind": "edit",
        "message_id": message_id,
        "text": "Corrigé",
        "markup": False,
        "choices": [],
    }
    receipt = await sender.deliver(alice.address, edit, repeated=False)
    heard = await alice.next_message()
    assert (str(heard.id), heard.text) == (receipt.external_id, "Corrigé")


async def test_a_photo_reaches_the_referent(
    telegram: FakeTelegram, sender: TelegramSender, alice: Person
) -> None:
    referent = telegram.person(2002)
    referent.write("/start invite-1")
    photo = alice.send_photo("mon justificatif")
    copy = {"kind": "copy", "from_chat": alice.id, "message_id": str(photo), "reply_to": None}
    receipt = await sender.deliver(referent.address, copy, repeated=False)
    heard = await referent.next_message()
    assert str(heard.id) == receipt.external_id
    assert heard.raw["photo"]
    assert heard.raw["caption"] == "mon justificatif"


async def test_a_small_file_arrives(telegram: FakeTelegram, sender: TelegramSender, alice: Person) -> None:
    payload = {"kind": "document", "filename": "mes-données.json", "content": '{"prénom": "Noël 🎭"}'}
    receipt = await sender.deliver(alice.address, payload, repeated=False)
    heard = await alice.next_message()
    assert str(heard.id) == receipt.external_id
    assert heard.raw["document"]["file_name"] == "mes-données.json"
    assert heard.document == '{"prénom": "Noël 🎭"}'
    telegram.fail("sendDocument", "reset_after")
    with pytest.raises(Uncertain):
        await sender.deliver(alice.address, payload, repeated=False)
    with pytest.raises(Unreachable):
        await sender.deliver("telegram:555", payload, repeated=True)


@pytest.mark.parametrize(("chat", "message_id"), [(1001, 999), (31337, 1), ("x", 1), (1001, None)])
async def test_a_copy_that_cannot_be_made_blames_nobody(
    telegram: FakeTelegram, sender: TelegramSender, alice: Person, chat: Any, message_id: Any
) -> None:
    copy = {"kind": "copy", "from_chat": chat, "message_id": message_id}
    with pytest.raises(Refused):
        await sender.deliver(alice.address, copy, repeated=False)


@pytest.mark.fault(45)
@pytest.mark.fault(34)
@pytest.mark.parametrize("kind", ["message", "edit", "copy"])
async def test_who_blocked_the_bot_is_unreachable(
    sender: TelegramSender, telegram: FakeTelegram, alice: Person, kind: str
) -> None:
    other = telegram.person(3003)
    other.write("coucou")
    payload = {**message("Bonjour"), "kind": kind, "message_id": "1", "from_chat": 3003}
    alice.block()
    with pytest.raises(Unreachable):
        await sender.deliver(alice.address, payload, repeated=False)
    alice.deactivate()
    with pytest.raises(Unreachable):
        await sender.deliver(alice.address, payload, repeated=False)


@pytest.mark.fault(46)
@pytest.mark.parametrize("lane", ["telegram:555", "telegram:abc", "web:12", "telegram:"])
async def test_nobody_there_is_unreachable(sender: TelegramSender, lane: str) -> None:
    with pytest.raises(Unreachable):
        await sender.deliver(lane, message("Bonjour"), repeated=False)


@pytest.mark.fault(36)
async def test_a_group_is_left_once_and_again(telegram: FakeTelegram, sender: TelegramSender) -> None:
    group = telegram.person(-100500)
    group.add_bot()
    await sender.deliver(group.address, message("Je ne parle qu'en privé."), repeated=False)
    for repeated in (False, True):
        assert await sender.deliver("telegram:-100500", {"kind": "leave"}, repeated=repeated) == Receipt()
    assert telegram.chats[-100500].left


@pytest.mark.parametrize(
    ("fault", "told"),
    [("429", Paused), ("401", Unavailable), ("502", Uncertain), ("odd_result", Uncertain)],
)
@pytest.mark.parametrize(
    ("method", "payload"),
    [
        ("sendMessage", message("Bonjour")),
        ("editMessageText", {**message("Bonjour"), "kind": "edit", "message_id": "2"}),
        ("copyMessage", {"kind": "copy", "from_chat": 1001, "message_id": 1}),
    ],
)
async def test_troubles_of_the_way_are_told_as_they_are(
    telegram: FakeTelegram,
    sender: TelegramSender,
    alice: Person,
    method: str,
    payload: dict[str, Any],
    fault: str,
    told: type[Exception],
) -> None:
    await sender.deliver(alice.address, message("d'abord"), repeated=False)
    telegram.fail(method, fault)
    with pytest.raises(told):
        await sender.deliver(alice.address, payload, repeated=False)


async def test_leaving_waits_for_a_pause_too(telegram: FakeTelegram, sender: TelegramSender) -> None:
    telegram.fail("leaveChat", "429")
    with pytest.raises(Paused):
        await sender.deliver("telegram:-100500", {"kind": "leave"}, repeated=False)


@pytest.mark.parametrize("payload", [{}, {"kind": "dance"}, message("   "), message("")])
async def test_what_makes_no_message_is_refused(
    telegram: FakeTelegram, sender: TelegramSender, alice: Person, payload: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        await sender.deliver(alice.address, payload, repeated=False)
    telegram.violations.clear()


@pytest.mark.fault(53)
async def test_a_button_that_telegram_would_refuse_is_left_out(sender: TelegramSender, alice: Person) -> None:
    choices = [{"id": "é" * 33, "label": "Trop long"}, {"id": "", "label": "Vide"}, {"id": "1", "label": " "}]
    await sender.deliver(alice.address, message("Choisissez", choices=choices), repeated=False)
    assert (await alice.next_message()).buttons == ("…",)
