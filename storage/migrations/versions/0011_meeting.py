"""What was agreed at the weekly meeting: who does what until when."""

import sqlalchemy as sa
from alembic import op

import storage.columns


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = storage.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table('meeting_actions',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('what', sa.String(length=300), nullable=False),
    sa.Column('who', sa.String(length=80), nullable=True),
    sa.Column('referent_id', ROW_ID, nullable=True),
    sa.Column('due', sa.Date(), nullable=False),
    sa.Column('noted_at', MOMENT, nullable=False),
    sa.Column('noted_by_id', ROW_ID, nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('ended_by_id', ROW_ID, nullable=True),
    sa.Column('ending', sa.String(length=10), nullable=True),
    sa.ForeignKeyConstraint(['ended_by_id'], ['referents.id'], name=op.f('fk_meeting_actions_ended_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['noted_by_id'], ['referents.id'], name=op.f('fk_meeting_actions_noted_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['referent_id'], ['referents.id'], name=op.f('fk_meeting_actions_referent_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_actions'))
    )
    with op.batch_alter_table('meeting_actions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_actions_ended_at'), ['ended_at'], unique=False)
