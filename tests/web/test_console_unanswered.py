"""« Sans réponse »: what was asked in vain, in groups, by territory, and what is proposed of it."""

import re

import pytest

from handlers.turn import Turn
from storage import directory
from storage.tables import Proposal
from tests.web.office import Office, words

SAME = [
    "comment revendre ma place de concert",
    "je veux revendre ma place de concert",
    "revendre une place de concert c'est possible ?",
]
ALONE = "le tournevis de mon oncle est rouillé"


async def _hire(office: Office, name: str, role: str) -> int:
    def hire(turn: Turn) -> int:
        email = f"{role}@exemple.fr"
        made = directory.add(turn.session, name=name, role=role, national=False, email=email, now=turn.now)
        return made.id

    return await office.turn(hire)


async def _proposals(office: Office) -> list[tuple[str, str | None, str]]:
    def look(turn: Turn) -> list[tuple[str, str | None, str]]:
        found = turn.session.query(Proposal).order_by(Proposal.id)
        return [(one.kind, one.target, one.text) for one in found]

    return await office.turn(look)


async def test_the_most_asked_comes_first_and_single_ones_apart(office: Office) -> None:
    for text in SAME:
        await office.question(text)
    await office.question(SAME[0], territory="70", audience="relais")
    await office.question(ALONE, outcome="out_of_scope")
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read("/console/sans-reponse"))
        assert "5 questions, 1 groupe" in page
        assert "3 formulations Fois 4" in page
        assert re.search(r"Doubs.{0,6} × 3, .*Haute-Saône.{0,6} × 1", page)
        assert page.index("Posées une seule fois") < page.index(ALONE)
        assert "4 questions" not in words(await desk.read("/console/sans-reponse?public=relais"))
        assert "1 question, 0 groupe" in words(await desk.read("/console/sans-reponse?territoire=70"))
        for odd in ("jours=x", "public=roi", "territoire=999", "jours=90&territoire=25"):
            await desk.read(f"/console/sans-reponse?{odd}")


async def test_only_what_was_asked_in_vain_is_listed(office: Office) -> None:
    await office.question("proposé en vain", outcome="propose")
    await office.question("pas utile du tout", outcome="answer", entry_id="x", feedback="no")
    await office.question("répondu", outcome="answer", entry_id="x")
    await office.question("choisi parmi les propositions", outcome="propose", entry_id="x")
    await office.question("toujours transmis", outcome="handoff", entry_id="x")
    await office.question(None, outcome="distress")
    await office.question("il y a longtemps", days_ago=20)
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read("/console/sans-reponse?jours=7"))
        assert "2 questions" in page
        assert "proposé en vain" in page
        assert "pas utile du tout" in page
        assert "il y a longtemps" in words(await desk.read("/console/sans-reponse?jours=30"))


async def test_each_sees_those_of_their_territories(office: Office) -> None:
    await office.question("pour Camille", territory="25")
    await office.question("pour Driss", territory="71")
    await office.question("pour personne", territory=None)
    elise = await _hire(office, "Élise Garnier", "editor")
    seen = {office.camille: 1, office.driss: 1, elise: 3, office.nadia: 3}
    for who, count in seen.items():
        async with office.at_desk(who) as desk:
            page = words(await desk.read("/console/sans-reponse"))
            assert f"{count} question" in page
    async with office.at_desk(office.nadia) as desk:
        listed = await desk.read("/console/sans-reponse")
    (theirs,) = re.findall(r'href="(/console/sans-reponse/\d+)[^"]*">pour Driss<', listed)
    async with office.at_desk(office.camille) as desk:
        await desk.read(theirs, status=404)
        await desk.send(f"{theirs}/apprentissage", {"retenir": "1", "phrase-1": "x"}, status=404)


@pytest.mark.parametrize(
    ("suite", "kind", "target"),
    [("fiche", "phrasing", "pro-create-account"), ("hors-sujet", "off_topic", "autre")],
)
async def test_a_group_becomes_phrasings_or_what_is_not_for_us(
    office: Office, suite: str, kind: str, target: str
) -> None:
    for text in SAME:
        await office.question(text)
    async with office.at_desk(office.camille) as desk:
        listed = await desk.read("/console/sans-reponse")
        (path,) = set(re.findall(r"/console/sans-reponse/\d+", listed))
        page = await desk.read(path)
        assert all(text.replace("'", "&#39;") in page for text in SAME)
        ticked = {"suite": suite, "fiche": target, "phrase-1": SAME[0], "phrase-2": f"{SAME[1]} svp"}
        fields = [("retenir", "1"), ("retenir", "2"), *ticked.items()]
        answer = await desk.client.post(f"{path}/apprentissage", data=fields, allow_redirects=False)
        assert answer.status == 422
        again = await answer.text()
        assert "rien de personnel" in again
        assert re.findall(r'value="(\d)" aria-label="Proposer[^>]* checked', again) == ["1", "2"]
        assert f'value="{SAME[1]} svp"' in again
        if kind == "phrasing":
            assert re.search(rf'value="{target}" selected', again)
        fields.append(("impersonnel", "1"))
        answer = await desk.client.post(f"{path}/apprentissage", data=fields, allow_redirects=False)
        assert answer.status == 303
        assert "vos propositions" in await desk.read(answer.headers["Location"])
    assert await _proposals(office) == [(kind, target, SAME[0]), (kind, target, f"{SAME[1]} svp")]


async def test_a_group_becomes_a_new_entry(office: Office) -> None:
    for text in SAME:
        await office.question(text)
    async with office.at_desk(office.camille) as desk:
        (path,) = set(re.findall(r"/console/sans-reponse/\d+", await desk.read("/console/sans-reponse")))
        theme = next(iter(office.site.world.knowledge.themes))
        fields = [("retenir", "1"), ("retenir", "3"), ("impersonnel", "1"), ("suite", "nouvelle")]
        fields += [(f"phrase-{n}", text) for n, text in enumerate(SAME, 1)]
        fields += [("titre", "Peut-on revendre une place ?"), ("theme", theme), ("reponse", "Non.")]
        answer = await desk.client.post(f"{path}/apprentissage", data=fields, allow_redirects=False)
        assert answer.status == 303, await answer.text()

    def draft(turn: Turn) -> dict[str, object]:
        (proposal,) = turn.session.query(Proposal)
        assert proposal.draft is not None
        return proposal.draft

    assert await office.turn(draft) == {
        "id": "peut-revendre-une-place",
        "title": "Peut-on revendre une place ?",
        "theme": theme,
        "audience": "general",
        "phrasings": [SAME[0], SAME[2]],
        "answer": "Non.",
    }


async def test_what_is_known_word_for_word_by_now_is_gone(office: Office) -> None:
    entry = office.site.world.knowledge.entries["pro-create-account"]
    await office.question(entry.phrasings[0].upper())
    async with office.at_desk(office.camille) as desk:
        assert "0 question" in words(await desk.read("/console/sans-reponse"))
