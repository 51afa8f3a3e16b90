"""Whatever is typed, pressed or sent: a clear word back, shown as typed, and nothing breaks or is lost."""

import pytest

from storage import contacts, queue, transcript
from tests.actors import Citizen, TelegramCitizen, texts
from tests.fake_telegram import FakeTelegram
from tests.scenarios.desk import Colleague, asks_for_a_human, said
from tests.stage import Stage

ODD = [
    "é" * 4096,
    "🎭🎟️🎬",
    "👩‍👩‍👧‍👦",
    "привет, как дела?",
    "مرحبا كيف حالك",
    "你好，我想问一下",
    "<script>alert(1)</script> <b>gras</b> &amp;",
    "**gras** _italique_ [lien](https://exemple.fr) `code` # titre",
    "'; DROP TABLE contacts; --",
    "{number} {0} %s %(x)s ${x}",
    "\u202epass culture\u202c",
    "pass\u200bculture\ufeff",
    "ﷺ" * 4096,
    "a\n\n\n\nb",
    "😀" * 2048,
    "....",
    "/ commande",
    "/start@un_autre_bot",
]
HOSTILE = ["dep-", "dep-999", "dep-25;DROP", "../../etc/passwd", "<b>", "{number}", "a" * 4000, "invite", "0"]
UNREADABLE = ["\u200b\u200b\u200b", "\u202e\u202c", "\ufeff \u2060"]


@pytest.fixture
def telegram(stage: Stage) -> FakeTelegram:
    return stage.telegram


async def parked(stage: Stage) -> list[str]:
    return await stage.turn(lambda turn: [item.reason or "" for item in queue.parked(turn.session)])


@pytest.mark.fault(31)
async def test_every_odd_text_gets_a_word_back(nadia: Citizen, stage: Stage) -> None:
    for words in ODD:
        heard = await nadia.says_and_waits(words)
        assert heard, words
        assert "Traceback" not in texts(heard)
    assert await parked(stage) == []


@pytest.mark.fault(31)
async def test_what_shows_nothing_is_told_so(nadia_on_telegram: TelegramCitizen, stage: Stage) -> None:
    for words in UNREADABLE:
        assert "rien reçu de lisible" in texts(await nadia_on_telegram.says(words))


@pytest.mark.fault(72)
async def test_texts_reach_the_other_side_as_typed(nadia: Citizen, stage: Stage, camille: Colleague) -> None:
    number = await asks_for_a_human(nadia, "Besançon")
    await camille.writes(f"/prendre {number}")
    for words in ODD[6:12]:
        await nadia.says(words)
        await camille.writes(f"/repondre {number} {words}")
        assert words in texts(await nadia.hears())
    rows = await stage.turn(
        lambda turn: [
            row.text for row in transcript.of_ticket(turn.session, number) if row.author == "visitor"
        ]
    )
    assert set(ODD[6:12]) <= set(rows)


@pytest.mark.fault(53)
async def test_forged_buttons_do_nothing_but_say_so(
    nadia_on_telegram: TelegramCitizen, stage: Stage, diane: Colleague
) -> None:
    zoe = TelegramCitizen(stage)
    await zoe.says("/effacer")
    theirs = zoe.person.heard()[-1].raw["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await nadia_on_telegram.says("bonjour")
    forged = [
        theirs,
        "",
        "1",
        "1.99",
        "-1.0",
        "1.-1",
        "9" * 19 + ".0",
        "99999999999999999999.0",
        "1.0.0",
        "٣.٠",
    ]
    forged += ["erase", '{"do":"erase"}', "1.0\x00", "😀" * 16, "' OR 1=1 --"]
    for data in forged:
        nadia_on_telegram.person.press_data(data)
        assert "Ce bouton n'est plus valable" in texts(await nadia_on_telegram.hears()), data
    assert await parked(stage) == []
    assert await stage.turn(lambda turn: contacts.by_address(turn.session, zoe.address)) is not None


@pytest.mark.fault(52)
async def test_old_buttons_still_mean_what_they_said(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    await nadia_on_telegram.says("comment créer un compte pass Culture Pro ?")
    old = nadia_on_telegram.person.heard()[-1]
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await stage.later(days=3)
    nadia_on_telegram.person.press("Oui, merci", on=old)
    assert "Merci de votre retour" in texts(await nadia_on_telegram.hears())
    nadia_on_telegram.person.press("Parler au référent", on=old)
    assert f"n° {number} est déjà" in texts(await nadia_on_telegram.hears())


async def test_an_unknown_command_gets_the_help(nadia: Citizen) -> None:
    heard = texts(await nadia.says("/bidule_truc <b>x</b>"))
    assert "Je ne connais pas la commande « bidule_truc »" in heard
    assert "/confidentialite" in heard


@pytest.mark.fault(35)
async def test_a_hostile_start_is_only_a_greeting(stage: Stage) -> None:
    for payload in HOSTILE:
        heard = await TelegramCitizen(stage).says(f"/start {payload}")
        assert [one.text[:7] for one in heard] == ["Bonjour"], payload
    assert await parked(stage) == []


async def test_a_start_may_carry_a_place_or_an_entry(nadia_on_telegram: TelegramCitizen) -> None:
    assert "C'est noté : Doubs (25)" in texts(await nadia_on_telegram.says("/start dep-25"))
    assert "C'est noté : Corse-du-Sud (2A)" in texts(await nadia_on_telegram.says("/start dep-2a"))
    assert "Source" in texts(await nadia_on_telegram.says("/start vpn-abroad"))


@pytest.mark.fault(36)
@pytest.mark.fault(66)
async def test_a_group_is_left_politely(telegram: FakeTelegram, stage: Stage) -> None:
    group = telegram.person(-1001234)
    group.add_bot()
    await stage.settle()
    assert ["conversation privée" in one.text for one in group.heard()] == [True]
    assert telegram.chats[-1001234].left
    assert await stage.turn(lambda turn: contacts.by_address(turn.session, group.address)) is None


@pytest.mark.fault(19)
@pytest.mark.fault(20)
@pytest.mark.fault(37)
async def test_what_is_no_update_leaves_its_neighbours_alone(
    nadia_on_telegram: TelegramCitizen, telegram: FakeTelegram, stage: Stage
) -> None:
    def next_id() -> int:
        telegram.updates.next_id += 1
        return telegram.updates.next_id - 1

    telegram.inject({"update_id": next_id(), "message": "not an object"})
    telegram.inject({"update_id": next_id(), "message": {"message_id": "one", "chat": {"id": 5}}})
    telegram.inject({"update_id": next_id(), "poll_answer": {"poll_id": "1"}})
    telegram.inject({"update_id": next_id(), "something_of_2031": {}})
    bot = {"id": 77, "is_bot": True, "first_name": "Autre"}
    chat = {"id": nadia_on_telegram.person.id, "type": "private"}
    message = {"message_id": 900, "date": 1, "chat": chat, "from": bot, "text": "je suis un robot"}
    telegram.inject({"update_id": next_id(), "message": message})
    heard = await nadia_on_telegram.says("bonjour")
    assert "robot" in texts(heard)
    assert len(heard) == 2
    reasons = await parked(stage)
    assert len(reasons) == 2
    assert all(reason.startswith("unreadable") for reason in reasons)
    counted = stage.house.metrics.registry.get_sample_value
    assert counted("souffleur_turns_total", {"outcome": "ignored"}) == 3


@pytest.mark.fault(48)
async def test_the_longest_reply_arrives_whole(
    nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    notice = await camille.notice(number)
    words = " ".join(f"mot{index}" for index in range(590))
    assert 3900 < len(words) <= 4096
    assert "part vers la personne" in said(await camille.writes(words, reply_to=notice))
    heard = texts(await nadia_on_telegram.hears())
    assert all(f"mot{index}" in heard for index in range(590))
