"""Raw updates and the events they stand for, malformed ones included."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.translate import address_of, translate
from handlers.events import (
    ChoiceMade,
    CommandGiven,
    ContactBlocked,
    ContactReturned,
    GroupJoined,
    Ignored,
    MediaReceived,
    MessageEdited,
    MessageReceived,
)
from tests.fake_telegram import FakeTelegram, Person

ADDRESS = "telegram:1001"
CHAT = {"id": 1001, "type": "private", "first_name": "Camille", "username": "camille_d"}
AUTHOR = {"id": 1001, "is_bot": False, "first_name": "Camille", "username": "camille_d"}
GROUP = {"id": -100500, "type": "supergroup", "title": "Les libraires"}


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 7, "date": 1_795_000_000, "chat": CHAT, "from": AUTHOR, **content}


def update(kind: str, content: Any) -> dict[str, Any]:
    return {"update_id": 1, kind: content}


def event_of(**content: Any) -> object:
    return translate(update("message", message(**content)))


def test_a_text_is_a_message() -> None:
    assert event_of(text="Comment réserver ?", reply_to_message={"message_id": 5}) == MessageReceived(
        address=ADDRESS, text="Comment réserver ?", external_id="7", reply_to="5"
    )


def test_a_forwarded_text_is_a_text() -> None:
    forwarded = event_of(text="Regardez", forward_origin={"type": "hidden_user", "sender_user_name": "X"})
    assert forwarded == MessageReceived(address=ADDRESS, text="Regardez", external_id="7")


@pytest.mark.fault(35)
@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/start", "start", ""),
        ("/start invite-9f_3", "start", "invite-9f_3"),
        ("/start@souffleur_bot dep-25", "start", "dep-25"),
        ("  /Aide ", "aide", ""),
        ("/repondre 12 Bonjour,\nc'est réglé.", "repondre", "12 Bonjour,\nc'est réglé."),
        ("/start\n<script>", "start", "<script>"),
    ],
)
def test_a_command_has_a_name_and_an_argument(text: str, name: str, argument: str) -> None:
    assert event_of(text=text) == CommandGiven(address=ADDRESS, name=name, argument=argument, external_id="7")


@pytest.mark.parametrize("text", ["/", "/été", "/dep/25", "1/2", "//aide", "/" + "a" * 33])
def test_a_slash_alone_makes_no_command(text: str) -> None:
    assert isinstance(event_of(text=text), MessageReceived)


@pytest.mark.fault(29)
@pytest.mark.parametrize(
    "kind",
    [
        "photo",
        "voice",
        "video",
        "video_note",
        "document",
        "sticker",
        "location",
        "contact",
        "poll",
        "audio",
        "animation",
    ],
)
async def test_what_is_no_text_is_named_and_not_read(telegram: FakeTelegram, kind: str) -> None:
    telegram.person(1001).send(kind, caption="Nadia")
    event = translate(telegram.updates.waiting[0])
    assert isinstance(event, MediaReceived)
    assert (event.address, event.kind, event.external_id) == (ADDRESS, kind, "1")
    assert event.caption == "Nadia"
    assert (event.file is None) == (kind in ("location", "contact", "poll"))
    assert "0612" not in str(event).replace("+336", "06")
    assert "47.2" not in str(event)


async def test_nothing_that_names_the_person_goes_into_an_event(
    telegram: FakeTelegram, alice: Person
) -> None:
    sent = alice.write("Bonjour")
    alice.edit(sent, "Bonsoir")
    alice.send_photo()
    alice.press_data("12.0")
    alice.block()
    alice.unblock()
    events = [translate(one) for one in telegram.updates.waiting]
    assert [type(event) for event in events] == [
        MessageReceived,
        MessageEdited,
        MediaReceived,
        ChoiceMade,
        ContactBlocked,
        ContactReturned,
    ]
    for trace in ("Camille", "camille", "Dupont"):
        assert trace not in str(events)


def test_a_pressed_button_is_a_choice_of_its_message() -> None:
    query = {"id": "3", "from": AUTHOR, "message": message(text="…"), "data": "12.1"}
    expected = ChoiceMade(address=ADDRESS, choice="12.1", external_id="7")
    assert translate(update("callback_query", query)) == expected
    # A message too old for Telegram to show is still named.
    query["message"] = {"chat": CHAT, "message_id": 7, "date": 0}
    assert translate(update("callback_query", query)) == expected


@pytest.mark.fault(36)
@pytest.mark.parametrize(
    "received",
    [
        update("message", message(text="salut", chat=GROUP)),
        update("message", message(text="/start", chat=GROUP)),
        update("edited_message", message(text="salut", chat=GROUP)),
        update("callback_query", {"id": "3", "from": AUTHOR, "message": message(chat=GROUP), "data": "1"}),
        update("my_chat_member", {"chat": GROUP, "new_chat_member": {"status": "member"}}),
        update("channel_post", message(text="à tous", chat=GROUP | {"type": "channel"})),
    ],
)
def test_any_chat_that_is_not_private_is_a_group_to_leave(received: dict[str, Any]) -> None:
    assert translate(received) == GroupJoined(address="telegram:-100500")


@pytest.mark.fault(19)
@pytest.mark.fault(37)
@pytest.mark.parametrize(
    "received",
    [
        update("message", message(text="bip", **{"from": AUTHOR | {"is_bot": True}})),
        update("message", {"message_id": 7, "date": 1, "chat": CHAT, "text": "de personne"}),
        update("message", message(pinned_message=message(text="x"))),
        update("edited_message", message(location={"latitude": 1, "longitude": 2})),
        update("my_chat_member", {"chat": GROUP, "new_chat_member": {"status": "left"}}),
        update("my_chat_member", {"chat": CHAT, "new_chat_member": {"status": "restricted"}}),
        update("callback_query", {"id": "1", "from": AUTHOR, "game_short_name": "x"}),
        update("message_reaction_of_2031", {"new": True}),
        {"update_id": 4},
    ],
)
def test_the_documented_silences(received: dict[str, Any]) -> None:
    assert isinstance(translate(received), Ignored)


@pytest.mark.fault(20)
@pytest.mark.parametrize(
    "received",
    [
        None,
        [],
        "message",
        {},
        {"message": message(text="sans numéro")},
        update("message", None),
        update("message", message(text=12)),
        update("message", message(text="x", date="hier")),
        update("message", message(text="x", chat={"id": "1001", "type": "private"})),
        update("message", message(text="x", chat={"id": 1 << 70, "type": "private"})),
        update("message", message(text="x", chat=None)),
        update("message", message(text="x", message_id=True)),
        update("message", message(text="x", **{"from": "Camille"})),
        update("message", message(photo=[], caption=3)),
        update("callback_query", {"id": 1, "message": message(), "data": "x"}),
        update("callback_query", {"id": "1", "message": message(), "data": ["x"]}),
        update("my_chat_member", {"chat": CHAT}),
    ],
)
def test_what_is_malformed_is_an_error_without_contents(received: object) -> None:
    with pytest.raises(ValueError, match=r"is not an? (object|integer|string)$"):
        translate(received)


def test_texts_can_be_stored_anywhere() -> None:
    event = event_of(text=json.loads('"a\\u0000b\\ud83d c"'))
    assert isinstance(event, MessageReceived)
    assert event.text == "a\ufffdb? c"


@pytest.mark.parametrize(
    ("received", "address"),
    [
        (update("message", message(text=12)), ADDRESS),
        (update("callback_query", {"message": message()}), ADDRESS),
        (update("my_chat_member", {"chat": GROUP}), "telegram:-100500"),
        (update("message", {"chat": {"id": 5}}), None),
        (update("poll", {}), None),
        ("x", None),
    ],
)
def test_an_address_is_found_even_in_what_is_malformed(received: object, address: str | None) -> None:
    assert address_of(received) == address


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children),
    max_leaves=8,
)
field_names = st.sampled_from(
    ["message_id", "date", "chat", "from", "text", "photo", "caption", "data", "id"]
)
near_messages = st.builds(
    lambda good, wrong: {**message(text="x"), **good, **wrong},
    st.just({}),
    st.dictionaries(field_names, json_values, max_size=3),
)
near_updates = st.builds(
    lambda kind, content, more: {"update_id": 1, kind: content, **more},
    st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]),
    near_messages | st.builds(lambda inner: {"id": "1", "data": "x", "message": inner}, near_messages),
    st.dictionaries(st.sampled_from(["update_id", "message"]), json_values, max_size=1),
)


@settings(deadline=None)
@given(json_values | near_updates)
def test_any_json_value_gives_an_event_or_a_value_error(received: object) -> None:
    assert address_of(received) is None or str(address_of(received)).startswith("telegram:")
    try:
        event = translate(received)
    except ValueError:
        return
    str(event).encode()
