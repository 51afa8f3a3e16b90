"""Who agreed to get news, and what was sent to them."""

import sqlalchemy as sa
from alembic import op

import storage.columns


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = storage.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table('subscriptions',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('contact_id', ROW_ID, nullable=False),
    sa.Column('subject', sa.String(length=20), nullable=False),
    sa.Column('territory', sa.String(length=5), nullable=True),
    sa.Column('wording', sa.Text(), nullable=False),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('given_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('ended_by', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_subscriptions_contact_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscriptions'))
    )
    open_ = sa.text('ended_at IS NULL')
    op.create_index('uq_subscriptions_open', 'subscriptions', ['contact_id', 'subject'], unique=True, sqlite_where=open_, postgresql_where=open_)
    op.create_index('ix_subscriptions_contact_id', 'subscriptions', ['contact_id'])
    op.create_index('ix_subscriptions_subject', 'subscriptions', ['subject', 'territory'])
    op.create_index('ix_subscriptions_ended_at', 'subscriptions', ['ended_at'])
    op.create_table('broadcasts',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('subject', sa.String(length=20), nullable=False),
    sa.Column('territories', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('by_id', ROW_ID, nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('started_at', MOMENT, nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['referents.id'], name=op.f('fk_broadcasts_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_broadcasts'))
    )
    op.create_index('ix_broadcasts_ended_at', 'broadcasts', ['ended_at'])
    op.create_table('broadcast_recipients',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('broadcast_id', ROW_ID, nullable=False),
    sa.Column('contact_id', ROW_ID, nullable=True),
    sa.Column('territory', sa.String(length=5), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('transcript_id', ROW_ID, nullable=True),
    sa.Column('outbox_id', ROW_ID, nullable=True),
    sa.ForeignKeyConstraint(['broadcast_id'], ['broadcasts.id'], name=op.f('fk_broadcast_recipients_broadcast_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_broadcast_recipients_contact_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_broadcast_recipients')),
    sa.UniqueConstraint('broadcast_id', 'contact_id', name=op.f('uq_broadcast_recipients_broadcast_id'))
    )
    op.create_index('ix_broadcast_recipients_state', 'broadcast_recipients', ['broadcast_id', 'state', 'contact_id'])
    op.create_index('ix_broadcast_recipients_contact_id', 'broadcast_recipients', ['contact_id'])
