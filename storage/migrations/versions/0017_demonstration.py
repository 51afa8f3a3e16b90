"""Whether a database holds a demonstration."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = storage.columns.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table('demonstration',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('weeks', sa.Integer(), nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_demonstration'))
    )
