"""Finding tickets by the words of people about them: FTS5 on SQLite, `tsvector` with GIN on PostgreSQL.

The words of a ticket (its number, the structure, the question, what visitor and referents said, internal
notes) stand folded in one row of `ticket_words`; the database keeps its full-text index beside it in the
same transaction, by triggers on SQLite and a generated column on PostgreSQL. That row is written anew before
each commit that touched any of them. How words are folded is handed in by `keep`: storage knows no language.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, event, inspect, select, text, update
from sqlalchemy.orm import Session

from storage.columns import insert_once, rows_of
from storage.prepared import Prepared
from storage.tables import Question, Ticket, TicketNote, TicketWords, Transcript

Fold = Callable[[str], str]
"""Makes the words of a text comparable: letters and digits in words with one space between them."""

LONGEST = 200_000
"""Characters of a ticket that are found, the last ones: PostgreSQL refuses a document over a megabyte."""
SHORTEST_BEGINNING = 3
"""Letters from which on a word may be the beginning of another; fewer begin half of the dictionary."""
_FOLD, _TOUCHED = "search.fold", "search.touched"


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or several in a row, already folded; the last may be a `beginning`."""

    words: tuple[str, ...]
    beginning: bool


def keep(session: Session, fold: Fold) -> None:
    """From now on, whatever this session writes about a ticket can be found once it is committed."""
    session.info[_FOLD] = fold


def again(session: Session, numbers: Collection[int]) -> None:
    """These tickets' words have changed by other ways than the session's own objects: an erasure."""
    _touched(session).update(numbers)


def matching(dialect: str, terms: Sequence[Term]) -> ColumnElement[bool]:
    """The condition that a `Ticket` holds every term somewhere; `terms` must not be empty."""
    if dialect == "sqlite":
        found = (
            "tickets.number IN (SELECT rowid FROM ticket_words_index WHERE ticket_words_index MATCH :sought)"
        )
        sought = " ".join(map(_for_fts5, terms))
    else:
        found = (
            "EXISTS (SELECT 1 FROM ticket_words WHERE ticket_words.ticket_number = tickets.number"
            " AND ticket_words.words @@ to_tsquery('simple', :sought))"
        )
        sought = " & ".join(map(_for_tsquery, terms))
    return text(found).bindparams(sought=sought)  # type: ignore[return-value]  # a condition all the same


def _for_fts5(term: Term) -> str:
    """Words are letters and digits only: nothing in them could be taken for FTS5's own syntax."""
    return f'"{" ".join(term.words)}"' + ("*" if _begins(term) else "")


def _for_tsquery(term: Term) -> str:
    return f"({' <-> '.join(term.words)}{':*' if _begins(term) else ''})"


def _begins(term: Term) -> bool:
    return term.beginning and len(term.words[-1]) >= SHORTEST_BEGINNING


@event.listens_for(Session, "after_flush")
def _note_what_changed(session: Session, _context: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, (Transcript, TicketNote)) and row.ticket_number is not None:
            _touched(session).add(row.ticket_number)
        elif isinstance(row, Ticket) and _says_otherwise(row):
            _touched(session).add(row.number)


def _says_otherwise(ticket: Ticket) -> bool:
    state = inspect(ticket)
    return any(state.attrs[name].history.has_changes() for name in ("number", "structure", "question_id"))


@event.listens_for(Session, "before_commit")
def _write_words(session: Session) -> None:
    fold: Fold | None = session.info.get(_FOLD)
    if fold is None:
        return
    session.flush()
    touched, session.info[_TOUCHED] = sorted(_touched(session)), set()
    emptied = [number for number in touched if not _write_words_of(session, number, fold)]
    if emptied and session.get_bind().dialect.name == "sqlite":
        # A word that was deleted would otherwise stay readable in the file until FTS5 merges it away.
        session.execute(text("INSERT INTO ticket_words_index (ticket_words_index) VALUES ('optimize')"))


def _write_words_of(session: Session, number: int, fold: Fold) -> bool:
    """Writes a ticket's words anew; whether it has any besides its number."""
    of = {"ticket": number}
    if _IS_THERE(session, of).first() is None:
        return False
    insert_once(session, TicketWords, "ticket_number", ticket_number=number, folded="")
    # Who writes to the same ticket at this instant waits here, so that the later one reads both.
    _HOLD(session, of)
    said = _said(session, number)
    folded = fold("\n".join((*said, str(number))))[-LONGEST:]
    _WRITE(session, of | {"words": folded})
    return bool(said)


def _said(session: Session, number: int) -> list[str]:
    """What people said about a ticket; words of distress are kept for days only, and in one place only."""
    of = {"ticket": number}
    about = _ABOUT(session, of).first()
    told = [*_HEARD(session, of).all(), *_NOTED(session, of).all()]
    return [*filter(None, about), *(row.text for row in told)]


def _touched(session: Session) -> set[int]:
    touched: set[int] = session.info.setdefault(_TOUCHED, set())
    return touched


# Built once, and on the tables themselves: each message for a referent asks for them.
_TICKETS, _WORDS, _QUESTIONS = rows_of(Ticket).c, rows_of(TicketWords), rows_of(Question).c
_ROWS, _NOTES = rows_of(Transcript).c, rows_of(TicketNote).c
_NUMBER: BindParameter[int] = bindparam("ticket")
_IS_THERE = Prepared(select(_TICKETS.number).where(_TICKETS.number == _NUMBER))
_HOLD = Prepared(select(_WORDS.c.ticket_number).where(_WORDS.c.ticket_number == _NUMBER).with_for_update())
_WRITE = Prepared(
    update(_WORDS)
    .where(_WORDS.c.ticket_number == _NUMBER, _WORDS.c.folded != bindparam("words"))
    .values(folded=bindparam("words"))
)
_ABOUT = Prepared(
    select(_TICKETS.structure, _QUESTIONS.text)
    .select_from(rows_of(Ticket).outerjoin(rows_of(Question), _QUESTIONS.id == _TICKETS.question_id))
    .where(_TICKETS.number == _NUMBER)
)
_HEARD = Prepared(
    select(_ROWS.text)
    .where(_ROWS.ticket_number == _NUMBER, _ROWS.author != "bot", _ROWS.distress.is_(False))
    .order_by(_ROWS.seq)
)
_NOTED = Prepared(select(_NOTES.text).where(_NOTES.ticket_number == _NUMBER).order_by(_NOTES.id))
