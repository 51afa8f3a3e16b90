"""Opening hours, promised replies, and by which way referents want to be told."""

import sqlalchemy as sa
from alembic import op

import storage.columns


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('schedules',
    sa.Column('owner', sa.String(length=30), nullable=False),
    sa.Column('periods', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('reply_days', sa.Float(), nullable=True),
    sa.PrimaryKeyConstraint('owner', name=op.f('pk_schedules'))
    )
    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.add_column(sa.Column('promised_at', storage.columns.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('near_at', storage.columns.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('due_at', storage.columns.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reminded', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('reply_minutes', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_tickets_due_at'), ['due_at'], unique=False)
    with op.batch_alter_table('referents', schema=None) as batch_op:
        batch_op.add_column(sa.Column('notices_by', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('digest_by', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('digested_at', storage.columns.UtcDateTime(timezone=True), nullable=True))
