"""Who may do what: every route of the console, for everybody who may knock."""

from dataclasses import dataclass

import aiohttp
import pytest

from bot.web.console.routes import ROUTES
from tests.web.office import SAME_ORIGIN, Office

OPEN = {"/console/login", "/console/login/{token}"}
"""The doors themselves, tested in test_console_login.py."""


@dataclass(frozen=True)
class Row:
    """The status that each person gets: Camille serves the demand's territory, Driss does not."""

    method: str
    path: str
    camille: int
    driss: int
    nadia: int
    fields: dict[str, str]


TICKET, PERSON = "/console/demandes/{number}", "/console/annuaire/{number}"
ENTRY = "/console/fiches/{entry}"
PROPOSAL = "/console/validation/{number}"
WORDS = {"phrase": "le bidule violet ne marche pas", "cible": "pro-create-account"}
SOMEBODY = {"name": "Camille Martin", "role": "referent", "territories": "25", "email": "c@exemple.fr"}
MATRIX = [
    Row("GET", "/console", 200, 200, 200, {}),
    Row("GET", TICKET, 200, 404, 200, {}),
    Row("POST", TICKET + "/reponse", 303, 404, 303, {"text": "Bonjour"}),
    Row("POST", TICKET + "/prise", 303, 404, 303, {"reprendre": "1"}),
    Row("POST", TICKET + "/transmission", 303, 404, 303, {"territoire": "25"}),
    Row("POST", TICKET + "/territoire", 303, 404, 303, {"territoire": "25"}),
    Row("POST", TICKET + "/cloture", 303, 404, 303, {}),
    Row("POST", TICKET + "/note", 303, 404, 303, {"note": "À rappeler"}),
    Row("POST", "/console/apercu", 200, 200, 200, {"text": "Bonjour"}),
    Row("GET", "/console/annuaire", 200, 200, 200, {}),
    Row("POST", "/console/annuaire/comptes", 404, 404, 303, {"invitation": "0" * 64, "decision": "refuser"}),
    Row("GET", "/console/annuaire/nouveau", 404, 404, 200, {}),
    Row("POST", "/console/annuaire/nouveau", 404, 404, 303, {**SOMEBODY, "name": "Élise Garnier"}),
    Row("GET", PERSON, 404, 404, 200, {}),
    Row("POST", PERSON, 404, 404, 303, SOMEBODY),
    Row("POST", PERSON + "/invitation", 404, 404, 200, {}),
    Row("POST", PERSON + "/absence", 404, 404, 303, {"first": "2026-12-24"}),
    Row("POST", PERSON + "/retour", 404, 404, 303, {}),
    Row("POST", PERSON + "/retrait", 404, 404, 303, {"sure": "1"}),
    Row("GET", "/console/fiches", 200, 200, 200, {}),
    Row("GET", ENTRY, 200, 200, 200, {}),
    Row("GET", "/console/confiance", 200, 200, 200, {}),
    Row("GET", "/console/essai", 200, 200, 200, {}),
    Row("POST", "/console/essai", 200, 200, 200, {}),
    Row("POST", "/console/gels", 404, 404, 303, {"etiquette": "montant", "raison": "nouveau décret"}),
    Row("POST", "/console/gels/{number}/fin", 404, 404, 303, {}),
    Row("POST", TICKET + "/apprentissage", 422, 404, 422, {"phrase": "mot violet"}),
    Row("GET", "/console/validation", 200, 200, 200, {}),
    Row("POST", PROPOSAL + "/acceptation", 404, 404, 303, WORDS),
    Row("POST", PROPOSAL + "/refus", 404, 404, 303, {"raison": "trop vague"}),
    Row("POST", PROPOSAL + "/retrait", 404, 404, 409, {"raison": "trop vague"}),
    Row("GET", "/console/profil", 200, 200, 200, {}),
    Row("POST", "/console/profil/absence", 303, 303, 303, {"first": "2026-12-24"}),
    Row("POST", "/console/profil/retour", 303, 303, 303, {}),
    Row("POST", "/console/session", 303, 303, 303, {}),
    Row("POST", "/console/quitter", 303, 303, 303, {}),
]


def _template(path: str) -> str:
    return path.replace(":[1-9][0-9]{0,8}}", "}").replace(":[a-z0-9-]+}", "}")


def test_the_matrix_holds_every_route() -> None:
    routes = {(route.method, _template(route.path)) for route in ROUTES}
    doors = {(method, path) for method, path in routes if path in OPEN}
    assert {(row.method, row.path) for row in MATRIX} == routes - doors


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: f"{row.method} {row.path}")
async def test_what_each_may_do(office: Office, row: Row) -> None:
    """Nobody, then those without the right, the administrator last: what she may do ends the row."""
    async with office.site.client(**SAME_ORIGIN) as client:
        answer = await _ask(office, client, row)
        assert answer.status == (303 if row.method == "GET" else 401)
        assert answer.headers.get("Location", "/console/login") == "/console/login"
    for who in ("driss", "camille", "nadia"):
        async with office.at_desk(getattr(office, who)) as desk:
            answer = await _ask(office, desk.client, row)
            assert answer.status == getattr(row, who), (who, await answer.text())


async def _ask(office: Office, client: aiohttp.ClientSession, row: Row) -> aiohttp.ClientResponse:
    path = await _path(office, row)
    return await client.request(row.method, path, data=row.fields or None, allow_redirects=False)


async def _path(office: Office, row: Row) -> str:
    if "validation/" in row.path:
        number = await office.proposal(WORDS["phrase"])
    elif "gels/" in row.path:
        number = await office.hold("remboursement")
    else:
        number = office.camille if "annuaire" in row.path else await office.demand()
    return row.path.format(number=number, entry="pro-create-account")


ELSEWHERE: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://mechant.exemple"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "{url}"},
]


async def test_what_comes_from_elsewhere_is_refused(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        cookies = {cookie.key: cookie.value for cookie in desk.client.cookie_jar}
    for headers in ELSEWHERE:
        sent = {name: value.format(url=office.site.url) for name, value in headers.items()}
        async with office.site.client(**sent) as elsewhere:
            elsewhere.cookie_jar.update_cookies(cookies)
            for row in MATRIX:
                if row.method == "POST":
                    path = row.path.format(number=number)
                    answer = await elsewhere.post(path, data=row.fields, allow_redirects=False)
                    assert answer.status == 403, row.path
            link = await office.link(office.camille)
            assert (await elsewhere.post(link, allow_redirects=False)).status == 403
            assert (await elsewhere.post("/console/login", data={"email": "c@d.fr"})).status == 403
    assert await office.state(number) == ("waiting", None, "25")


async def test_a_matching_origin_is_enough(office: Office) -> None:
    """Browsers of before 2021 send no Sec-Fetch-Site."""
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        cookies = {cookie.key: cookie.value for cookie in desk.client.cookie_jar}
    async with office.site.client(Origin=office.site.url) as old:
        old.cookie_jar.update_cookies(cookies)
        answer = await old.post(f"/console/demandes/{number}/prise", allow_redirects=False)
        assert answer.status == 303


async def test_no_get_changes_anything(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.nadia) as desk:
        before = await office.state(number)
        for row in MATRIX:
            number_meant = office.camille if "annuaire" in row.path else number
            path = row.path.format(number=number_meant, entry="pro-create-account")
            answer = await desk.client.get(path, params=row.fields, allow_redirects=False)
            assert answer.status in (200, 405), (path, answer.status)
        assert await office.state(number) == before
        assert "Camille Martin" in await desk.read("/console/annuaire")


@pytest.mark.parametrize("path", ["/console/demandes/0", "/console/demandes/abc", "/console/nulle-part"])
async def test_addresses_that_are_none(office: Office, path: str) -> None:
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(path, status=404)
    assert "Revenir aux demandes" in page
    assert "Traceback" not in page


async def test_the_database_is_away(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        office.site.database.away = True
        page = await desk.read("/console", status=503)
        office.site.database.away = False
    assert "momentanément indisponible" in page
