"""What referents write beside the talk: internal notes, and replies that they share."""

import sqlalchemy as sa
from alembic import op

import storage.columns


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ticket_notes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ticket_number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', storage.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('referent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['referent_id'], ['referents.id'], name=op.f('fk_ticket_notes_referent_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['ticket_number'], ['tickets.number'], name=op.f('fk_ticket_notes_ticket_number'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_notes'))
    )
    with op.batch_alter_table('ticket_notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ticket_notes_ticket_number'), ['ticket_number'], unique=False)

    op.create_table('shared_replies',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('territory', sa.String(length=5), nullable=True),
    sa.Column('theme', sa.String(length=80), nullable=True),
    sa.Column('shared_at', storage.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('uses', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['referents.id'], name=op.f('fk_shared_replies_author_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shared_replies'))
    )
    with op.batch_alter_table('shared_replies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shared_replies_author_id'), ['author_id'], unique=False)
