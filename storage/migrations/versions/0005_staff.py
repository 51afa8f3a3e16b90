"""Staff: how far rights reach by region, and the audit log of what people at the desk did."""

import sqlalchemy as sa
from alembic import op

import storage.columns


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('referent_reach',
    sa.Column('referent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('territory', sa.String(length=5), nullable=False),
    sa.ForeignKeyConstraint(['referent_id'], ['referents.id'], name=op.f('fk_referent_reach_referent_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('referent_id', 'territory', name=op.f('pk_referent_reach'))
    )
    with op.batch_alter_table('referent_reach', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referent_reach_territory'), ['territory'], unique=False)
    op.create_table('audit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', storage.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('referent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('action', sa.String(length=30), nullable=False),
    sa.Column('target_kind', sa.String(length=20), nullable=True),
    sa.Column('target', sa.String(length=80), nullable=True),
    sa.Column('detail', sa.String(length=200), nullable=True),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['referent_id'], ['referents.id'], name=op.f('fk_audit_referent_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_at'), ['at'], unique=False)
        batch_op.create_index('ix_audit_referent', ['referent_id', 'at'], unique=False)
