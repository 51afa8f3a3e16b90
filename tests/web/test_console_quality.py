"""« Qualité »: drawn answers are judged, and the rate comes of it."""

from datetime import timedelta

import pytest

from handlers import holds, sampling
from handlers.turn import Turn
from storage import contacts, questions, transcript
from tests.web.judging import ENTRY, LAST, QUALITY, drawn, judges
from tests.web.office import Desk, Office, words

SECRET = "le bidule violet de lea"


async def test_an_answer_is_judged_beside_its_question_and_counts(office: Office) -> None:
    await drawn(office, SECRET, "une autre")
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read(QUALITY))
        assert "1 sur 2 semaine 47, du 16 au 22 novembre 2026" in page
        assert "La réponse donnée" in page
        assert "SIRET" in page, "the entry as it is, since nothing was said in a conversation"
        assert "telle qu'elle est aujourd'hui" in page
        led = await judges(desk, "right")
        assert led == f"{QUALITY}?semaine={LAST}&fait=juste"
        page = words(await desk.read(led))
        assert "C'est noté : juste." in page
        assert "2 sur 2 semaine 47" in page
        await judges(desk, "incomplete", pourquoi="Il manque le délai")
        page = words(await desk.read(QUALITY))
    assert "Tout est jugé, merci 2 sur 2" in page
    assert "0 fausse sur 2 jugées : 0 %, entre 0 % et 65,8 %." in page
    assert "Fiches à corriger (1) Incomplète" in page
    async with office.at_desk(office.nadia) as desk:
        journal = words(await desk.read("/console/journal"))
        assert "A jugé une réponse" in journal
        assert "bidule" not in journal


async def test_the_first_of_two_counts(office: Office) -> None:
    await drawn(office, "a")
    async with office.at_desk(office.camille) as first, office.at_desk(office.nadia) as second:
        await first.send(f"{QUALITY}/1/avis", avis="right")
        page = words(await second.send(f"{QUALITY}/1/avis", avis="wrong", status=409))
        assert "Quelqu'un a déjà jugé" in page
        assert "0 fausse sur 1 jugée" in page
    assert await office.turn(lambda turn: not holds.any_held(turn, [ENTRY]))


async def test_one_judges_what_comes_from_ones_territories_or_from_nowhere_known(office: Office) -> None:
    await office.question("ailleurs", outcome="answer", entry_id=ENTRY, territory=None, days_ago=3)
    await office.question("dans la Nièvre", outcome="answer", entry_id=ENTRY, territory="58", days_ago=3)
    await drawn(office, "dans le Doubs")
    async with office.at_desk(office.camille) as desk:
        page = words(await desk.read(QUALITY))
        assert "1 sur 2" in page
        assert "dans le Doubs" in page
        await judges(desk, "right")
        assert "ailleurs" in words(await desk.read(QUALITY))
    async with office.at_desk(office.driss) as desk:
        assert "1 sur 1 semaine 47" in words(await desk.read(QUALITY))
        numbers = [number for number in (1, 2, 3) if await _is_open(desk, number)]
    assert len(numbers) == 1, "Driss serves neither the Doubs nor the Nièvre"


async def _is_open(desk: Desk, number: int) -> bool:
    answer = await desk.client.post(f"{QUALITY}/{number}/avis", data={"avis": ""}, allow_redirects=False)
    return answer.status != 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"avis": ""}, "Choisissez : juste, incomplète ou fausse"),
        ({"avis": "peut-être"}, "Choisissez"),
        ({"avis": "wrong", "pourquoi": "écrire à lea@exemple.fr"}, "retirez-le"),
        ({"avis": "wrong", "pourquoi": "x" * 501}, "en 500 caractères au plus"),
    ],
)
async def test_what_is_wrong_with_a_judgement_is_said(
    office: Office, fields: dict[str, str], said: str
) -> None:
    await drawn(office, "a")
    async with office.at_desk(office.camille) as desk:
        page = await desk.send(f"{QUALITY}/1/avis", {"semaine": LAST, **fields}, status=422)
        assert said in words(page)
        assert "Aucune réponse jugée encore" in words(page)
    assert await office.turn(lambda turn: not holds.any_held(turn, [ENTRY]))


@pytest.mark.parametrize(
    ("week", "status", "said"),
    [
        ("2026-W60", 422, "Je ne connais pas cette semaine"),
        ("2027-W30", 422, "n'a pas encore commencé"),
        ("2026-W40", 200, "Pas d'échantillon"),
        (LAST, 200, "Rien à juger"),
    ],
)
async def test_weeks_without_anything_to_judge(office: Office, week: str, status: int, said: str) -> None:
    await office.question("hors sujet", outcome="out_of_scope", days_ago=3)
    await drawn(office)
    async with office.at_desk(office.camille) as desk:
        assert said in words(await desk.read(f"{QUALITY}?semaine={week}", status=status))


async def test_the_words_of_who_erased_everything_are_nowhere(office: Office) -> None:
    question = await office.question(SECRET, outcome="answer", entry_id=ENTRY, days_ago=3)
    await drawn(office, "une autre")

    def erase(turn: Turn) -> None:
        asked = questions.get(turn.session, question)
        assert asked is not None
        assert asked.contact_id is not None
        questions.forget_contact(turn.session, asked.contact_id)

    await office.turn(erase)
    async with office.at_desk(office.nadia) as desk:
        page = words(await desk.read(QUALITY))
        assert "2 sur 2" in page
        assert "bidule" not in page
        await judges(desk, "wrong")
        assert "Qui a reçu cette réponse (1)" in words(await desk.read(f"{QUALITY}/fiches/1"))
    async with office.site.client() as client, client.get("/qualite") as answer:
        assert "100 % de réponses fausses : 1 sur 1 vérifiée," in words(await answer.text())


async def test_the_week_tells_of_it(office: Office) -> None:
    await drawn(office, "a", "b")
    async with office.at_desk(office.camille) as desk:
        assert "Aucune jugée encore. Juger : 2 en attente" in words(await desk.read("/console/semaine"))
        await judges(desk, "wrong")
        page = words(await desk.read("/console/semaine"))
        assert "1 fausse et 0 incomplète sur 1 jugée. Taux de fausses : 100 %, entre 20,7 % et 100 %" in page
        answer = await desk.client.get(f"/console/semaine.xlsx?semaine={LAST}")
        assert answer.status == 200


async def test_what_was_said_is_shown_as_it_was_said(office: Office) -> None:
    """The entry may have been rewritten meanwhile: the judgement is about what the person read."""

    def said(turn: Turn) -> None:
        turn.now -= timedelta(days=3)
        contact = contacts.at(turn.session, "web:dit", now=turn.now)
        contact.territory = "25"
        asked = questions.log(
            turn.session,
            contact,
            at=turn.now,
            text="a",
            outcome="answer",
            candidates=[],
            entry_id=ENTRY,
            knowledge_hash="0",
        )
        transcript.add(turn.session, contact, author="bot", text="Bonjour !", at=turn.now, markup=True)
        transcript.add(
            turn.session,
            contact,
            author="bot",
            text="Comme c'était **avant**.",
            at=turn.now,
            markup=True,
            choices=[{"label": "Oui", "do": "helped", "given": {"question": asked.id}}],
        )

    await office.turn(said)
    await office.turn(lambda turn: sampling.draw(turn, LAST))
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(QUALITY)
    assert "Comme c&#39;était <strong>avant</strong>." in page
    assert "telle qu" not in words(page)
    assert "SIRET" not in words(page)
