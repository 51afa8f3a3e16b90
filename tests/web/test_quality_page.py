"""`/qualite`: what everybody may read of the robot's mistakes."""

from tests.web.judging import drawn, judges
from tests.web.office import Office, words
from tests.web.site import Site


async def test_everybody_reads_the_rate_and_how_it_is_measured(site: Site, office: Office) -> None:
    async with site.client() as client:
        async with client.get("/qualite") as answer:
            page = words(await answer.text())
            assert answer.headers["Cache-Control"] == "public, max-age=600"
            assert "Set-Cookie" not in answer.headers
        assert "Nous ne le savons pas encore." in page
        assert "Aucun tirage n'a encore eu lieu." in page
        await drawn(office, *(f"question {number}" for number in range(35)))
        async with client.get("/qualite") as answer:
            assert "depuis le premier tirage, semaine 47" in words(await answer.text())
        async with office.at_desk(office.camille) as desk:
            await judges(desk, "right")
            await judges(desk, "incomplete")
            await judges(desk, "wrong")
        async with client.get("/qualite") as answer:
            html = await answer.text()
    page = words(html)
    assert "33,3 % de réponses fausses : 1 sur 3 vérifiées," in page
    assert "entre 6,1 % et 79,2 %" in page
    assert "16/11/2026 (S47) 35 30 1 1 1 27 0" in page
    assert html.count('class="wrong" x=') == 1
    assert "question" not in page.split("Semaine par semaine")[1]
    async with site.client() as client, client.get("/") as answer:
        assert '<a href="/qualite">Qualité des réponses</a>' in await answer.text()
