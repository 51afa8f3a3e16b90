"""The last week whose pack a referent was given, so that each is given once."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('referents', sa.Column('told_week', sa.String(length=8), nullable=True))
