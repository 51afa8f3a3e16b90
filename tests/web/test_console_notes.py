"""Internal notes in the console: kept beside the talk, seen by colleagues, never sent to anybody."""

import json

from handlers.turn import Turn
from storage import notes, transcript
from storage.tables import OutboxItem, Ticket, Transcript
from tests.web.office import Office, words

SECRET = "Note : déjà appelé <b>deux</b> fois, dossier zébulon"
MARK = "Note interne – la personne ne la voit pas"


async def test_a_note_is_kept_and_shown_apart(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        led = await desk.send(f"/console/demandes/{number}/note", note=SECRET)
        page = await desk.read(led)
    assert led == f"/console/demandes/{number}?fait=note"
    assert "Votre note est gardée. La personne ne la voit pas." in page
    assert page.count(MARK) == 2  # on the note and on the form
    assert "dossier zébulon" in page
    assert "<b>deux</b>" not in page
    assert "Note interne écrite par Camille Martin" in words(page)
    assert await office.state(number) == ("waiting", None, "25")


async def test_no_message_of_any_channel_ever_holds_a_note(office: Office) -> None:
    """On the web and on Telegram, before and after a reply, a transfer, a closing."""
    numbers = [await office.demand(address=address) for address in ("web:alice", "telegram:42")]
    async with office.at_desk(office.camille) as desk:
        for number in numbers:
            await desk.send(f"/console/demandes/{number}/note", note=SECRET)
            await desk.send(f"/console/demandes/{number}/reponse", text="Bonjour")
            await desk.send(f"/console/demandes/{number}/note", note=SECRET)
            await desk.send(f"/console/demandes/{number}/transmission", territoire="70")
            await desk.send(f"/console/demandes/{number}/cloture")
    said, sent = await office.turn(_everything_said)
    assert len(said) > 6
    assert len(sent) > 3
    assert "zébulon" not in "\n".join([*said, *sent])
    async with office.at_desk(office.nadia) as desk:
        for number in numbers:
            assert (await desk.read(f"/console/demandes/{number}")).count("dossier zébulon") == 2


async def test_who_gets_the_demand_reads_its_notes(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{number}/note", note=SECRET)
        await desk.send(f"/console/demandes/{number}/transmission", territoire="71")
    async with office.at_desk(office.driss) as desk:
        page = await desk.read(f"/console/demandes/{number}")
    assert "dossier zébulon" in page
    assert "Camille Martin" in page


async def test_notes_go_with_the_demand(office: Office) -> None:
    number, other = await office.demand(address="web:alice"), await office.demand()
    async with office.at_desk(office.camille) as desk:
        for one in (number, other):
            await desk.send(f"/console/demandes/{one}/note", note=SECRET)
        await office.forget(number)
        assert "zébulon" not in await desk.read(f"/console/demandes/{number}")
        page = await desk.send(f"/console/demandes/{number}/note", status=422, note="encore une note")
    assert "sont effacés" in page
    assert await office.turn(lambda turn: notes.count(turn.session, number)) == 0
    assert await office.turn(lambda turn: notes.count(turn.session, other)) == 1


async def test_a_closed_demand_takes_notes_too(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{number}/cloture")
        await desk.send(f"/console/demandes/{number}/note", note="vue avec le lycée")
        assert "vue avec le lycée" in await desk.read(f"/console/demandes/{number}")
    assert (await office.state(number))[0] == "closed"


async def test_an_empty_and_a_long_note_are_said_at_the_field_and_nothing_is_lost(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        page = await desk.send(f"/console/demandes/{number}/note", status=422, note="  ")
        assert 'id="note-error"' in page
        page = await desk.send(f"/console/demandes/{number}/note", status=422, note="é" * 4097)
    assert "é" * 4097 in page
    assert await office.turn(lambda turn: notes.count(turn.session, number)) == 0


async def test_a_double_click_keeps_one_note(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        for _ in range(2):
            await desk.send(f"/console/demandes/{number}/note", form="one", note="une fois")
    assert await office.turn(lambda turn: notes.count(turn.session, number)) == 1


def _everything_said(turn: Turn) -> tuple[list[str], list[str]]:
    rows = turn.session.query(Transcript).all()
    assert {row.ticket_number for row in rows if row.ticket_number} == {
        ticket.number for ticket in turn.session.query(Ticket)
    }
    sent = [json.dumps(item.payload, ensure_ascii=False) for item in turn.session.query(OutboxItem)]
    shown = [
        row.text for row in rows for row in transcript.after(turn.session, row.contact_id, 0, limit=1000)
    ]
    return shown, sent
