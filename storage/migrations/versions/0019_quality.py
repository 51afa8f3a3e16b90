"""Answers drawn to be judged, entries to mend, and who was told of a wrong answer."""

import sqlalchemy as sa
from alembic import op

import storage.columns


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = storage.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table('samples',
    sa.Column('week', sa.String(length=8), nullable=False),
    sa.Column('drawn_at', MOMENT, nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('week', name=op.f('pk_samples'))
    )
    op.create_table('sampled_answers',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('week', sa.String(length=8), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('question_id', ROW_ID, nullable=False),
    sa.Column('entry_id', sa.String(length=80), nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=True),
    sa.Column('judged_at', MOMENT, nullable=True),
    sa.Column('judged_by_id', ROW_ID, nullable=True),
    sa.ForeignKeyConstraint(['judged_by_id'], ['referents.id'], name=op.f('fk_sampled_answers_judged_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_sampled_answers_question_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['week'], ['samples.week'], name=op.f('fk_sampled_answers_week'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sampled_answers')),
    sa.UniqueConstraint('question_id', name=op.f('uq_sampled_answers_question_id')),
    sa.UniqueConstraint('week', 'place', name=op.f('uq_sampled_answers_week'))
    )
    op.create_table('repairs',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('entry_id', sa.String(length=80), nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.Column('hold_id', ROW_ID, nullable=True),
    sa.Column('opened_at', MOMENT, nullable=False),
    sa.Column('opened_by_id', ROW_ID, nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('ended_by_id', ROW_ID, nullable=True),
    sa.Column('correction', sa.Text(), nullable=True),
    sa.Column('corrected_at', MOMENT, nullable=True),
    sa.Column('corrected_by_id', ROW_ID, nullable=True),
    sa.ForeignKeyConstraint(['corrected_by_id'], ['referents.id'], name=op.f('fk_repairs_corrected_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ended_by_id'], ['referents.id'], name=op.f('fk_repairs_ended_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['opened_by_id'], ['referents.id'], name=op.f('fk_repairs_opened_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_repairs'))
    )
    for column in ('ended_at', 'entry_id'):
        op.create_index(op.f(f'ix_repairs_{column}'), 'repairs', [column])
    stands = sa.text('ended_at IS NULL')
    op.create_index('uq_repairs_standing', 'repairs', ['entry_id'], unique=True, sqlite_where=stands, postgresql_where=stands)
    op.create_table('corrections',
    sa.Column('repair_id', ROW_ID, nullable=False),
    sa.Column('contact_id', ROW_ID, nullable=False),
    sa.Column('told_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_corrections_contact_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['repair_id'], ['repairs.id'], name=op.f('fk_corrections_repair_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('repair_id', 'contact_id', name=op.f('pk_corrections'))
    )
    op.create_index(op.f('ix_corrections_contact_id'), 'corrections', ['contact_id'])
