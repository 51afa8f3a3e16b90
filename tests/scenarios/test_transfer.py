"""Passing on with a note, taking over, and one tap for a demand whose place is not known."""

import pytest

from storage import transcript
from tests.actors import TelegramCitizen, texts
from tests.scenarios.desk import Colleague, appoint, asks_for_a_human, history, said, ticket
from tests.stage import Stage


@pytest.mark.parametrize(
    ("words", "code", "note"),
    [
        ("44 merci de voir avec la mairie", "44", "merci de voir avec la mairie"),
        ("Loire-Atlantique : dossier urgent", "44", "dossier urgent"),
        ("Loire Atlantique dossier urgent", "44", "dossier urgent"),
        ("la Loire\ndossier urgent", "42", "dossier urgent"),
        ("44", "44", ""),
    ],
)
async def test_the_first_words_are_the_place_and_the_rest_a_note(
    stage: Stage,
    nadia_on_telegram: TelegramCitizen,
    camille: Colleague,
    words: str,
    code: str,
    note: str,
) -> None:
    alix = await appoint(stage, "Alix Morel", territories="44,42")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await nadia_on_telegram.hears()
    await camille.writes(f"/transmettre {number} {words}")
    heard = said(await alix.hears())
    assert f"Demande n° {number}" in heard
    assert (f"Note de Camille Martin : {note}" in heard) == bool(note)
    assert (await ticket(stage, number)).territory == code
    assert "dossier urgent" not in texts(await nadia_on_telegram.hears())


async def test_a_note_for_a_colleague_reaches_them_masked_and_the_asker_never(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    await appoint(stage, "Jean", territories="90")
    jean = await appoint(stage, "Jean Petit", territories="39")
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/transmettre {number} Jean Petit rappeler au 06 12 34 56 78 avant midi")
    heard = said(await jean.hears())
    assert f"Camille Martin vous a transmis la demande n° {number}" in heard
    assert "Note de Camille Martin : rappeler au [téléphone] avant midi" in heard
    assert "rappeler" not in texts(nadia_heard := await nadia_on_telegram.hears()), nadia_heard
    rows = await stage.turn(lambda turn: [r.text for r in transcript.of_ticket(turn.session, number)])
    assert not any("rappeler" in row for row in rows)
    assert {"passed Jean Petit", "noted"} <= set(await history(stage, number))


async def test_the_second_is_told_who_has_it_and_takes_over_explicitly(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    for command in (f"/prendre {number}", f"/repondre {number}", f"/repondre {number} Bonjour"):
        assert "déjà suivie par Camille Martin" in said(await diane.writes(command))
    for command in (f"/clore {number}", f"/transmettre {number} 39 vite"):
        assert "déjà suivie par Camille Martin" in said(await diane.writes(command))
    found = await ticket(stage, number)
    assert (found.state, found.referent_id) == ("taken", camille.id)
    await camille.hears()
    assert "est à vous" in said(await diane.presses("Reprendre la demande"))
    assert "Diane Roux a repris la demande" in said(await camille.hears())
    assert "taken_over Camille Martin" in await history(stage, number)


async def test_one_tap_sends_a_demand_without_a_place_where_its_words_point(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    await nadia_on_telegram.says_and_waits("ma mission locale de Besançon parle de zztop pour mes 17 ans")
    number = await asks_for_a_human(nadia_on_telegram)
    await nadia_on_telegram.presses("Je ne sais pas")
    notice = await diane.notice(number)
    assert "Doubs (25)" in notice.buttons
    assert "Charente-Maritime (17)" not in notice.buttons
    assert "est transmise : Camille Martin" in said(await diane.presses("Doubs (25)", on=notice))
    assert f"Demande n° {number}" in said(await camille.hears())
    assert "transmise à l'équipe de : Doubs (25)" in texts(await nadia_on_telegram.hears())


async def test_another_place_is_typed_after_one_tap(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram)
    await nadia_on_telegram.presses("Je ne sais pas")
    notice = await diane.notice(number)
    assert "Dans quel département" in said(await diane.presses("Autre département", on=notice))
    assert "ni territoire ni référent" in said(await diane.writes("Atlantide"))
    await diane.presses("Autre département", on=notice)
    await diane.writes("Chalon-sur-Saône")
    assert f"Demande n° {number}" in said(await camille.hears())
    assert (await ticket(stage, number)).territory == "71"


async def test_a_place_that_is_known_needs_no_tap(
    stage: Stage, nadia_on_telegram: TelegramCitizen, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert (await camille.notice(number)).buttons == ("Prendre", "Répondre")
