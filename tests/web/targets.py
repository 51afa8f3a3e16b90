"""Something of the Doubs for a route to be about, made for each asking so that no asking spoils the next."""

import itertools
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from handlers import blocking, broadcast, infos, meeting, quality, referent, staff, structures
from handlers.broadcast import Written
from handlers.errors import Refused
from handlers.staff_details import Typed
from handlers.turn import Turn
from storage import (
    absences,
    contacts,
    directory,
    files,
    holds,
    questions,
    repairs,
    shared_replies,
    structure_imports,
    tickets,
    transcript,
)
from storage import quality as stored_quality
from storage.tables import Referent, Structure
from tests.rights import PEOPLE
from tests.web.matrix import WORDS, Row
from tests.web.office import Office

_fresh = itertools.count(1)
Target = Callable[[Office], Awaitable[Mapping[str, int]]]


async def place(office: Office, row: Row) -> tuple[str, dict[str, str]]:
    """The row's path and fields about something that was made just now."""
    made = next((make for part, make in TARGETS if part in row.path), _nothing)
    known = {"fresh": next(_fresh), "entry": "pro-create-account", "place": "25", **await made(office)}
    return row.path.format(**known), {name: text.format(**known) for name, text in row.fields.items()}


async def hire(office: Office, role: str = "referent", territories: str = "25") -> int:
    """Somebody new in the directory."""
    number = next(_fresh)

    def add(turn: Turn) -> int:
        details = Typed(
            name=f"Personne {number}", role=role, territories=territories, email=f"p{number}@exemple.fr"
        )
        added = staff.add(turn, details)
        assert isinstance(added, Referent), added
        return added.id

    return await office.turn(add)


async def hire_as(office: Office, who: str) -> int:
    """One of the people of the grid."""
    return await hire(office, *PEOPLE[who])


async def _nothing(office: Office) -> Mapping[str, int]:
    return {}


async def _demand(office: Office) -> Mapping[str, int]:
    return {"number": await office.demand()}


async def _piece(office: Office) -> Mapping[str, int]:
    number = await office.demand()

    def keep(turn: Turn) -> int:
        ticket = tickets.get(turn.session, number)
        contact = contacts.get(turn.session, ticket.contact_id) if ticket and ticket.contact_id else None
        assert contact is not None
        row = transcript.add(
            turn.session, contact, author="visitor", text="📎", at=turn.now, ticket_number=number
        )
        file_id = files.begin(turn.session, name="note.txt", now=turn.now)
        files.add_chunk(turn.session, file_id, 0, b"bonjour")
        files.attach(turn.session, file_id, row, mime="text/plain", kind="document")
        return file_id

    return {"number": number, "piece": await office.turn(keep)}


async def _said(office: Office) -> Mapping[str, int]:
    """What a colleague told the asker."""
    number = await office.demand()

    def reply(turn: Turn) -> int:
        camille = directory.get(turn.session, office.camille)
        assert camille is not None
        assert not isinstance(referent.reply(turn, camille, number, "Bonjour"), Refused)
        return next(row.id for row in transcript.of_ticket(turn.session, number) if row.author == "referent")

    return {"number": number, "row": await office.turn(reply)}


async def _person(office: Office) -> Mapping[str, int]:
    return {"number": await hire(office)}


async def _absence(office: Office) -> Mapping[str, int]:
    person = await hire(office)

    def note(turn: Turn) -> int:
        starts_at = turn.now + timedelta(days=9)
        ends_at = starts_at + timedelta(days=1)
        return absences.note(turn.session, person, starts_at=starts_at, ends_at=ends_at).id

    return {"number": await office.turn(note)}


async def _hold(office: Office) -> Mapping[str, int]:
    return {"number": await office.hold("remboursement")}


async def _free_tag(office: Office) -> Mapping[str, int]:
    """Nothing is on hold, so that it can be put there."""

    def lift(turn: Turn) -> None:
        for hold in holds.active(turn.session):
            holds.lift(turn.session, hold.kind, hold.target, referent_id=None, now=turn.now)

    await office.turn(lift)
    return {}


async def _shared(office: Office) -> Mapping[str, int]:
    """What somebody shared who is none of those who ask."""

    def share(turn: Turn) -> int:
        nadia = directory.get(turn.session, office.nadia)
        assert nadia is not None
        one = shared_replies.share(
            turn.session, nadia, title="Titre", text="Texte", territory=None, theme=None, now=turn.now
        )
        return one.id

    return {"number": await office.turn(share)}


async def _proposal(office: Office) -> Mapping[str, int]:
    return {"number": await office.proposal(WORDS["phrase"])}


async def _question(office: Office) -> Mapping[str, int]:
    """Asked in vain."""
    return {"number": await office.question(WORDS["phrase"])}


async def _action(office: Office) -> Mapping[str, int]:
    """What the meeting agreed, by somebody who is none of those who ask."""

    def agree(turn: Turn) -> int:
        nadia = directory.get(turn.session, office.nadia)
        assert nadia is not None
        agreed = meeting.note(turn, nadia, who="moi", what="Relancer la DRAC", due=None)
        assert not isinstance(agreed, Refused), agreed
        return agreed.id

    return {"number": await office.turn(agree)}


async def _point(office: Office) -> Mapping[str, int]:
    """What stops people, noted by somebody who is none of those who ask."""

    def note(turn: Turn) -> int:
        nadia = directory.get(turn.session, office.nadia)
        assert nadia is not None
        noted = blocking.note(turn, nadia, title="Les classes ne voient rien", subject="adage")
        assert not isinstance(noted, Refused), noted
        return noted.id

    return {"number": await office.turn(note)}


async def _answer(office: Office) -> Mapping[str, int]:
    """Drawn to be judged."""
    question = await office.question(WORDS["phrase"], outcome="answer", entry_id="pro-create-account")
    return {"number": await office.turn(lambda turn: _drawn(turn, question))}


async def _repair(office: Office) -> Mapping[str, int]:
    """An entry that was judged wrong by somebody who is none of those who ask."""
    number = (await _answer(office))["number"]

    def find_fault(turn: Turn) -> int:
        nadia = directory.get(turn.session, office.nadia)
        assert nadia is not None
        standing = repairs.standing_of(turn.session, "pro-create-account")
        if standing is not None:
            repairs.end(turn.session, standing, by_id=None, now=turn.now - timedelta(days=1))
        judged = quality.judge(turn, nadia, number, "wrong")
        assert not isinstance(judged, Refused), judged
        assert judged.repair is not None
        return judged.repair.id

    return {"number": await office.turn(find_fault)}


def _drawn(turn: Turn, question_id: int) -> int:
    """A sample of this question alone, of a week long ago that had none yet."""
    question, place = questions.get(turn.session, question_id), next(_fresh)
    assert question is not None
    week = f"{1000 + place}-W01"
    assert stored_quality.draw(turn.session, week, [question], answers=1, now=turn.now)
    nadia = directory.get(turn.session, 1)
    assert nadia is not None
    return stored_quality.of_week(turn.session, nadia, week)[0].answer.id


async def _broadcast(office: Office) -> Mapping[str, int]:
    """The draft of somebody who is none of those who ask, for the Doubs, where somebody wants it."""

    def write(turn: Turn) -> int:
        nadia = directory.get(turn.session, office.nadia)
        assert nadia is not None
        reader = contacts.at(turn.session, "web:reader", now=turn.now)
        infos.agree(turn, reader, "pro", "25", "Oui ?")
        wanted = Written(subject="pro", text="**Bonjour**", territories=("25",))
        made = broadcast.write(turn, nadia, wanted)
        assert not isinstance(made, Refused), made
        return made.id

    return {"number": await office.turn(write)}


async def _structure(office: Office) -> Mapping[str, int]:
    """One of the Doubs, at its first stage, with a contact."""
    number = next(_fresh)

    def add(turn: Turn) -> int:
        typed = structures.Typed(
            name=f"Le Rex {number}", kind="cinema", territory="25", contact_name="Léa Petit"
        )
        added = structures.add(turn, None, typed)
        assert isinstance(added, Structure), added
        return added.id

    return {"number": await office.turn(add)}


async def _import(office: Office) -> Mapping[str, int]:
    """A file that Nadia sent."""

    def keep(turn: Turn) -> int:
        nadia = directory.get(turn.session, office.nadia)
        assert nadia is not None
        content = "nom;type;département\nLe Rex;cinéma;25\nLe Rialto;piscine;00\n"
        return structure_imports.keep(turn.session, nadia, content, now=turn.now).id

    return {"number": await office.turn(keep)}


TARGETS: tuple[tuple[str, Target], ...] = (
    ("/pieces/", _piece),
    ("/messages/", _said),
    ("/demandes/{number}", _demand),
    ("/annuaire/{number}", _person),
    ("/absences/{number}", _absence),
    ("/blocages/{number}", _point),
    ("/reunion/{number}", _action),
    ("/qualite/fiches/", _repair),
    ("/qualite/{number}", _answer),
    ("/diffusions/{number}", _broadcast),
    ("/structures/import/{number}", _import),
    ("/structures/{number}", _structure),
    ("/gels/{number}", _hold),
    ("/gels", _free_tag),
    ("/validation/{number}", _proposal),
    ("/reponses/{number}", _shared),
    ("/sans-reponse/{number}", _question),
)
"""What a path is about, by a part of it; the first that fits."""
