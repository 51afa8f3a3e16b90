"""The journal: what people at the desk did, for whom it is, and the file of it."""

import csv
import io
import re
from datetime import timedelta

import pytest

from bot.web.console.journal_words import ACTIONS
from handlers import retention, staff
from handlers.audit import Action
from handlers.turn import Turn
from storage import audit, directory
from tests.web.office import Desk, Office, words
from tests.web.targets import hire

JOURNAL = "/console/journal"


async def lines(desk: Desk, path: str = JOURNAL) -> list[str]:
    """The rows of the table, the newest first."""
    page = await desk.read(path)
    return [words(row) for row in re.findall(r'<tr role="row">\s*<td.*?</tr>', page, re.DOTALL)]


def test_each_action_has_its_words() -> None:
    assert set(ACTIONS) == set(Action)


async def test_everything_is_noted_that_people_at_the_desk_do(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{number}/prise")
        await desk.send("/console/profil/absence", first="2026-12-24", last="2026-12-26")
        await desk.send("/console/profil/retour")
        await desk.send("/console/quitter", partout="1")
    async with office.at_desk(office.nadia) as desk:
        await desk.send(f"/console/demandes/{number}/prise", reprendre="1")
        await desk.send(f"/console/demandes/{number}/transmission", collegue=str(office.driss))
        await desk.send("/console/gels", etiquette="montant", raison="nouveau décret")
        await desk.send(
            f"/console/annuaire/{office.camille}",
            name="Camille Roux",
            role="lead",
            territories="25",
            email="c@exemple.fr",
        )
        await desk.send(f"/console/annuaire/{office.camille}/invitation", status=200)
        await desk.send(f"/console/annuaire/{office.driss}/retrait", sure="1")
        found = await lines(desk)
    told = "\n".join(reversed(found))
    for happened in (
        "Camille Roux Action S'est connecté",
        "A noté une absence Objet Camille Roux Détail du 24 au 26 décembre",
        "A retiré une absence",
        "S'est déconnecté Détail toutes les sessions",
        f"A repris une demande Objet Demande n° {number}",
        f"A transmis une demande Objet Demande n° {number} Détail à Driss Benali",
        "A suspendu Objet Étiquette « montant »",
        "A modifié dans l'annuaire Objet Camille Roux Détail rôle : Référent → Responsable",
        "territoires : 25, 70 → 25 ; nom ; e-mail",
        "A créé une invitation Objet Camille Roux",
        "A retiré de l'annuaire Objet Driss Benali",
    ):
        assert happened in told, (happened, told)
        told = told[told.index(happened) :]


async def test_reading_what_is_not_ones_own_is_noted_once_a_day(office: Office) -> None:
    theirs, unplaced = await office.demand(territory="25"), await office.demand(territory=None)
    async with office.at_desk(office.camille) as desk:
        await desk.read(f"/console/demandes/{theirs}")
    lead = await hire(office, "lead", "39")
    for who in (lead, office.nadia):
        for _ in range(2):
            async with office.at_desk(who) as desk:
                for number in (theirs, unplaced) if who == office.nadia else (theirs,):
                    await desk.read(f"/console/demandes/{number}")
    office.site.clock.advance(days=1)
    async with office.at_desk(office.nadia) as desk:
        await desk.read(f"/console/demandes/{theirs}")
        found = await lines(desk, f"{JOURNAL}?action=read")
    assert [("Nadia" in line, f"n° {theirs}" in line) for line in found] == [
        (True, True),
        (True, True),
        (False, True),
    ]


async def test_a_look_for_news_is_no_reading(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.nadia) as desk:
        path = f"/console/demandes/{number}"
        await desk.client.get(path, headers={"X-Souffleur-Live": "1"})
        assert await lines(desk, f"{JOURNAL}?action=read") == []
        await desk.read(path)
        assert len(await lines(desk, f"{JOURNAL}?action=read")) == 1


async def test_a_lead_reads_what_their_region_did(office: Office) -> None:
    lead, far = await hire(office, "lead", "39"), await hire(office, territories="59")
    for who in (office.camille, far, office.nadia, lead):
        async with office.at_desk(who):
            pass
    async with office.at_desk(lead) as desk:
        found = await lines(desk)
        assert "Nadia" not in await desk.read(JOURNAL)
        assert await lines(desk, f"{JOURNAL}?qui={far}") == []
        assert await lines(desk, f"{JOURNAL}?qui={office.nadia}") == []
    assert sorted({re.findall(r"Qui (\S+ \S+)", line)[0] for line in found}) == [
        "Camille Martin",
        await office.turn(lambda turn: directory.name_of(turn.session, lead)),
    ]


async def test_filters_combine_and_pages_follow(office: Office) -> None:
    def fill(turn: Turn) -> None:
        for number in range(120):
            audit.add(
                turn.session,
                at=turn.now - timedelta(days=number),
                referent_id=office.camille if number % 2 else office.driss,
                action=Action.ENTERED,
                channel="web",
                target_kind=None,
                target=None,
                detail=None,
            )

    await office.turn(fill)
    async with office.at_desk(office.nadia) as desk:
        page = words(await desk.read(JOURNAL))
        assert "121 actions" in page
        assert "Page 1 sur 3" in page
        assert len(await lines(desk, f"{JOURNAL}?page=3")) == 21
        assert len(await lines(desk, f"{JOURNAL}?page=99999")) == 21
        narrow = f"{JOURNAL}?qui={office.camille}&action=entered&du=2026-11-01&au=2026-11-10"
        found = await lines(desk, narrow)
        assert len(found) == 5
        assert all("Camille Martin" in line for line in found)
        assert await lines(desk, f"{JOURNAL}?action=nimporte") == []
        assert "Rien à cet endroit" in await desk.read(f"{JOURNAL}?du=2027-01-01")
        assert len(await lines(desk, f"{JOURNAL}?qui=nimporte&du=hier&au=9999-12-31")) == 50


@pytest.mark.fault(72)
async def test_the_file_holds_the_same_and_no_formula(office: Office) -> None:
    def add(turn: Turn) -> None:
        for name in ("=2+5", "+33 1", "@somme", "-1", "Élise\tX"):
            referent = directory.add(
                turn.session, name=name, role="referent", national=False, email=None, now=turn.now
            )
            staff.remove(turn, referent, by=referent)

    await office.turn(add)
    async with office.at_desk(office.nadia) as desk:
        answer = await desk.client.get("/console/journal.csv?action=removed")
        body, headers = await answer.read(), answer.headers
        assert "A téléchargé un fichier Objet journal.csv" in (await lines(desk))[0]
    assert body.startswith(b"\xef\xbb\xbf")
    assert headers["Content-Type"].startswith("text/csv")
    assert headers["Content-Disposition"] == 'attachment; filename="journal.csv"'
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == ["Date", "Qui", "Action", "Objet", "Détail", "Par"]
    assert [row[1] for row in rows[1:]] == ["Élise\tX", "'-1", "'@somme", "'+33 1", "'=2+5"]
    assert rows[1][0] == "2026-11-23 10:00:00"


async def test_twelve_months_are_kept(office: Office) -> None:
    async with office.at_desk(office.camille):
        pass
    keep = office.site.world.retention.staff
    for days, left in ((keep - 1, True), (2, False)):
        office.site.clock.advance(days=days)
        await office.turn(retention.purge)
        async with office.at_desk(office.nadia) as desk:
            found = await lines(desk)
        assert any("Camille" in line for line in found) is left


async def test_days_at_either_end_of_time_narrow_nothing(office: Office) -> None:
    async with office.at_desk(office.nadia) as desk:
        known = await lines(desk)
        assert await lines(desk, f"{JOURNAL}?du=0001-01-01&au=9999-12-31") == known != []
