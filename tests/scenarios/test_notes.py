"""Internal notes from Telegram: `/note 12 …`."""

from handlers import retention
from handlers.turn import Turn
from storage import notes
from storage.tables import OutboxItem, TicketNote, Transcript
from tests.actors import TelegramCitizen, texts
from tests.scenarios.desk import Colleague, asks_for_a_human, history, said
from tests.scenarios.traces import traces
from tests.stage import Stage

SECRET = "dossier zébulon, déjà appelé"


async def test_a_note_by_command_is_kept_and_told_to_nobody_but_its_author(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague, diane: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/prendre {number}")
    await nadia_on_telegram.hears()
    assert "la personne ne la voit pas" in said(await camille.writes(f"/note {number} {SECRET}"))
    assert await nadia_on_telegram.hears() == []
    await diane.writes(f"/note n° {number}\n{SECRET} aussi")
    assert "Diane Roux a écrit une note interne" in said(await camille.hears())
    assert [note.text for note in await stage.turn(lambda turn: _notes(turn, number))] == [
        SECRET,
        f"{SECRET} aussi",
    ]
    assert (await history(stage, number)).count("noted") == 2
    assert "zébulon" not in await stage.turn(_all_that_was_said)


async def test_what_a_note_wants(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    assert "/note 12" in said(await camille.writes("/note"))
    assert "La note est vide" in said(await camille.writes(f"/note {number}"))
    assert "Je ne trouve pas de demande" in said(await camille.writes("/note 999 rien"))
    elsewhere = await asks_for_a_human(TelegramCitizen(stage), "Lille")
    assert "Je ne trouve pas de demande" in said(await camille.writes(f"/note {elsewhere} {SECRET}"))
    assert await stage.turn(lambda turn: _notes(turn, elsewhere)) == []


async def test_the_command_is_for_referents_only(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    heard = await nadia_on_telegram.says(f"/note {number} une note à moi")
    assert "Je ne connais pas la commande" in texts(heard)
    assert await stage.turn(lambda turn: _notes(turn, number)) == []


def _notes(turn: Turn, number: int) -> list[TicketNote]:
    found = list(notes.of_ticket(turn.session, number))
    turn.session.expunge_all()
    return found


def _all_that_was_said(turn: Turn) -> str:
    rows = [row.text for row in turn.session.query(Transcript)]
    return "\n".join([*rows, *(str(item.payload) for item in turn.session.query(OutboxItem))])


async def test_notes_go_six_months_after_the_closing(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    await stage.turn(retention.schedule)
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/note {number} {SECRET}")
    await camille.writes(f"/clore {number}")
    await stage.later(days=182)
    assert [line.split(":")[0] for line in traces(stage, "zébulon")] == ["ticket_notes.text"]
    await stage.later(days=3)
    assert traces(stage, "zébulon") == []


async def test_erasing_oneself_erases_the_notes_about_it(
    nadia_on_telegram: TelegramCitizen, stage: Stage, camille: Colleague
) -> None:
    number = await asks_for_a_human(nadia_on_telegram, "Besançon")
    await camille.writes(f"/note {number} {SECRET}")
    await nadia_on_telegram.says("/effacer")
    await nadia_on_telegram.presses("Oui, tout effacer")
    assert await stage.turn(lambda turn: _notes(turn, number)) == []
