"""« Réunion »: what was agreed, noted and ended at the console."""

import pytest

from tests.web.office import Office, words


async def test_an_action_is_noted_shown_postponed_and_ended(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        assert "Rien à faire" in await desk.read("/console/reunion")
        led = await desk.send("/console/reunion", qui="Driss", quoi="Relancer la DRAC", jour="2026-12-04")
        page = words(await desk.read(led))
        assert "L'action est notée" in page
        assert "n° 1 Relancer la DRAC Driss Benali , pour vendredi 4 décembre" in page
    async with office.at_desk(office.driss) as desk:
        assert "Driss Benali (vous)" in words(await desk.read("/console/reunion"))
        led = await desk.send("/console/reunion/1/report", jour="2026-12-18")
        assert "pour vendredi 18 décembre" in words(await desk.read(led))
        led = await desk.send("/console/reunion/1/fin", fin="done")
        page = words(await desk.read(led))
        assert "L'action est faite" in page
        assert "Faite Relancer la DRAC – Driss Benali" in page
        assert "déjà close" in words(await desk.send("/console/reunion/1/fin", fin="done", status=422))
        assert "Je ne trouve pas d'action" in words(
            await desk.send("/console/reunion/99/fin", fin="done", status=422)
        )


@pytest.mark.parametrize(
    ("change", "said", "at"),
    [
        ({"qui": " "}, "Dites qui s'en charge", "qui"),
        ({"quoi": ""}, "Dites ce qu'il y a à faire", "quoi"),
        ({"quoi": "x" * 301}, "en 300 caractères au plus", "quoi"),
        ({"quoi": "écrire à lea@exemple.fr"}, "rien des personnes qui nous écrivent", "quoi"),
        ({"jour": "demain"}, "Ce jour ne va pas", "jour"),
        ({"jour": "2020-01-01"}, "Ce jour ne va pas", "jour"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    office: Office, change: dict[str, str], said: str, at: str
) -> None:
    fields = {"qui": "DRAC", "quoi": "Envoyer <la> liste", "jour": "2026-12-04"} | change
    async with office.at_desk(office.camille) as desk:
        page = await desk.send("/console/reunion", fields, status=422)
        assert said in words(page)
        assert f'id="{at}-error"' in page
        assert "Envoyer &lt;la&gt; liste" in page or "quoi" in change
        assert "Rien à faire" in await desk.read("/console/reunion")


async def test_the_same_form_sent_twice_notes_one_action(office: Office) -> None:
    async with office.at_desk(office.camille) as desk:
        for _ in range(2):
            await desk.send("/console/reunion", form="f1", qui="moi", quoi="Relancer la DRAC")
        assert "À faire (1)" in words(await desk.read("/console/reunion"))


async def test_the_journal_tells_who_noted_and_who_ended(office: Office) -> None:
    async with office.at_desk(office.nadia) as desk:
        await desk.send("/console/reunion", qui="moi", quoi="Relancer la DRAC", jour="2026-12-04")
        await desk.send("/console/reunion/1/fin", fin="dropped")
        journal = words(await desk.read("/console/journal"))
        assert "A noté une action" in journal
        assert "A clos une action" in journal
        assert "DRAC" not in journal
