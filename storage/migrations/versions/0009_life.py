"""The life of a ticket: who was told of it, when it was answered, how it ended, what it follows."""

import sqlalchemy as sa
from alembic import op

import storage.columns


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = storage.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table('ticket_offers',
    sa.Column('ticket_number', ROW_ID, nullable=False),
    sa.Column('referent_id', ROW_ID, nullable=False),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['ticket_number'], ['tickets.number'], name=op.f('fk_ticket_offers_ticket_number'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['referent_id'], ['referents.id'], name=op.f('fk_ticket_offers_referent_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ticket_number', 'referent_id', name=op.f('pk_ticket_offers'))
    )
    with op.batch_alter_table('ticket_offers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_offers_referent_id'), ['referent_id'], unique=False)
    op.add_column('tickets', sa.Column('answered_at', MOMENT, nullable=True))
    op.add_column('tickets', sa.Column('solution', sa.String(length=10), nullable=True))
    op.add_column('tickets', sa.Column('helped', sa.String(length=10), nullable=True))
    op.add_column('tickets', sa.Column('helped_asked_at', MOMENT, nullable=True))
    op.add_column('tickets', sa.Column('linked_to', ROW_ID, nullable=True))
    op.create_index(op.f('ix_tickets_linked_to'), 'tickets', ['linked_to'], unique=False)
    op.execute("""UPDATE tickets SET solution = CASE WHEN solved THEN 'confirmed' ELSE 'assumed' END
        WHERE state = 'closed' AND erased_at IS NULL""")
