"""« Lettre » at the console: a draft for a place, an audience and a period, without a word of anybody."""

import html
import re
from datetime import timedelta

from handlers import blocking
from handlers.turn import Turn
from storage import directory, holds, proposals, questions
from tests.web.office import Desk, Office, words

PATH = "/console/semaine/lettre"
ASKED, OTHER = "eligibility-age", "pro-create-account"


async def test_what_three_conversations_asked_is_named_with_its_answer_and_source(office: Office) -> None:
    for _ in range(3):
        await office.question("moi lea martin j'ai quel age", entry_id=ASKED, outcome="answer")
    for _ in range(2):
        await office.question("le bidule violet", entry_id=OTHER, outcome="answer")
    title = office.site.world.knowledge.entries[ASKED].title
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(PATH)
        assert "Ce qu'on nous demande le plus" in words(page)
        assert title in words(page)
        assert f"/fiches/{ASKED}" in page
        assert "Source :" in page
        assert office.site.world.knowledge.entries[OTHER].title not in words(page)
        assert "bidule" not in page
        assert "lea martin" not in page
        markdown = await desk.read(f"{PATH}.md")
        assert markdown.startswith("# Des nouvelles du pass Culture")
        assert f"### {title}\n" in markdown
        assert (
            "*Doubs (25), Haute-Saône (70), tous les publics, du 27 octobre au 23 novembre 2026*" in markdown
        )
        whole = await desk.read(f"{PATH}.html")
        assert whole.startswith("<!doctype html>")
        assert "<h2>Ce qu&#39;on nous demande le plus</h2>" in whole


async def test_place_audience_and_period_narrow_it(office: Office) -> None:
    for _ in range(3):
        await office.question("x", entry_id=ASKED, outcome="answer", days_ago=10)
    named = "Ce qu'on nous demande le plus"
    async with office.at_desk(office.camille) as desk:
        for query, there in (
            ("", True),
            ("lieu=25&public=jeune", True),
            ("lieu=70", False),
            ("public=partenaire", False),
            ("depuis=2026-11-20", False),
            ("depuis=2026-11-01&jusque=2026-11-15", True),
        ):
            assert (named in await said(desk, query)) is there, query
        await desk.read(f"{PATH}?lieu=71", status=404)
        for query in (
            "depuis=2026-11-20&jusque=2026-11-10",
            "jusque=2027-01-01",
            "depuis=jeudi",
            "depuis=2020-01-01",
        ):
            assert "Ces jours ne vont pas" in words(await desk.read(f"{PATH}?{query}", status=422))
            await desk.read(f"{PATH}.md?{query}", status=404)


async def test_what_is_on_hold_is_not_told_and_is_once_it_was_reviewed(office: Office) -> None:
    for _ in range(3):
        await office.question("x", entry_id=ASKED, outcome="answer")
    title = office.site.world.knowledge.entries[ASKED].title

    def freeze(turn: Turn) -> None:
        holds.place(turn.session, "entry", ASKED, reason="décret", referent_id=None, now=turn.now)

    def thaw(turn: Turn) -> None:
        holds.lift(turn.session, "entry", ASKED, referent_id=None, now=turn.now)

    async with office.at_desk(office.camille) as desk:
        await office.turn(freeze)
        assert title not in await said(desk)
        await office.turn(thaw)
        page = await said(desk)
        assert "Ce qui a changé" in page
        assert "La réponse a été revue." in page
        assert page.count(title) > 1


async def test_wordings_that_editors_accepted_and_points_that_were_solved_are_told(office: Office) -> None:
    number = await office.proposal("le truc de camille ne marche pas")

    def accept(turn: Turn) -> None:
        assert proposals.decide(turn.session, number, to="accepted", now=turn.now)

    def solve(turn: Turn) -> None:
        nadia = directory.get(turn.session, office.nadia)
        assert nadia is not None
        blocking.note(turn, nadia, title="Virements en retard", subject="remboursement")
        assert blocking.solve(turn, nadia, 1, "Les virements *sont* partis.") == 0

    await office.turn(accept)
    await office.turn(solve)
    async with office.at_desk(office.camille) as desk:
        page = await said(desk)
        assert "Le robot comprend maintenant d'autres façons de le demander." in page
        assert "truc de camille" not in page
        assert "Virements en retard" in page
        assert "Les virements *sont* partis." in page


async def test_an_empty_period_says_so_and_invents_nothing(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        page = await said(desk, "depuis=2026-10-01&jusque=2026-10-07")
        assert "Rien à signaler pour cette période" in page
        assert "Dates à venir" not in page


async def test_a_person_who_was_forgotten_counts_for_nobody(office: Office) -> None:
    """Three questions of which nobody knows any more whose they were may all be one person's."""

    def forget(turn: Turn) -> None:
        later = turn.now + timedelta(days=1)
        questions.forget_older(turn.session, contact_before=later, text_before=turn.now - timedelta(days=1))

    for _ in range(3):
        await office.question("x", entry_id=ASKED, outcome="answer")
    await office.turn(forget)
    async with office.at_desk(office.camille) as desk:
        assert "Ce qu'on nous demande le plus" not in await said(desk)


async def test_the_draft_becomes_a_broadcast(office: Office) -> None:
    for _ in range(3):
        await office.question("x", entry_id=ASKED, outcome="answer")
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(f"{PATH}?public=jeune&lieu=25")
        fields = dict(hidden(page))
        assert (fields["sujet"], fields["territoires"]) == ("jeunes", "25")
        led = await desk.send("/console/diffusions", fields)
        draft = await desk.read(led)
        assert f'/fiches/{ASKED}"' in draft
        assert "Le pass des 15-20 ans" in words(draft)


def hidden(page: str) -> list[tuple[str, str]]:
    """The hidden fields of the form that makes a broadcast."""
    form = page[page.index('action="/console/diffusions"') :]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return [(name, html.unescape(value)) for name, value in found]


async def said(desk: Desk, query: str = "") -> str:
    """What the preview says."""
    page = await desk.read(f"{PATH}?{query}")
    return words(page[page.index('aria-label="Aperçu"') : page.index("</article>")])
