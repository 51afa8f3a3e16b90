"""Rule-change freezes: what is on hold, why, by whom, and until when it was."""

import sqlalchemy as sa
from alembic import op

import storage.columns


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('holds',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('target', sa.String(length=500), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('held_at', storage.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('held_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('thawed_at', storage.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('thawed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['held_by_id'], ['referents.id'], name=op.f('fk_holds_held_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['thawed_by_id'], ['referents.id'], name=op.f('fk_holds_thawed_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_holds'))
    )
    with op.batch_alter_table('holds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_holds_thawed_at'), ['thawed_at'], unique=False)
