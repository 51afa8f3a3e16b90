"""Passing on with a note, one tap for a demand without a place, and a demand's whole history in French."""

import ast
from pathlib import Path

from bot.web.console import wording
from handlers import ending, escalation, presence, routing
from handlers.talk import Talk
from handlers.turn import Turn
from storage import contacts, tickets
from storage.tables import Contact, Ticket
from tests.web.office import Office, words


async def test_a_note_goes_with_a_transfer_and_stays_beside_the_talk(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(f"/console/demandes/{number}")
        assert words(page).count("Note pour qui la reçoit") == 2
        await desk.send(
            f"/console/demandes/{number}/transmission", collegue=str(office.driss), note="À rappeler <mardi>"
        )
    assert await office.replies(number) == []
    async with office.at_desk(office.driss) as desk:
        page = await desk.read(f"/console/demandes/{number}")
    assert "À rappeler &lt;mardi&gt;" in page
    assert "Note interne" in page
    assert "Transmise : Driss Benali par Camille Martin" in words(page)


async def test_what_was_typed_into_a_refused_transfer_is_not_lost(office: Office) -> None:
    number = await office.demand()
    async with office.at_desk(office.camille) as desk:
        url = f"/console/demandes/{number}/transmission"
        page = await desk.send(url, status=422, territoire="Atlantide", note="À rappeler")
        assert ">À rappeler</textarea>" in page
        page = await desk.send(url, status=422, territoire="71", note="x" * 1001)
    assert "dépasse 1000 caractères" in page
    assert await office.state(number) == ("waiting", None, "25")


async def test_one_tap_sends_a_demand_without_a_place_to_where_its_words_point(office: Office) -> None:
    number = await office.demand("je suis à Mâcon et j'ai 17 ans, mon compte est bloqué", territory=None)
    await office.turn(lambda turn: escalation.route_unanswered(turn, number))
    async with office.at_desk(office.nadia) as desk:
        page = await desk.read(f"/console/demandes/{number}")
        assert "Département inconnu." in page
        assert "Saône-et-Loire (71)</button>" in page
        assert "Charente-Maritime" not in page
        await desk.send(f"/console/demandes/{number}/transmission", territoire="71")
        page = await desk.read(f"/console/demandes/{number}")
    assert "Département inconnu." not in page
    assert await office.state(number) == ("waiting", None, "71")


async def test_the_history_says_all_of_it_in_french(office: Office) -> None:
    number = await office.demand(address="telegram:42")
    async with office.at_desk(office.camille) as camille, office.at_desk(office.nadia) as nadia:
        await camille.send(f"/console/demandes/{number}/prise")
        await nadia.send(f"/console/demandes/{number}/prise", reprendre="1")
        await nadia.send(f"/console/demandes/{number}/reponse", text="Voici.")
        await office.turn(lambda turn: escalation.asks(turn, _ticket(turn, number)))
        await nadia.send(f"/console/demandes/{number}/reponse", text="Encore.")
        await office.turn(lambda turn: ending.deny(turn, _asker(turn), Talk(), number))
        await nadia.send(f"/console/demandes/{number}/territoire", territoire="71")
        await office.turn(lambda turn: presence.lost(turn, _asker(turn)))
        page = words(await nadia.read(f"/console/demandes/{number}"))
        assert "Injoignable" in page
        await office.turn(lambda turn: presence.found(turn, _asker(turn)))
        await office.turn(lambda turn: ending.confirm(turn, _asker(turn), Talk(), number))
        page = words(await nadia.read(f"/console/demandes/{number}"))
    for line in (
        "Demande ouverte",
        "Signalée au territoire : Camille Martin",
        "Prise en charge par Camille Martin",
        "Reprise : Camille Martin par Nadia Ferrand",
        "Réponse écrite par Nadia Ferrand",
        "La personne a écrit de nouveau",
        "Territoire corrigé : Saône-et-Loire (71) par Nadia Ferrand",
        "La personne ne peut plus être jointe",
        "La personne est de retour",
        "Résolue, d'après la personne",
    ):
        assert line in page, line
    assert "Résolue oui, d'après la personne" in page


async def test_a_supposed_solution_and_a_linked_demand_are_shown(office: Office) -> None:
    number = await office.demand(address="telegram:42")
    async with office.at_desk(office.camille) as desk:
        await desk.send(f"/console/demandes/{number}/reponse", text="Voici.")
        answered = await office.turn(lambda turn: _ticket(turn, number).answered_at)
        assert answered is not None
        await office.turn(lambda turn: ending.assume(turn, number, answered))
        page = words(await desk.read(f"/console/demandes/{number}"))
        assert "Résolue supposée : la personne n'a rien dit" in page
        assert "Close sans nouvelles de la personne, solution supposée" in page
        office.site.clock.advance(days=15)
    await office.turn(lambda turn: ending.deny(turn, _asker(turn), Talk(), number))
    async with office.at_desk(office.camille) as desk:
        page = await desk.read(f"/console/demandes/{number + 1}")
        assert f'Fait suite à</dt><dd><a href="/console/demandes/{number}">' in page
        assert f'Suite</dt><dd><a href="/console/demandes/{number + 1}">' in await desk.read(
            f"/console/demandes/{number}"
        )


async def test_the_circles_are_named(office: Office) -> None:
    number = await office.demand(territory="75")
    async with office.at_desk(office.nadia) as desk:
        page = words(await desk.read(f"/console/demandes/{number}"))
        assert "Signalée au guichet national : Nadia Ferrand" in page
        await office.turn(lambda turn: routing.route_anew(turn, _ticket(turn, number)))
        page = words(await desk.read(f"/console/demandes/{number}"))
    assert page.count("Signalée au guichet national") == 2


def test_each_kind_of_event_has_its_words() -> None:
    """What the code writes into a history is what the console knows to say, no more and no less."""
    written = {"taken", "taken_over"}  # chosen between the two when somebody takes a demand
    root = Path(__file__).parents[2]
    for path in [*(root / "handlers").glob("*.py"), root / "storage" / "tickets.py"]:
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("tickets.note", "note"):
                kinds = [one.value for one in call.args[2:3] if isinstance(one, ast.Constant)]
                written |= {str(kind) for kind in kinds}
    assert written == set(wording.EVENTS)


def _ticket(turn: Turn, number: int) -> Ticket:
    found = tickets.get(turn.session, number)
    assert found is not None
    return found


def _asker(turn: Turn) -> Contact:
    return contacts.at(turn.session, "telegram:42", now=turn.now)
