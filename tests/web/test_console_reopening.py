"""A demand that was closed too early is taken up again by whoever closed it."""

from datetime import timedelta

from handlers.turn import Turn
from storage import life, tickets, transcript
from tests.web.office import Office, words

REOPEN = "Rouvrir la demande"


async def test_who_closed_a_demand_opens_it_again(office: Office) -> None:
    number = await office.demand()
    page = f"/console/demandes/{number}"
    async with office.at_desk(office.camille) as desk:
        assert REOPEN not in await desk.read(page)
        await desk.send(page + "/reponse", text="Bonjour, voici.", cloture="1")
        assert REOPEN in await desk.read(page)
        led = await desk.send(page + "/reouverture")
        shown = words(await desk.read(led))
        assert "La demande est rouverte, à votre nom." in shown
        assert "Rouverte par Camille Martin" in shown
        assert REOPEN not in shown
        assert "À répondre avant" in shown
        assert "est déjà ouverte" in words(await desk.send(page + "/reouverture", status=409))
        await desk.send(page + "/reponse", text="J'avais oublié ceci.")
    assert await office.state(number) == ("answered", office.camille, "25")
    assert await office.replies(number) == ["Bonjour, voici.", "J'avais oublié ceci."]
    heard = await office.turn(lambda turn: [row.text for row in transcript.of_ticket(turn.session, number)])
    told = [text for text in heard if f"Le référent reprend votre demande **n° {number}**" in text]
    assert len(told) == 1
    assert "Réponse attendue" in told[0]


async def test_only_who_closed_it_and_not_for_ever(office: Office) -> None:
    number = await office.demand()
    page = f"/console/demandes/{number}"
    async with office.at_desk(office.camille) as desk, office.at_desk(office.nadia) as colleague:
        await desk.send(page + "/cloture")
        assert REOPEN not in await colleague.read(page)
        refusal = await colleague.send(page + "/reouverture", status=409)
        assert "était suivie par Camille Martin : c'est à Camille Martin de la rouvrir" in words(refusal)
        await office.turn(lambda turn: _closed_long_ago(turn, number))
        assert REOPEN not in await desk.read(page)
        assert "plus de 14 jours" in words(await desk.send(page + "/reouverture", status=409))
        await office.forget(number)
        assert "effacer ses messages" in words(await desk.send(page + "/reouverture", status=409))
    assert (await office.state(number))[0] == "closed"


def _closed_long_ago(turn: Turn, number: int) -> None:
    ticket = tickets.get(turn.session, number)
    assert ticket is not None
    assert ticket.state not in life.OPEN
    assert ticket.closed_at is not None
    ticket.closed_at -= turn.world.patience.reopening + timedelta(minutes=1)
