"""The register of blocking points, and who is stopped by each."""

import sqlalchemy as sa
from alembic import op

import storage.columns


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = storage.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table('blocking_points',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('subject', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('entry_id', sa.String(length=80), nullable=True),
    sa.Column('owner_id', ROW_ID, nullable=True),
    sa.Column('opened_at', MOMENT, nullable=False),
    sa.Column('opened_by_id', ROW_ID, nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('ended_by_id', ROW_ID, nullable=True),
    sa.Column('solution', sa.Text(), nullable=True),
    sa.Column('merged_into', ROW_ID, nullable=True),
    sa.ForeignKeyConstraint(['ended_by_id'], ['referents.id'], name=op.f('fk_blocking_points_ended_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['opened_by_id'], ['referents.id'], name=op.f('fk_blocking_points_opened_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['referents.id'], name=op.f('fk_blocking_points_owner_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_blocking_points'))
    )
    for column in ('ended_at', 'entry_id', 'state'):
        op.create_index(op.f(f'ix_blocking_points_{column}'), 'blocking_points', [column])
    op.create_table('blocking_reports',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('point_id', ROW_ID, nullable=False),
    sa.Column('ticket_number', ROW_ID, nullable=True),
    sa.Column('who', sa.String(length=120), nullable=True),
    sa.Column('territory', sa.String(length=5), nullable=True),
    sa.Column('audience', sa.String(length=20), nullable=True),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('by_id', ROW_ID, nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['referents.id'], name=op.f('fk_blocking_reports_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['point_id'], ['blocking_points.id'], name=op.f('fk_blocking_reports_point_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['ticket_number'], ['tickets.number'], name=op.f('fk_blocking_reports_ticket_number'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_blocking_reports')),
    sa.UniqueConstraint('point_id', 'ticket_number', name=op.f('uq_blocking_reports_point_id'))
    )
    for column in ('point_id', 'ticket_number'):
        op.create_index(op.f(f'ix_blocking_reports_{column}'), 'blocking_reports', [column])
