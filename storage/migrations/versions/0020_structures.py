"""The directory of structures: stages, history, demands, imports that wait."""

import sqlalchemy as sa
from alembic import op

import storage.columns


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = storage.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table('structures',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('folded', sa.String(length=400), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('territory', sa.String(length=5), nullable=False),
    sa.Column('siret', sa.String(length=14), nullable=True),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('contact_name', sa.String(length=120), nullable=True),
    sa.Column('contact_email', sa.String(length=254), nullable=True),
    sa.Column('contact_at', MOMENT, nullable=True),
    sa.Column('added_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_structures')),
    sa.UniqueConstraint('folded', 'territory', name=op.f('uq_structures_folded')),
    sa.UniqueConstraint('siret', name=op.f('uq_structures_siret'))
    )
    for column in ('contact_email', 'territory'):
        op.create_index(op.f(f'ix_structures_{column}'), 'structures', [column])
    op.create_table('structure_events',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('structure_id', ROW_ID, nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.Column('stage', sa.String(length=20), nullable=True),
    sa.Column('reached', sa.Date(), nullable=True),
    sa.Column('detail', sa.String(length=200), nullable=True),
    sa.Column('by_id', ROW_ID, nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['referents.id'], name=op.f('fk_structure_events_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['structure_id'], ['structures.id'], name=op.f('fk_structure_events_structure_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_structure_events'))
    )
    for column in ('at', 'structure_id'):
        op.create_index(op.f(f'ix_structure_events_{column}'), 'structure_events', [column])
    op.create_table('structure_tickets',
    sa.Column('ticket_number', ROW_ID, autoincrement=False, nullable=False),
    sa.Column('structure_id', ROW_ID, nullable=False),
    sa.ForeignKeyConstraint(['structure_id'], ['structures.id'], name=op.f('fk_structure_tickets_structure_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['ticket_number'], ['tickets.number'], name=op.f('fk_structure_tickets_ticket_number'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ticket_number', name=op.f('pk_structure_tickets'))
    )
    op.create_index(op.f('ix_structure_tickets_structure_id'), 'structure_tickets', ['structure_id'])
    op.create_table('structure_imports',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.Column('by_id', ROW_ID, nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['referents.id'], name=op.f('fk_structure_imports_by_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_structure_imports'))
    )
    op.create_index(op.f('ix_structure_imports_at'), 'structure_imports', ['at'])
