"""« À valider »: proposals are decided on one by one, once, and their authors learn what became of them."""

import re

import pytest
from playwright.async_api import Browser, expect

from handlers import retention
from handlers.turn import Turn
from storage import directory, outbox, proposals
from storage.tables import OutboxItem, Proposal
from tests.web.office import Office, words
from tests.web.site import KNOWLEDGE, LIBRARY
from tests.web.test_console_browser import DESK, assert_good, at_desk

ENTRY = KNOWLEDGE.entries["pro-create-account"]
OTHER = next(entry for entry in KNOWLEDGE.entries.values() if entry.theme != ENTRY.theme)
TEXT = "le bidule violet ne marche pas"
IDEA = {"impersonnel": "1", "fiche": ENTRY.id, "suite": "fiche", "phrase": TEXT}


async def _closed(office: Office, question: str = TEXT) -> str:
    number = await office.demand(question)
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{number}/reponse", text="Bonjour, voici.", cloture="1")
    return f"/console/demandes/{number}"


async def _found(office: Office, number: int) -> Proposal:
    def look(turn: Turn) -> Proposal:
        proposal = proposals.get(turn.session, number)
        assert proposal is not None
        turn.session.expunge(proposal)
        return proposal

    return await office.turn(look)


async def _mails(office: Office) -> list[str]:
    def look(turn: Turn) -> list[str]:
        found = turn.session.query(OutboxItem).filter(OutboxItem.channel == "mail")
        return [f"{one.lane} {(one.payload or {})['subject']}" for one in found]

    return await office.turn(look)


async def test_closing_leads_to_what_the_demand_teaches(office: Office) -> None:
    number = await office.demand(TEXT)
    async with office.at_desk(office.camille) as desk:
        assert "Apprendre de cette demande" not in await desk.read(f"/console/demandes/{number}")
        back = await desk.send(f"/console/demandes/{number}/cloture")
        page = await desk.read(back)
        assert "Apprendre de cette demande" in page
        assert f">{TEXT}</textarea>" in page
        without = {name: value for name, value in IDEA.items() if name != "impersonnel"}
        again = await desk.send(f"/console/demandes/{number}/apprentissage", without, status=422)
        assert "rien de personnel" in again
        assert f">{TEXT}</textarea>" in again
        await desk.send(f"/console/demandes/{number}/apprentissage", IDEA)
        page = await desk.read(f"/console/demandes/{number}")
        assert "Une proposition en a été faite" in page
        twice = await desk.send(f"/console/demandes/{number}/apprentissage", IDEA, status=422)
        assert "attend déjà" in twice


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Écrivez une phrase"),
        ("!?", "Écrivez une phrase"),
        ("a" * 600, "Écrivez une phrase"),
        ("comment est-ce que je", "rien de précis"),
        (ENTRY.phrasings[0], "déjà une formulation de"),
        (OTHER.phrasings[0].upper(), f"« {OTHER.title} »"),
        (next(iter(KNOWLEDGE.language.off_topic.values()))[0], "pas pour nous"),
        (KNOWLEDGE.examples[0].text, "examples.yaml"),
    ],
)
async def test_what_cannot_be_a_wording_is_refused_with_the_reason(
    office: Office, text: str, why: str
) -> None:
    path = await _closed(office)
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.send(f"{path}/apprentissage", IDEA | {"phrase": text}, status=422))
    assert words(why) in page


async def test_an_editor_edits_and_accepts(office: Office) -> None:
    number = await office.proposal("le bidule violet de Léa, 06 12 34 56 78")
    async with office.at_desk(office.nadia) as desk:
        page = words(await desk.read("/console/validation"))
        assert "Proposée par Camille Martin" in page
        assert "Ce que le robot en fait aujourd'hui" in page
        there = f"/console/validation/{number}/acceptation"
        await desk.send(there, phrase="le bidule violet, 06 12 34 56 78", cible=OTHER.id)
        gone = await desk.send(there, status=409, phrase="encore", cible=OTHER.id)
        assert "déjà décidée" in gone
    proposal = await _found(office, number)
    assert (proposal.state, proposal.text, proposal.target, proposal.decided_by_id) == (
        "accepted",
        "le bidule violet, [téléphone]",
        OTHER.id,
        office.nadia,
    )
    assert await _mails(office) == ["mail:camille@exemple.fr Souffleur : une de vos propositions est décidée"]
    async with office.at_desk(office.camille) as desk:
        assert "Acceptée" in await desk.read("/console/validation")


async def test_a_refusal_has_a_reason_that_its_author_reads(office: Office) -> None:
    number = await office.proposal(TEXT)
    async with office.at_desk(office.nadia) as desk:
        there = f"/console/validation/{number}/refus"
        assert "Dites pourquoi" in await desk.send(there, status=422, raison="  ")
        await desk.send(there, raison="deux questions en une")
    async with office.at_desk(office.camille) as desk:
        page = await desk.read("/console/validation")
        assert "Non retenue" in page
        assert "deux questions en une" in page
        assert "En attente" not in page


async def test_what_was_accepted_can_be_taken_back(office: Office) -> None:
    number = await office.proposal(TEXT)
    async with office.at_desk(office.nadia) as desk:
        await desk.send(f"/console/validation/{number}/acceptation", phrase=TEXT, cible=ENTRY.id)
        assert "mot pour mot" in await desk.send("/console/essai", status=200, phrase=TEXT)
        assert "pas encore dans les fichiers" in words(await desk.read("/console/validation"))
        await desk.send(f"/console/validation/{number}/retrait", raison="trop vague")
        assert "mot pour mot" not in await desk.send("/console/essai", status=200, phrase=TEXT)
    assert (await _found(office, number)).state == "rejected"


async def test_words_of_distress_keep_their_door_whatever_anybody_accepts(office: Office) -> None:
    number = await office.proposal(TEXT)
    async with office.at_desk(office.nadia) as desk:
        there = f"/console/validation/{number}/acceptation"
        page = await desk.send(there, status=422, phrase="j'ai envie de mourir", cible=ENTRY.id)
    assert "autre porte" in page
    assert (await _found(office, number)).state == "waiting"


async def test_the_same_words_are_accepted_for_one_entry_only(office: Office) -> None:
    first = await office.proposal(TEXT)
    second = await office.proposal(TEXT, entry_id=OTHER.id)
    async with office.at_desk(office.nadia) as desk:
        await desk.send(f"/console/validation/{first}/acceptation", phrase=TEXT, cible=ENTRY.id)
        page = words(await desk.read(f"/console/validation?n={second}"))
        assert f"déjà une formulation d'une autre fiche : « {words(ENTRY.title)} »" in page
        await desk.send(f"/console/validation/{second}/acceptation", status=422, phrase=TEXT, cible=OTHER.id)


async def test_doubles_are_shown_with_their_entries(office: Office) -> None:
    number = await office.proposal(f"{ENTRY.phrasings[0]} violet")
    async with office.at_desk(office.nadia) as desk:
        page = await desk.read(f"/console/validation?n={number}")
    doubles = page.split("Formulations presque identiques")[1]
    assert f"/console/fiches/{ENTRY.id}" in doubles


async def test_a_draft_is_corrected_before_it_is_accepted(office: Office) -> None:
    path = await _closed(office)
    theme = next(iter(KNOWLEDGE.themes))
    async with office.at_desk(office.camille) as desk:
        idea = IDEA | {
            "suite": "nouvelle",
            "titre": ENTRY.title,
            "theme": theme,
            "reponse": "Il faut <b>.\r\nVoilà.",
        }
        await desk.send(f"{path}/apprentissage", idea | {"theme": "absent"}, status=422)
        await desk.send(f"{path}/apprentissage", idea)
    async with office.at_desk(office.nadia) as desk:
        (number,) = set(
            re.findall(r"/console/validation/(\d+)/acceptation", await desk.read("/console/validation"))
        )
        there = f"/console/validation/{number}/acceptation"
        fields = {"phrase": TEXT, "theme": theme, "public": "jeune", "reponse": "Voilà."}
        await desk.send(there, fields | {"titre": "x"}, status=422)
        await desk.send(there, fields | {"titre": "Le bidule violet"})
    proposal = await _found(office, int(number))
    assert proposal.draft == {
        "id": "bidule-violet",
        "title": "Le bidule violet",
        "theme": theme,
        "audience": "jeune",
        "answer": "Voilà.",
        "phrasings": [TEXT],
    }


async def test_who_is_gone_or_decides_alone_is_told_nothing(office: Office) -> None:
    number = await office.proposal(TEXT, by=office.nadia)
    async with office.at_desk(office.nadia) as desk:
        await desk.send(f"/console/validation/{number}/acceptation", phrase=TEXT, cible=ENTRY.id)
    number = await office.proposal("encore un bidule violet", by=office.driss)

    def leave(turn: Turn) -> None:
        driss = directory.get(turn.session, office.driss)
        assert driss is not None
        directory.remove(turn.session, driss, now=turn.now)

    await office.turn(leave)
    async with office.at_desk(office.nadia) as desk:
        await desk.send(f"/console/validation/{number}/refus", raison="vague")
    assert await _mails(office) == []
    assert (await office.turn(lambda turn: outbox.counts(turn.session))).get("waiting", 0) == 0


async def test_everything_has_an_end(office: Office) -> None:
    """Retention: what was refused goes after a year, what is heeded stays."""
    refused, accepted = await office.proposal(TEXT), await office.proposal("un autre bidule violet")
    async with office.at_desk(office.nadia) as desk:
        await desk.send(f"/console/validation/{refused}/refus", raison="vague")
        phrase = "un autre bidule violet"
        await desk.send(f"/console/validation/{accepted}/acceptation", phrase=phrase, cible=ENTRY.id)

    def left(turn: Turn) -> list[bool]:
        turn.session.expire_all()
        return [proposals.get(turn.session, number) is not None for number in (refused, accepted)]

    await office.turn(retention.purge)
    assert await office.turn(left) == [True, True]
    office.site.clock.advance(days=366)
    await office.turn(retention.purge)
    assert await office.turn(left) == [False, True]


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (DESK, "light")])
async def test_the_pages_are_accessible_and_decided_on_by_keyboard(
    browser: Browser, live_office: Office, width: int, scheme: str
) -> None:
    LIBRARY.find("", None, None)
    await live_office.proposal(TEXT)
    await live_office.proposal(f"{ENTRY.phrasings[0]} violet")
    for text in ("où revendre ma place", "revendre ma place", "je veux revendre ma place", "un tournevis"):
        await live_office.question(text)
    closed = await _closed(live_office)
    async with at_desk(browser, live_office, live_office.nadia, width=width, scheme=scheme) as page:
        for path in ("/console/validation", "/console/sans-reponse", closed):
            await page.goto(path)
            await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            await assert_good(page, path)
        await page.goto("/console/sans-reponse")
        await page.get_by_role("link", name="revendre ma place").first.click()
        await assert_good(page, "/console/sans-reponse/1")
        await page.goto("/console/validation")
        await page.get_by_label("La question").press("Enter")
        await expect(page.get_by_text("C'est accepté")).to_be_visible()
        await page.get_by_label("Ou dire pourquoi non").fill("trop proche")
        await page.get_by_label("Ou dire pourquoi non").press("Enter")
        await expect(page.get_by_text("Rien à valider")).to_be_visible()
        await assert_good(page, "/console/validation")
