"""What referents propose to learn, and what became of it."""

import sqlalchemy as sa
from alembic import op

import storage.columns


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

IN_EFFECT = "state IN ('accepted', 'exported') AND joined_at IS NULL AND kind IN ('phrasing', 'off_topic')"


def upgrade() -> None:
    row_id = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('proposals',
    sa.Column('id', row_id, nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('target', sa.String(length=80), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('wording', sa.String(length=500), nullable=False),
    sa.Column('draft', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('proposed_by_id', row_id, nullable=True),
    sa.Column('proposed_at', storage.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('decided_by_id', row_id, nullable=True),
    sa.Column('decided_at', storage.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=True),
    sa.Column('joined_at', storage.columns.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['referents.id'], name=op.f('fk_proposals_proposed_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['decided_by_id'], ['referents.id'], name=op.f('fk_proposals_decided_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposals'))
    )
    with op.batch_alter_table('proposals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposals_proposed_by_id'), ['proposed_by_id'], unique=False)
        batch_op.create_index('ix_proposals_state', ['state', 'id'], unique=False)
        batch_op.create_index('uq_proposals_in_effect', ['wording'], unique=True, sqlite_where=sa.text(IN_EFFECT), postgresql_where=sa.text(IN_EFFECT))
