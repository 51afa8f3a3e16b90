"""The page of a visitor's own demands."""

from handlers import referent
from handlers.errors import Refused
from handlers.turn import Turn
from storage import directory
from tests.web.site import Site
from tests.web.visitor import page, say


async def test_without_a_conversation_it_says_where_to_find_it(site: Site) -> None:
    async with site.client() as client:
        html = await page(client, "/mes-demandes")
    assert "Aucune conversation n’est ouverte" in html


async def test_own_demands_with_state_date_and_what_comes_next(site: Site) -> None:
    async with site.client() as client:
        await say(client, "bonjour")
        talk = await site.only_conversation()
        assert "Vous n’avez transmis aucune demande" in await page(client, "/mes-demandes")
        number = await site.hand_over(talk)
        html = await page(client, "/mes-demandes")
        assert f"Demande n°&nbsp;{number}" in html
        assert "En attente" in html
        assert "ouverte le lundi 23 novembre" in html
        assert "Réponse attendue avant" in html
        assert '<a href="/mes-demandes">Où en sont' in await page(client, "/")
    async with site.client() as client:
        await say(client, "bonjour, je suis une autre personne")
        assert "Vous n’avez transmis aucune demande" in await page(client, "/mes-demandes")


async def test_after_a_reply_it_says_until_when_a_word_is_awaited(site: Site) -> None:
    async with site.client() as client:
        await say(client, "bonjour")
        talk = await site.only_conversation()
        number = await site.hand_over(talk)
        await site.turn(talk, lambda turn, _: _reply(turn, number))
        html = await page(client, "/mes-demandes")
        assert "Répondue" in html
        assert 'name="text" value="/mesdemandes"' in html
        assert "elle sera close le lundi 30 novembre" in html
        shown = await page(client, "/")
    assert "Oui, c&#39;est résolu" in shown
    assert "Non, pas encore" in shown


def _reply(turn: Turn, number: int) -> None:
    desk = directory.add(
        turn.session, name="Diane", role="national", national=True, email="d@exemple.fr", now=turn.now
    )
    assert not isinstance(referent.reply(turn, desk, number, "Voici."), Refused)
