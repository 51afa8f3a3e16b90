"""Who may do what: every route of the console, for everybody who may knock."""

import re

import aiohttp
import pytest
from sqlalchemy import select

from bot.web.console.routes import ROUTES
from handlers.turn import Turn
from storage.tables import Table
from tests.rights import PEOPLE, WHO
from tests.web.matrix import DOORS, MATRIX, Row
from tests.web.office import SAME_ORIGIN, Office
from tests.web.targets import hire_as, place


def _template(path: str) -> str:
    """« /console/demandes/{number:[1-9]…} » as the matrix writes it."""
    return re.sub(r"\{(\w+):(?:[^{}]|\{[^}]*\})*\}", r"{\1}", path)


def test_the_matrix_holds_every_route() -> None:
    routes = {(route.method, _template(route.path)) for route in ROUTES if _template(route.path) not in DOORS}
    rows = {(row.method, row.path) for row in MATRIX}
    lines = [f'    Row("{method}", "{path}", who),' for method, path in sorted(routes - rows)]
    add = f"add to MATRIX in tests/web/matrix.py, who being one of {', '.join(WHO)}:\n" + "\n".join(lines)
    assert lines == [], add
    assert rows - routes == set(), "these are routes no more: take them out of tests/web/matrix.py"
    assert len(MATRIX) == len(rows)


async def test_nobody_gets_in_without_a_login(office: Office) -> None:
    async with office.site.client(**SAME_ORIGIN) as client:
        for row in MATRIX:
            answer = await _ask(office, client, row)
            assert answer.status == (303 if row.method == "GET" else 401), row
            assert answer.headers.get("Location", "/console/login") == "/console/login", row


@pytest.mark.parametrize("who", PEOPLE)
async def test_what_each_may_do(office: Office, who: str) -> None:
    """All rows for one person: what differs from the matrix, all at once."""
    number, wrong = await hire_as(office, who), []
    async with office.at_desk(number) as desk:
        for row in MATRIX:
            answer = await _ask(office, desk.client, row)
            expected = row.status if who in WHO[row.who] else 404
            if answer.status != expected:
                wrong.append(f"{row.method} {row.path}: {answer.status} instead of {expected}")
    assert wrong == []


async def _ask(office: Office, client: aiohttp.ClientSession, row: Row) -> aiohttp.ClientResponse:
    path, fields = await place(office, row)
    return await client.request(row.method, path, data=fields or None, allow_redirects=False)


OF_BEING_THERE = {"secrets", "audit", "ticket_reads"}
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
                    path = re.sub(r"\{\w+\}", str(number), row.path)
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
    async with office.at_desk(office.nadia) as desk:
        for row in MATRIX:
            path, fields = await place(office, row)
            before = await office.turn(_everything)
            answer = await desk.client.get(path, params=fields, allow_redirects=False)
            assert answer.status in (200, 405), (path, answer.status)
            assert await office.turn(_everything) == before, path


def _everything(turn: Turn) -> list[str]:
    """All rows but those that say that somebody is there, and what they read."""
    kept = [table for table in Table.metadata.sorted_tables if table.name not in OF_BEING_THERE]
    return [f"{table.name} {row}" for table in kept for row in turn.session.execute(select(table))]


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
