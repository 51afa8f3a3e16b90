"""An entry's public page: where a referent's link leads."""

from tests.web.office import Office, words
from tests.web.site import Site


async def test_an_entry_is_read_with_its_source_and_date(site: Site) -> None:
    entry = site.world.knowledge.entries["pro-create-account"]
    async with site.client() as client:
        answer = await client.get(f"/fiches/{entry.id}")
        page = await answer.text()
        assert answer.status == 200
        assert entry.title in words(page)
        assert "Réponse automatique." in page
        assert f'href="{entry.sources[0].url}"' in page
        assert f"information {entry.information_date()}" in words(page)
        assert not client.cookie_jar.filter_cookies(answer.url)


async def test_an_entry_that_is_none_or_on_hold(office: Office) -> None:
    tag = "inscription"
    held = next(one for one in office.site.world.knowledge.entries.values() if tag in one.tags)
    await office.hold(tag)
    async with office.site.client() as client:
        assert (await client.get("/fiches/nulle-part")).status == 404
        page = await (await client.get(f"/fiches/{held.id}")).text()
    assert "en cours de révision" in page
    assert held.answer.split("\n")[0][:30] not in words(page)
