"""What tickets are found by, and how far each referent has read them."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
# The index holds words that are folded already: it must not fold them again in its own way.
SQLITE = (
    """CREATE VIRTUAL TABLE ticket_words_index USING fts5(
        folded, content='ticket_words', content_rowid='ticket_number',
        tokenize="unicode61 remove_diacritics 0", prefix='3 4 5')""",
    """CREATE TRIGGER ticket_words_added AFTER INSERT ON ticket_words BEGIN
        INSERT INTO ticket_words_index (rowid, folded) VALUES (new.ticket_number, new.folded);
    END""",
    """CREATE TRIGGER ticket_words_gone AFTER DELETE ON ticket_words BEGIN
        INSERT INTO ticket_words_index (ticket_words_index, rowid, folded)
        VALUES ('delete', old.ticket_number, old.folded);
    END""",
    """CREATE TRIGGER ticket_words_changed AFTER UPDATE ON ticket_words BEGIN
        INSERT INTO ticket_words_index (ticket_words_index, rowid, folded)
        VALUES ('delete', old.ticket_number, old.folded);
        INSERT INTO ticket_words_index (rowid, folded) VALUES (new.ticket_number, new.folded);
    END""",
)
POSTGRESQL = (
    """ALTER TABLE ticket_words ADD COLUMN words tsvector
        GENERATED ALWAYS AS (to_tsvector('simple', folded)) STORED""",
    'CREATE INDEX ix_ticket_words_words ON ticket_words USING gin (words)',
)
HEARD = """UPDATE tickets SET heard_id = coalesce((SELECT max(id) FROM transcript
    WHERE transcript.ticket_number = tickets.number AND transcript.author = 'visitor'), 0)"""
QUESTIONS = """SELECT tickets.number, tickets.structure, questions.text FROM tickets
    LEFT JOIN questions ON questions.id = tickets.question_id
    WHERE tickets.number > :after ORDER BY tickets.number LIMIT 500"""
SAID = """SELECT ticket_number, text FROM (
        SELECT ticket_number, text, 0 AS kind, seq AS place FROM transcript
        WHERE ticket_number BETWEEN :first AND :last AND author != 'bot' AND NOT distress
        UNION ALL
        SELECT ticket_number, text, 1, id FROM ticket_notes WHERE ticket_number BETWEEN :first AND :last
    ) AS said ORDER BY ticket_number, kind, place"""


LETTERS = {ord(letter): plain for letter, plain in zip('œæøßłı', ('oe', 'ae', 'o', 'ss', 'l', 'i'))}


def upgrade() -> None:
    op.create_table(
        'ticket_words',
        sa.Column('ticket_number', ROW_ID, autoincrement=False, nullable=False),
        sa.Column('folded', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['ticket_number'], ['tickets.number'],
                                name=op.f('fk_ticket_words_ticket_number'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('ticket_number', name=op.f('pk_ticket_words')),
    )
    op.create_table(
        'ticket_reads',
        sa.Column('referent_id', ROW_ID, nullable=False),
        sa.Column('ticket_number', ROW_ID, nullable=False),
        sa.Column('seen_id', ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(['referent_id'], ['referents.id'],
                                name=op.f('fk_ticket_reads_referent_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['ticket_number'], ['tickets.number'],
                                name=op.f('fk_ticket_reads_ticket_number'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('referent_id', 'ticket_number', name=op.f('pk_ticket_reads')),
    )
    op.create_index(op.f('ix_ticket_reads_ticket_number'), 'ticket_reads', ['ticket_number'])
    op.add_column('tickets', sa.Column('heard_id', ROW_ID, server_default='0', nullable=False))
    op.add_column('referents', sa.Column('shortcuts', sa.Boolean(), server_default=sa.true(), nullable=False))
    connection = op.get_bind()
    for statement in SQLITE if connection.dialect.name == 'sqlite' else POSTGRESQL:
        op.execute(statement)
    op.execute(HEARD)
    _index(connection)


def _index(connection: sa.Connection) -> None:
    """What was said before can be found as what will be said."""
    insert = sa.text('INSERT INTO ticket_words (ticket_number, folded) VALUES (:number, :folded)')
    after = 0
    while rows := connection.execute(sa.text(QUESTIONS), {'after': after}).all():
        said = {number: [*filter(None, words)] for number, *words in rows}
        after = rows[-1][0]
        for number, words in connection.execute(sa.text(SAID), {'first': rows[0][0], 'last': after}):
            said[number].append(words)
        values = [{'number': number, 'folded': _folded([*words, str(number)])} for number, words in said.items()]
        connection.execute(insert, values)


def _folded(said: list[str]) -> str:
    """As the code of this release folds; what it does later must not change what this file did."""
    words = '\n'.join(said)
    for _ in range(2):
        words = unicodedata.normalize('NFKD', words).casefold().translate(LETTERS)
    words = ''.join(c for c in unicodedata.normalize('NFKD', words) if not unicodedata.combining(c))
    return ' '.join(re.findall(r'[^\W_]+', words))[-200_000:]
