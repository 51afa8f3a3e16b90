"""One demand, and what a referent does with it."""

import asyncio

import pytest

from handlers import presence
from handlers.turn import Turn
from storage import contacts
from storage.tables import OutboxItem
from tests.web.office import QUESTION, Office, words


async def test_the_page_shows_what_led_to_it_and_what_the_bot_tried(office: Office) -> None:
    number = await office.demand(minutes_ago=10)
    await office.writes(number, "j'ai oublié de dire : depuis lundi")
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(f"/console/demandes/{number}")
    seen = words(page)
    assert "Ce qui a précédé (2 messages)" in seen
    assert QUESTION in seen
    assert "Je ne suis pas sûr d'avoir compris" in seen
    assert "j'ai oublié de dire : depuis lundi" in seen
    assert "Questions proposées, aucune n'a convenu" in seen
    entry = next(iter(office.site.world.knowledge.entries.values()))
    assert entry.title in page.replace("&#39;", "'")
    assert ">62</span>" in page
    assert "Signalée au territoire : Camille Martin" in seen
    assert "À répondre avant 25/11 à 09:50" in seen


async def test_nothing_of_another_demand_is_shown(office: Office) -> None:
    """The same person asked something else in another territory: that is not this referent's to read."""
    first = await office.demand("le secret du Jura", territory="39", address="web:alice", minutes_ago=60)
    await office.writes(first, "suite du secret")
    await office.close_quietly(first)
    second = await office.demand("compte bloqué", address="web:alice")
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(f"/console/demandes/{second}")
        await desk.read(f"/console/demandes/{first}", status=404)
    assert "suite du secret" not in page


async def test_a_reply_reaches_the_asker_and_takes_the_demand(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        led = await desk.send(f"/console/demandes/{number}/reponse", text="Bonjour,\r\nvoici *la* marche.")
        page = await desk.read(led)
    assert led == f"/console/demandes/{number}?fait=reponse"
    assert "Votre réponse est partie." in page
    assert await office.replies(number) == ["Bonjour,\nvoici la marche."]
    assert await office.state(number) == ("answered", office.camille, "25")
    assert "Visible sur le site" in page


@pytest.mark.fault(68)
async def test_a_double_click_sends_once(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        sent = [
            desk.send(f"/console/demandes/{number}/reponse", form="one-form", text="Bonjour")
            for _ in range(4)
        ]
        assert set(await asyncio.gather(*sent)) == {f"/console/demandes/{number}?fait=reponse"}
        assert await office.replies(number) == ["Bonjour"]
        await desk.send(f"/console/demandes/{number}/reponse", form="another", text="Bonjour")
    assert await office.replies(number) == ["Bonjour", "Bonjour"]


async def test_a_refused_form_may_be_sent_again(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{number}/reponse", form="one", status=422, text="  ")
        await desk.send(f"/console/demandes/{number}/reponse", form="one", text="Bonjour")
    assert await office.replies(number) == ["Bonjour"]


async def test_an_empty_and_a_long_reply_are_said_at_the_field_and_nothing_is_lost(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        page = await desk.send(f"/console/demandes/{number}/reponse", status=422, text="   ")
        assert 'id="text-error"' in page
        assert "rien n&#39;a été envoyé" in page
        assert "<title>Erreur : " in page
        page = await desk.send(f"/console/demandes/{number}/reponse", status=422, text="é" * 4097)
    assert "é" * 4097 in page
    assert "dépasse 4096 caractères" in page
    assert await office.state(number) == ("waiting", None, "25")


async def test_replying_and_closing_in_one_go(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        led = await desk.send(f"/console/demandes/{number}/reponse", text="Voilà.", cloture="1")
        page = await desk.read(led)
    assert "la demande est close" in page
    assert await office.replies(number) == ["Voilà."]
    assert (await office.state(number))[0] == "closed"


async def test_taking_and_taking_over(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as camille, office.at_desk(office.nadia) as nadia:
        await camille.send(f"/console/demandes/{number}/prise")
        assert await office.state(number) == ("taken", office.camille, "25")
        page = await nadia.send(f"/console/demandes/{number}/prise", status=409)
        assert "Camille Martin suit déjà la demande" in page
        page = await nadia.read(f"/console/demandes/{number}")
        assert "Reprendre la demande à Camille Martin" in page
        assert 'name="text"' not in page
        await nadia.send(f"/console/demandes/{number}/prise", reprendre="1")
        assert await office.state(number) == ("taken", office.nadia, "25")
        page = await camille.send(f"/console/demandes/{number}/reponse", status=409, text="ma réponse")
        assert "ma réponse" in page
        assert "Nadia Ferrand suit déjà" in page
    assert await office.replies(number) == []


async def test_of_two_who_take_at_once_one_gets_it(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as camille, office.at_desk(office.nadia) as nadia:
        answers = await asyncio.gather(
            *(desk.client.post(f"/console/demandes/{number}/prise") for desk in (camille, nadia))
        )
    assert sorted(answer.status for answer in answers) == [200, 409]


async def test_passing_on_to_a_territory_leads_back_to_the_list(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        led = await desk.send(
            f"/console/demandes/{number}/transmission", form="one", territoire="Chalon-sur-Saône 71100"
        )
        assert led == f"/console?fait=transmission&n={number}"
        assert f"La demande n° {number} est transmise" in await desk.read(led)
        again = await desk.send(f"/console/demandes/{number}/transmission", form="one", territoire="71")
        assert again == led
        await desk.read(f"/console/demandes/{number}", status=404)
    assert await office.state(number) == ("waiting", None, "71")
    async with office.at_desk(office.driss) as desk:
        assert "Transmise : Saône-et-Loire (71) par Camille Martin" in words(
            await desk.read(f"/console/demandes/{number}")
        )


async def test_passing_on_to_a_colleague(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(f"/console/demandes/{number}")
        assert f'<option value="{office.driss}">Driss Benali</option>' in page
        await desk.send(f"/console/demandes/{number}/transmission", collegue=str(office.driss))
    assert await office.state(number) == ("taken", office.driss, "25")


@pytest.mark.parametrize(
    ("words_typed", "said"),
    [
        ("Atlantide", "« Atlantide » n'est pas un territoire"),
        ("Saint-Denis", "La Réunion (974)"),
        ("", "n'est pas un territoire"),
    ],
)
async def test_a_territory_that_is_none_is_said_at_the_field(
    office: Office, words_typed: str, said: str
) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        for route, field in (("transmission", "pass_territory"), ("territoire", "territory")):
            page = await desk.send(f"/console/demandes/{number}/{route}", status=422, territoire=words_typed)
            assert said in words(page)
            assert f'id="{field}-error"' in page
            assert page.count(f'value="{words_typed}" ' if words_typed else 'aria-invalid="true"') == 1
    assert await office.state(number) == ("waiting", None, "25")


async def test_a_colleague_who_is_none(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        for chosen in ("", "999", "Driss", "1" * 30):
            page = await desk.send(f"/console/demandes/{number}/transmission", status=422, collegue=chosen)
            assert 'id="colleague-error"' in page


async def test_correcting_the_territory_keeps_the_demand_where_it_is(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{number}/prise")
        led = await desk.send(f"/console/demandes/{number}/territoire", territoire="le Jura")
        page = await desk.read(led)
    assert await office.state(number) == ("taken", office.camille, "39")
    assert "Territoire corrigé : Jura (39)" in words(page)


async def test_closing_twice_says_so(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        assert "est close" in await desk.read(await desk.send(f"/console/demandes/{number}/cloture"))
        assert "est close" in await desk.send(f"/console/demandes/{number}/cloture", status=409)
        page = await desk.send(f"/console/demandes/{number}/reponse", status=409, text="trop tard")
        assert "trop tard" in page


async def test_what_became_of_each_reply(office: Office) -> None:
    """On Telegram a reply is first waiting, then delivered, or failed with the reason."""
    number = await office.demand(address="telegram:42")
    async with office.at_desk(office.camille) as desk:
        for text in ("un", "deux", "trois"):
            await desk.send(f"/console/demandes/{number}/reponse", text=text)
        page = await desk.read(f"/console/demandes/{number}")
        assert page.count("En attente d&#39;envoi") == 3
        await office.turn(_deliver)
        page = words(await desk.read(f"/console/demandes/{number}"))
    assert page.count("En attente d'envoi") == 1
    assert "Remis" in page
    assert "Échec : la personne a bloqué le robot" in page


async def test_nobody_replies_to_whom_nothing_reaches(office: Office) -> None:
    number = await office.demand(address="telegram:42")

    def block(turn: Turn) -> None:
        contact = contacts.by_address(turn.session, "telegram:42")
        assert contact is not None
        presence.lost(turn, contact)

    await office.turn(block)
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(f"/console/demandes/{number}")
        assert "La personne a bloqué le robot" in page
        assert 'name="text"' not in page
        page = await desk.send(f"/console/demandes/{number}/reponse", status=409, text="tout de même")
    assert "tout de même" in page


async def test_not_found_and_not_yours_read_the_same(office: Office) -> None:
    theirs = await office.demand(territory="75")
    async with office.at_desk(office.camille) as desk:
        pages = [
            await desk.read(f"/console/demandes/{number}", status=404) for number in (theirs, 999_999_999)
        ]
        assert pages[0] == pages[1]
        for action, fields in ACTIONS.items():
            answers = [
                await desk.send(f"/console/demandes/{number}/{action}", fields, status=404)
                for number in (theirs, 999_999_999)
            ]
            assert answers[0] == answers[1] == pages[0]
    assert await office.state(theirs) == ("waiting", None, "75")


async def test_a_page_that_was_left_open_does_not_reopen_what_was_passed_on(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{number}/transmission", territoire="71")
        await desk.send(f"/console/demandes/{number}/reponse", status=404, text="Bonjour")
    assert await office.replies(number) == []


@pytest.mark.fault(72)
async def test_hostile_words_stay_words(office: Office) -> None:
    hostile = '"><script>alert(1)</script><b>gras</b> &amp; [lien](javascript:alert(1)) **non**'
    number = await office.demand(hostile)
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(
            await desk.send(f"/console/demandes/{number}/reponse", text=hostile + "\x00\x07")
        )
    assert "<script>alert" not in page
    assert "<b>gras" not in page
    assert 'href="javascript' not in page
    assert await office.replies(number) == [hostile.replace("**", "")]


async def test_too_much_is_refused_before_it_is_read(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        page = await desk.send(f"/console/demandes/{number}/reponse", status=413, text="x" * 70_000)
    assert "trop long" in page
    assert "Traceback" not in page


ACTIONS: dict[str, dict[str, str]] = {
    "reponse": {"text": "Bonjour"},
    "prise": {"reprendre": "1"},
    "transmission": {"territoire": "25"},
    "territoire": {"territoire": "25"},
    "cloture": {},
    "note": {"note": "À rappeler"},
}


def _deliver(turn: Turn) -> None:
    """The first reply arrived, the second was refused, the third still waits."""
    replies = turn.session.query(OutboxItem).filter_by(purpose="reply").order_by(OutboxItem.id).all()
    replies[0].status = "sent"
    replies[1].status, replies[1].reason = "failed", "Forbidden: bot was blocked by the user"
