"""« Réponses types »: rewritten by their author, shared with all territories, without a way back."""

import pytest

from handlers.turn import Turn
from storage.tables import SharedReply
from tests.web.office import Desk, Office, words
from tests.web.test_console_suggestions import field_of, insert

QUESTION = "comment créer un compte pass Culture Pro pour ma librairie du vieux port ?"
REPLY = "Bonjour Ada, pour votre librairie du vieux port, passez par la page d'inscription."
TITLE = "Créer un compte Pro pour une librairie"
TEXT = "Pour ouvrir un compte **Pro**, passez par la page d'inscription avec votre SIRET."


async def answered(office: Office, desk: Desk) -> int:
    number = await office.demand(QUESTION)
    await desk.send(f"/console/demandes/{number}/reponse", text=REPLY)
    return number


async def shared(office: Office, desk: Desk) -> int:
    """A demand whose reply was shared; its number."""
    number = await answered(office, desk)
    await desk.send(f"/console/demandes/{number}/partage", titre=TITLE, type=TEXT, impersonnel="1")
    return number


async def everything(office: Office) -> list[SharedReply]:
    def look(turn: Turn) -> list[SharedReply]:
        rows = turn.session.query(SharedReply).order_by(SharedReply.id).all()
        turn.session.expunge_all()
        return rows

    return await office.turn(look)


async def test_a_rewritten_reply_is_shared_and_found_in_every_territory(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        number = await answered(office, desk)
        page = await desk.read(f"/console/demandes/{number}")
        assert "Partager comme réponse type" in page
        led = await desk.send(f"/console/demandes/{number}/partage", titre=TITLE, type=TEXT, impersonnel="1")
        assert "est partagée avec les collègues" in await desk.read(led)
    other = await office.demand("je voudrais un compte pro pour une librairie", territory="71")
    async with office.at_desk(office.driss) as desk:
        page = await desk.read(f"/console/demandes/{other}")
        beside = page.split("Réponses types")[1]
        assert TITLE in beside
        assert "Camille Martin, Doubs (25)" in beside
        assert "compte <strong>Pro</strong>" in beside
        assert "vieux port" not in page
        listed = await desk.read("/console/reponses?q=LIBRAIRIE+siret")
        assert TITLE in listed
        assert "Retirer" not in listed
        assert "Rien ne contient ces mots" in await desk.read("/console/reponses?q=orchestre")


async def test_a_use_is_counted_when_the_reply_goes_out(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        await shared(office, desk)
        (one,) = await everything(office)
        other = await office.demand(QUESTION)
        page = await insert(desk, other, f"type:{one.id}", text="Bonjour")
        assert field_of(page) == f"Bonjour\n\n{TEXT}"
        assert f'name="partagees" id="partagees" value="{one.id}"' in page
        assert [row.uses for row in await everything(office)] == [0]
        await desk.send(f"/console/demandes/{other}/reponse", text=" ", partagees=str(one.id), status=422)
        assert [row.uses for row in await everything(office)] == [0]
        await desk.send(
            f"/console/demandes/{other}/reponse",
            text=f"Bonjour\n\n{TEXT}",
            partagees=f"{one.id} x 99 {one.id}",
        )
        assert [row.uses for row in await everything(office)] == [1]
        assert "Utilisée 1 fois" in words(await desk.read("/console/reponses"))


@pytest.mark.parametrize(
    ("change", "said", "at"),
    [
        ({"titre": "  "}, "Le titre manque", "titre"),
        ({"type": ""}, "Le texte manque", "type"),
        ({"type": REPLY.upper()}, "C'est encore la réponse", "type"),
        ({"type": f"{TEXT} Écrivez à ada@exemple.fr"}, "[adresse e-mail]", "type"),
        ({"type": f"On me demande souvent : {QUESTION} {TEXT}"}, "reprend la question", "type"),
        ({"impersonnel": ""}, "Cochez la case", "impersonnel"),
    ],
)
async def test_what_may_not_be_shared_is_said_at_its_field_and_nothing_is_lost(
    office: Office, change: dict[str, str], said: str, at: str
) -> None:
    fields = {"titre": TITLE, "type": TEXT, "impersonnel": "1"} | change
    async with office.at_desk(office.camille) as desk:
        number = await answered(office, desk)
        page = await desk.send(f"/console/demandes/{number}/partage", fields, status=422)
    assert said in words(page)
    assert f'id="{at}-error"' in page
    assert "siret" in page.lower() or "type" in change
    assert await everything(office) == []


async def test_only_who_replied_shares(office: Office) -> None:
    fields = {"titre": TITLE, "type": TEXT, "impersonnel": "1"}
    async with office.at_desk(office.camille) as camille, office.at_desk(office.nadia) as nadia:
        number = await answered(office, camille)
        assert "Partager comme réponse type" not in await nadia.read(f"/console/demandes/{number}")
        page = await nadia.send(f"/console/demandes/{number}/partage", fields, status=422)
        assert page
    assert await everything(office) == []


async def test_the_author_and_who_looks_after_the_content_withdraw(office: Office) -> None:
    async with office.at_desk(office.camille) as camille, office.at_desk(office.driss) as driss:
        await shared(office, camille)
        await shared(office, camille)
        first, second = await everything(office)
        await driss.send(f"/console/reponses/{first.id}/retrait", status=404)
        assert len(await everything(office)) == 2
        led = await camille.send(f"/console/reponses/{first.id}/retrait", q="compte")
        assert led == "/console/reponses?q=compte&fait=retrait"
        assert "retirée et effacée" in await camille.read(led)
    async with office.at_desk(office.nadia) as nadia:
        await nadia.send(f"/console/reponses/{second.id}/retrait")
        journal = words(await nadia.read("/console/journal"))
        assert journal.count("A partagé une réponse type") >= 2
        assert journal.count("A retiré une réponse type") >= 2
        await nadia.send(f"/console/reponses/{second.id}/retrait", status=404)
    assert await everything(office) == []


async def test_what_is_shared_leads_back_to_nobody_and_outlives_the_demand(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        number = await shared(office, desk)
        await office.forget(number)
        (one,) = await everything(office)
        assert TITLE in await desk.read("/console/reponses")
    assert {column.name for column in SharedReply.__table__.columns} == {
        *("id", "title", "text", "author_id", "territory", "theme", "shared_at", "uses")
    }
    assert (one.territory, one.author_id) == ("25", office.camille)
