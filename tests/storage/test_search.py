"""Finding tickets by words: one contract for both databases."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from knowledge.searching import sought, words
from storage import contacts, migrations, questions, search, tickets, transcript
from storage.database import Database, open_database
from storage.tables import Ticket, TicketWords
from tests.storage.passing import NOW


async def demand(
    database: Database, *said: str, structure: str | None = None, asked: str | None = None
) -> int:
    """A ticket about which somebody said all this."""

    def open_one(session: Session) -> int:
        search.keep(session, words)
        asker = contacts.at(session, f"web:{structure}{asked}{said}", now=NOW)
        asker.structure = structure
        question = questions.log(
            session,
            asker,
            at=NOW,
            text=asked,
            outcome="handoff",
            candidates=[],
            entry_id=None,
            knowledge_hash="",
        )
        ticket = tickets.open_ticket(session, asker, question_id=question.id, theme=None, now=NOW)
        for line in said:
            transcript.add(session, asker, author="visitor", text=line, at=NOW, ticket_number=ticket.number)
        return ticket.number

    return await database.write(open_one)


async def found(database: Database, query: str) -> list[int]:
    """Numbers of the tickets that hold what is looked for."""
    terms = [search.Term(one.words, beginning=not one.exact) for one in sought(query)]

    def look(session: Session) -> Sequence[int]:
        condition = search.matching(database.dialect, terms)
        return session.scalars(select(Ticket.number).where(condition).order_by(Ticket.number)).all()

    return list(await database.read(look)) if terms else []


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("La Médiathèque est fermée", "mediatheque"),
        ("la mediatheque est fermée", "Médiathèque"),
        ("LA MÉDIATHÈQUE", "médiath"),
        ("Un cœur d’or", "coeur"),
        ("Un coeur d'or", "CŒUR d'or"),
        ("l’inscription à l'ADAGE", "inscription adage"),
        ("adage, puis l'inscription", "inscription adage"),
        ("e-mail : camille@example.org", "example.org"),
        ("compte pro bloqué", '"compte pro"'),
        ("compte pro bloqué", "« pro bloqué » compte"),
        ("dossier 2026-1234", "1234"),
        ("dossier n° 7", "n° 7"),
        ("straße", "strasse"),
    ],
)
async def test_is_found(database: Database, said: str, query: str) -> None:
    await demand(database, "autre chose")
    number = await demand(database, said)
    assert await found(database, query) == [number]


@pytest.mark.parametrize(
    "query",
    ["bloque pro", '"pro compte"', '"compte pr"', "comptes", "mediatheque compte", "ro", "c"],
)
async def test_is_not_found(database: Database, query: str) -> None:
    await demand(database, "mon compte pro", "est fermé")
    assert await found(database, query) == []


async def test_words_of_one_ticket_may_stand_in_several_messages(database: Database) -> None:
    number = await demand(database, "bonjour", "mon compte", "SIRET", structure="Le Zénith", asked="fermé ?")
    assert await found(database, "compte siret zenith ferme") == [number]
    assert await found(database, str(number)) == [number]


@pytest.mark.parametrize(
    "query",
    ['"', '""', '"compte', "AND", "OR NOT", "compte AND", "NEAR(compte)", "compte*", "*", "-compte"],
)
async def test_no_syntax_is_an_error(database: Database, query: str) -> None:
    await demand(database, "compte pro")
    assert await found(database, query) in ([], [1])


@pytest.mark.parametrize(
    "query",
    [
        "folded : x",
        "^compte",
        "(",
        "a & | !",
        "<->",
        "compte:*",
        "'",
        "\\",
        "%",
        "_",
        "é" * 500,
        "\0",
        "😀",
        "; --",
    ],
)
async def test_nothing_that_is_typed_is_an_error(database: Database, query: str) -> None:
    await demand(database, "compte pro")
    assert await found(database, query) in ([], [1])


async def test_an_edit_and_an_erasure_are_followed(database: Database) -> None:
    number = await demand(database, "xylophone", "compte")

    def edit(session: Session) -> None:
        search.keep(session, words)
        transcript.of_ticket(session, number)[0].text = "trompette"

    await database.write(edit)
    assert (await found(database, "xylophone"), await found(database, "trompette")) == ([], [number])

    def wipe(session: Session) -> None:
        search.keep(session, words)
        transcript.wipe_ticket(session, number)

    await database.write(wipe)
    assert await found(database, "trompette") == []
    assert await found(database, str(number)) == [number]


async def test_distress_and_the_bots_own_words_are_in_no_index(database: Database) -> None:
    number = await demand(database, "bonjour")

    def speak(session: Session) -> None:
        search.keep(session, words)
        asker = contacts.by_address(session, "web:NoneNone('bonjour',)")
        assert asker is not None
        sad = transcript.add(session, asker, author="visitor", text="mourir", at=NOW, ticket_number=number)
        transcript.mark_distress(session, [sad.id])
        transcript.add(session, asker, author="bot", text="automatique", at=NOW, ticket_number=number)

    await database.write(speak)
    assert (await found(database, "mourir"), await found(database, "automatique")) == ([], [])


async def test_words_that_turn_out_to_be_distress_leave_the_index(database: Database) -> None:
    """A message waits for the next ones before it is understood: it was written in an earlier turn."""
    number = await demand(database, "bonjour")

    def speak(session: Session) -> int:
        search.keep(session, words)
        asker = contacts.by_address(session, "web:NoneNone('bonjour',)")
        assert asker is not None
        said = transcript.add(session, asker, author="visitor", text="mourir", at=NOW, ticket_number=number)
        return said.id

    row_id = await database.write(speak)
    assert await found(database, "mourir") == [number]

    def understand(session: Session) -> None:
        search.keep(session, words)
        transcript.mark_distress(session, [row_id])

    await database.write(understand)
    assert await found(database, "mourir") == []


async def test_a_turn_that_fails_leaves_nothing_to_be_found(database: Database) -> None:
    def fail(session: Session) -> None:
        search.keep(session, words)
        asker = contacts.at(session, "web:1", now=NOW)
        ticket = tickets.open_ticket(session, asker, question_id=None, theme=None, now=NOW)
        transcript.add(
            session, asker, author="visitor", text="xylophone", at=NOW, ticket_number=ticket.number
        )
        session.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(fail)
    assert await database.read(lambda s: s.scalars(select(TicketWords)).all()) == []
    assert await found(database, "xylophone") == []


async def test_what_was_said_before_the_index_came_is_found(database_url: str) -> None:
    """The migration folds as the code does."""
    said = "La Médiathèque de l’Œuvre, à Nîmes : « où ? » ﬁn Straße № 12 ⅷ naïf"
    await migrations.migrate(database_url, to="0005")
    database = open_database(database_url)
    await database.write(lambda s: [s.execute(text(old), {"said": said}) for old in _OLD])
    await database.close()
    await migrations.migrate(database_url)
    database = open_database(database_url)
    folded = await database.read(lambda s: s.scalars(select(TicketWords.folded)).all())
    assert folded == [words(f"{said[:14]}\n{said}\n{said}\n1")]
    assert await found(database, "mediatheque strasse") == [1]
    assert await database.read(lambda s: s.scalar(select(Ticket.heard_id))) == 1
    await database.close()


_OLD = (
    "INSERT INTO contacts (id, address, structure, state, last_seq, created_at, seen_at) "
    "VALUES (1, 'web:1', :said, '{}', 1, '2026-11-23 09:00:00', '2026-11-23 09:00:00')",
    "INSERT INTO questions (id, contact_id, asked_at, text, channel, candidates, outcome, knowledge_hash) "
    "VALUES (1, 1, '2026-11-23 09:00:00', :said, 'web', '[]', 'handoff', '')",
    "INSERT INTO tickets (number, contact_id, question_id, state, structure, stage, opened_at) "
    "VALUES (1, 1, 1, 'waiting', substr(:said, 1, 14), 'national', '2026-11-23 09:00:00')",
    "INSERT INTO transcript (id, contact_id, seq, author, text, markup, at, ticket_number, distress) "
    "VALUES (1, 1, 1, 'visitor', :said, false, '2026-11-23 09:00:00', 1, false)",
)
