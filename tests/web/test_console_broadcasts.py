"""« Diffusions » at the console: written, looked at, sent once, followed, stopped."""

from functools import partial

import pytest

from handlers import broadcasting, infos
from handlers.turn import Turn
from storage import broadcasts as stored
from storage import contacts, transcript
from tests.web.office import Office, words

LIST = "/console/diffusions"
NEWS = {
    "sujet": "jeunes",
    "territoires": "25",
    "message": "**Rendez-vous** <jeudi> à [Besançon](https://exemple.fr).",
}


async def test_a_draft_is_written_looked_at_and_sent_to_who_wants_it(office: Office) -> None:
    for name, place in (("lea", "25"), ("tom", "25"), ("far", "71")):
        await office.turn(partial(reader, name=name, place=place))
    async with office.at_desk(office.camille) as desk:
        assert "Aucune diffusion" in await desk.read(LIST)
        led = await desk.send(LIST, NEWS)
        page = await desk.read(led)
        assert "<strong>Rendez-vous</strong> &lt;jeudi&gt;" in page
        assert "touchera 2 personnes : 2 dans la conversation du site" in words(page)
        assert "parce que vous avez demandé les infos" in words(page)
        unsure = words(await desk.send(f"{led}/envoi", status=422))
        assert "Cochez la case" in unsure
        led = await desk.send(f"{led}/envoi", sure="1")
        assert "L'envoi a commencé" in words(await desk.read(led))
        await office.turn(lambda turn: broadcasting.step(turn, 1, 1))
        page = words(await desk.read(f"{LIST}/1"))
        assert "Remis 2 sur 2" in page
        assert "État Envoyée" in page
        assert "2 sur 2" in words(await desk.read(LIST))
    assert [await office.turn(partial(read_by, name=name)) for name in ("lea", "far")] == [
        1,
        0,
    ]
    async with office.at_desk(office.nadia) as desk:
        journal = words(await desk.read("/console/journal"))
        assert "A envoyé une diffusion" in journal
        assert "Rendez-vous" not in journal


async def test_a_double_click_sends_once(office: Office) -> None:
    await office.turn(lambda turn: reader(turn, "lea", "25"))
    async with office.at_desk(office.camille) as desk:
        led = await desk.send(LIST, NEWS)
        for _ in range(2):
            assert await desk.send(f"{led}/envoi", form="f1", sure="1") == f"{led}?fait=envoi"
        again = words(await desk.send(f"{led}/envoi", form="f2", sure="1", status=409))
        assert "est déjà partie" in again
        for number in (1, 2):
            await office.turn(partial(broadcasting.step, number=1, step_number=number))
    assert await office.turn(lambda turn: read_by(turn, "lea")) == 1


async def test_stopping_says_what_did_not_leave(office: Office) -> None:
    await office.turn(lambda turn: reader(turn, "lea", "25"))
    async with office.at_desk(office.camille) as desk:
        led = await desk.send(LIST, NEWS)
        await desk.send(f"{led}/envoi", sure="1")
        page = words(await desk.read(led))
        assert "À envoyer 1 sur 1" in page
        assert "Arrêter l'envoi" in page
        led = await desk.send(f"{led}/arret")
        page = words(await desk.read(led))
        assert "ce qui n'était pas parti ne partira pas" in page
        assert "Arrêtés avant l'envoi 1 sur 1" in page
    await office.turn(lambda turn: broadcasting.step(turn, 1, 1))
    assert await office.turn(lambda turn: read_by(turn, "lea")) == 0


@pytest.mark.parametrize(
    ("change", "said", "at"),
    [
        ({"message": "  "}, "Écrivez le message", "message"),
        ({"message": "x" * 3001}, "en 3000 caractères au plus", "message"),
        ({"sujet": "autre"}, "Choisissez un sujet", "sujet"),
        ({"territoires": "25, 71"}, "Vous n'écrivez pas à ces territoires : 71", "territoires"),
        ({"territoires": "nulle part"}, "Vous n'écrivez pas à ces territoires : NULLE, PART", "territoires"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    office: Office, change: dict[str, str], said: str, at: str
) -> None:
    async with office.at_desk(office.camille) as desk:
        for path in (LIST, await desk.send(LIST, NEWS)):
            page = await desk.send(path, NEWS | change, status=422)
            assert said in words(page)
            assert f'id="{at}-error"' in page
            assert "&lt;jeudi&gt; à [Besançon]" in page or "message" in change


async def test_a_draft_is_changed_and_thrown_away(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        led = await desk.send(LIST, NEWS)
        led = await desk.send(led, NEWS | {"message": "Autre chose", "territoires": ""})
        page = words(await desk.read(led))
        assert "Le brouillon est enregistré" in page
        assert "Doubs (25), Haute-Saône (70)" in page
        assert "il n'y a personne à qui l'envoyer" in page
        assert "Personne n'a demandé ces infos" in words(
            await desk.send(f"{LIST}/1/envoi", sure="1", status=409)
        )
        assert await desk.send(f"{LIST}/1/abandon") == LIST
        await desk.read(f"{LIST}/1", status=404)


async def test_who_serves_elsewhere_sees_none_of_it(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        led = await desk.send(LIST, NEWS)
    async with office.at_desk(office.driss) as desk:
        assert "Aucune diffusion" in await desk.read(LIST)
        await desk.read(led, status=404)
        await desk.send(f"{led}/envoi", sure="1", status=404)
    async with office.at_desk(office.nadia) as desk:
        everywhere = await desk.send(LIST, NEWS | {"territoires": ""})
        assert "France entière" in words(await desk.read(everywhere))
    async with office.at_desk(office.camille) as desk:
        await desk.read(everywhere, status=404)


async def test_the_privacy_page_says_how_long_proof_is_kept(office: Office) -> None:
    async with office.site.client() as client:
        page = words(await (await client.get("/confidentialite")).text())
    assert "6 mois après que vous avez arrêté" in page


def reader(turn: Turn, name: str, place: str) -> None:
    contact = contacts.at(turn.session, f"web:{name}", now=turn.now)
    infos.agree(turn, contact, "jeunes", place, "Oui ?")


def read_by(turn: Turn, name: str) -> int:
    """How often somebody has it."""
    contact = contacts.by_address(turn.session, f"web:{name}")
    assert contact is not None
    rows = transcript.after(turn.session, contact.id, 0)
    assert stored.get(turn.session, 1) is not None
    return sum("Rendez-vous" in row.text for row in rows)
