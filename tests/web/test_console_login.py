"""Getting into the console and out of it."""

import asyncio

import pytest

from handlers import staff
from handlers.turn import Turn
from knowledge.markup import plain
from storage import directory
from storage.tables import OutboxItem
from tests.web.office import SAME_ORIGIN, Office, open_office, words
from tests.web.site import Site, running_site


async def mails(office: Office) -> list[str]:
    """Texts of the mails that were queued."""

    def look(turn: Turn) -> list[str]:
        return [plain(str(item.payload["text"])) for item in turn.session.query(OutboxItem) if item.payload]

    return await office.turn(look)


async def test_a_link_by_mail_opens_the_console(office: Office) -> None:
    async with office.site.client(**SAME_ORIGIN) as client:
        answer = await client.post(
            "/console/login", data={"email": " Camille@exemple.fr "}, allow_redirects=False
        )
        assert (answer.status, answer.headers["Location"]) == (303, "/console/login?envoye=1")
        (mail,) = await mails(office)
        path = next(word for word in mail.split() if "/console/login/" in word)
        path = path.removeprefix(office.site.url)
        shown = await client.get(path)
        assert shown.status == 200
        assert 'method="post"' in await shown.text()
        assert office.site.url not in shown.headers.get("Set-Cookie", "")
        entered = await client.post(path, allow_redirects=False)
        assert (entered.status, entered.headers["Location"]) == (303, "/console")
        desk = await client.get("/console")
        assert "Camille Martin" in await desk.text()


async def test_the_answer_is_the_same_for_a_stranger(office: Office) -> None:
    pages = []
    async with office.site.client(**SAME_ORIGIN) as client:
        for email in ("camille@exemple.fr", "personne@exemple.fr"):
            answer = await client.post("/console/login", data={"email": email})
            form_ids_removed = words(await answer.text())
            pages.append((answer.status, str(answer.url), form_ids_removed))
    assert pages[0] == pages[1]
    assert "cinq par heure" in pages[0][2]
    assert len(await mails(office)) == 1


async def test_five_links_an_hour(office: Office) -> None:
    async with office.site.client(**SAME_ORIGIN) as client:
        for _ in range(8):
            answer = await client.post("/console/login", data={"email": "camille@exemple.fr"})
            assert answer.status == 200
        assert len(await mails(office)) == 5
        office.site.clock.advance(hours=1, seconds=1)
        await client.post("/console/login", data={"email": "camille@exemple.fr"})
    assert len(await mails(office)) == 6


async def test_one_address_of_the_network_may_not_ask_for_ever(office: Office) -> None:
    async with office.site.client(**SAME_ORIGIN) as client:
        for number in range(30):
            await client.post("/console/login", data={"email": f"n{number}@exemple.fr"})
        answer = await client.post("/console/login", data={"email": "camille@exemple.fr"})
        assert answer.status == 429
        assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("email", ["", "camille", "camille@", "a b@c.fr", "x" * 300 + "@exemple.fr"])
async def test_an_address_that_is_none_is_said_at_the_field(office: Office, email: str) -> None:
    async with office.site.client(**SAME_ORIGIN) as client:
        answer = await client.post("/console/login", data={"email": email})
        page = await answer.text()
    assert answer.status == 422
    assert 'aria-invalid="true"' in page
    assert "n&#39;est pas complète" in page
    assert email[:50] in page
    assert await mails(office) == []


@pytest.mark.fault(70)
async def test_looking_at_a_link_uses_nothing_up(office: Office) -> None:
    path = await office.link(office.camille)
    async with office.site.client(**SAME_ORIGIN) as client:
        for _ in range(3):
            assert (await client.get(path)).status == 200
            assert (await client.head(path)).status == 200
        assert (await client.post(path, allow_redirects=False)).status == 303


@pytest.mark.fault(70)
async def test_a_link_works_once_even_for_two_at_the_same_instant(office: Office) -> None:
    path = await office.link(office.camille)
    async with office.site.client(**SAME_ORIGIN) as one, office.site.client(**SAME_ORIGIN) as two:
        answers = await asyncio.gather(
            *(client.post(path, allow_redirects=False) for client in (one, two, one, two))
        )
        assert sorted(answer.status for answer in answers) == [303, 410, 410, 410]
        for answer in (await one.get(path), await one.post(path, allow_redirects=False)):
            assert answer.status == 410
            assert "Ce lien ne sert plus" in await answer.text()


@pytest.mark.fault(70)
async def test_a_link_ends_after_ten_minutes(office: Office) -> None:
    path = await office.link(office.camille)
    office.site.clock.advance(minutes=10)
    async with office.site.client(**SAME_ORIGIN) as client:
        assert (await client.get(path)).status == 410
        assert (await client.post(path)).status == 410
        assert (await client.get("/console/login/forged")).status == 410


async def test_the_link_of_somebody_removed_opens_nothing(office: Office) -> None:
    path = await office.link(office.camille)
    await office.turn(lambda turn: _remove(turn, office.camille))
    async with office.site.client(**SAME_ORIGIN) as client:
        assert (await client.post(path)).status == 410


async def test_without_a_session_every_page_leads_to_the_login(office: Office) -> None:
    number = await office.demand()
    async with office.site.client(**SAME_ORIGIN) as client:
        client.cookie_jar.update_cookies({"souffleur-console": "forged"})
        for path in ("/console", f"/console/demandes/{number}", "/console/annuaire", "/console/profil"):
            answer = await client.get(path, allow_redirects=False)
            assert (answer.status, answer.headers["Location"]) == (303, "/console/login")


async def test_thirty_idle_minutes_end_the_session_and_reading_counts(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        for _ in range(3):
            office.site.clock.advance(minutes=29)
            await desk.read("/console")
        office.site.clock.advance(minutes=31)
        await desk.read("/console", status=303)
        office.site.clock.advance(minutes=-31)
        await desk.read("/console", status=303)


async def test_looking_for_news_by_itself_keeps_nobody_logged_in(office: Office) -> None:
    live = {"X-Souffleur-Live": "1"}
    async with office.at_desk(office.camille) as desk:
        office.site.clock.advance(minutes=20)
        assert (await desk.client.get("/console", headers=live)).status == 200
        office.site.clock.advance(minutes=11)
        assert (await desk.client.get("/console", headers=live)).status == 401


async def test_staying_gives_thirty_more_minutes_but_never_more_than_ten_hours(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        for _ in range(20):
            office.site.clock.advance(minutes=29)
            answer = await desk.client.post("/console/session", headers={"Accept": "application/json"})
            assert answer.status == 200
            assert (await answer.json())["seconds_left"] <= 30 * 60
        assert (await answer.json())["seconds_left"] == 20 * 60
        office.site.clock.advance(minutes=21)
        await desk.send("/console/session", status=401)


async def test_logging_out_here_leaves_the_other_computer_alone(office: Office) -> None:
    async with office.at_desk(office.camille) as here, office.at_desk(office.camille) as there:
        assert await here.send("/console/quitter") == "/console/login?quitte=1"
        await here.read("/console", status=303)
        await there.read("/console")


async def test_logging_out_everywhere_ends_all(office: Office) -> None:
    async with (
        office.at_desk(office.camille) as here,
        office.at_desk(office.camille) as there,
        office.at_desk(office.driss) as driss,
    ):
        await here.send("/console/quitter", partout="1")
        await here.read("/console", status=303)
        await there.read("/console", status=303)
        await driss.read("/console")


async def test_a_stolen_token_is_worth_nothing_after_the_logout(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        stolen = {cookie.key: cookie.value for cookie in desk.client.cookie_jar}
        await desk.send("/console/quitter")
        async with office.site.client() as thief:
            thief.cookie_jar.update_cookies(stolen)
            assert (await thief.get("/console", allow_redirects=False)).status == 303


async def test_a_new_login_ends_the_session_that_was_open_in_this_browser(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        old = {cookie.key: cookie.value for cookie in desk.client.cookie_jar}
        answer = await desk.client.post(await office.link(office.driss))
        assert "Driss Benali" in await answer.text()
        async with office.site.client() as before:
            before.cookie_jar.update_cookies(old)
            assert (await before.get("/console", allow_redirects=False)).status == 303


@pytest.mark.fault(71)
async def test_a_removed_referent_is_out_at_the_next_request(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        await office.turn(lambda turn: _remove(turn, office.camille))
        await desk.read("/console", status=303)


async def test_the_cookie_on_http(site: Site, office: Office) -> None:
    async with site.client(**SAME_ORIGIN) as client:
        answer = await client.post(await office.link(office.camille), allow_redirects=False)
        cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("souffleur-console=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_cookie_on_https(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("https")
    async with running_site(folder, public_url="https://souffleur.exemple") as site:
        office = await open_office(site)
        async with site.client(**SAME_ORIGIN) as client:
            answer = await client.post(await office.link(office.camille), allow_redirects=False)
            cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-souffleur-console=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


async def test_what_was_typed_is_given_back_when_the_session_has_ended(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        office.site.clock.advance(minutes=31)
        page = await desk.send(
            f"/console/demandes/{number}/reponse", status=401, text="Bonjour <b>vous</b>, voici"
        )
    assert "Bonjour &lt;b&gt;vous&lt;/b&gt;, voici" in page
    assert await office.replies(number) == []


async def test_a_page_says_until_when_the_session_lasts(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        page = await desk.read("/console")
    assert 'data-left="1800"' in page
    assert "votre session se termine à 10:30" in words(page)


async def test_whoever_is_in_is_led_on_from_the_login(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        answer = await desk.client.get("/console/login", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, "/console")


def _remove(turn: Turn, referent_id: int) -> None:
    referent = directory.get(turn.session, referent_id)
    assert referent is not None
    assert staff.remove(turn, referent) is None
