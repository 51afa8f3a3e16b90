"""Writing a reply in the console: light Markdown, and its preview."""

from handlers.turn import Turn
from storage.tables import OutboxItem
from tests.web.office import Office, words

TYPED = "Bonjour,\nvoici **la marche** :\n- *un* <b>pas</b>\n- [l'aide](https://pass.culture.fr)"
SHOWN = (
    "<p>Bonjour,<br>voici <strong>la marche</strong> :</p>"
    "<ul><li><em>un</em> &lt;b&gt;pas&lt;/b&gt;</li>"
    '<li><a href="https://pass.culture.fr" rel="noopener noreferrer" target="_blank">l&#39;aide</a></li></ul>'
)


async def test_a_reply_is_light_markdown_on_the_web(office: Office) -> None:
    number = await office.demand(address="web:alice")
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(await desk.send(f"/console/demandes/{number}/reponse", text=TYPED))
    assert SHOWN in page


async def test_a_reply_goes_to_telegram_as_markup_under_its_heading(office: Office) -> None:
    number = await office.demand(address="telegram:42")
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{number}/reponse", text=TYPED)
    (payload,) = await office.turn(_replies_to_telegram)
    assert payload["markup"] is True
    assert str(payload["text"]).startswith(f"Réponse de votre référent (demande n° {number})\n\nBonjour,")
    assert "**la marche**" in str(payload["text"])


async def test_the_preview_shows_what_goes_out_and_keeps_what_was_typed(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        page = await desk.send("/console/apercu", status=200, text=TYPED, demande=str(number))
        assert SHOWN in page
        assert f"Demande n° {number}" in words(page)
        assert "voici **la marche** :\n- *un* &lt;b&gt;" in page
        part = await desk.client.post(
            "/console/apercu", data={"text": TYPED}, headers={"X-Souffleur-Part": "1"}
        )
        assert SHOWN in await part.text()
        empty = await desk.send("/console/apercu", status=200, text="   ")
    assert 'id="preview"' in empty
    assert "hidden" in empty.split('id="preview"')[1][:120]
    assert await office.replies(number) == []
    assert await office.state(number) == ("waiting", None, "25")


async def test_a_preview_of_somebody_elses_demand_shows_nothing_of_it(office: Office) -> None:
    theirs = await office.demand("le secret du Jura", territory="39")
    async with office.at_desk(office.camille) as desk:
        page = await desk.send("/console/apercu", status=404, text="Bonjour", demande=str(theirs))
        assert "secret" not in page
        for odd in ("", "abc", "9" * 40, "-1"):
            await desk.send("/console/apercu", status=200, text="Bonjour", demande=odd)


async def test_links_that_are_not_https_stay_text(office: Office) -> None:
    number = await office.demand()
    hostile = "[a](javascript:alert(1)) [b](http://exemple.fr) <script>alert(1)</script>"
    async with office.at_desk(office.camille) as desk:
        page = await desk.send("/console/apercu", status=200, text=hostile, demande=str(number))
        page += await desk.read(await desk.send(f"/console/demandes/{number}/reponse", text=hostile))
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert 'href="http://exemple' not in page
    assert await office.replies(number) == [hostile]


def _replies_to_telegram(turn: Turn) -> list[dict[str, object]]:
    found = turn.session.query(OutboxItem).filter_by(purpose="reply")
    return [dict(item.payload or {}) for item in found]
