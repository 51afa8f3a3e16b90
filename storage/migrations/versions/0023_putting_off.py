"""Items that were put off: they keep their place in their lane until they are due."""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('inbox', sa.Column('put_off', sa.Boolean(), server_default=sa.false(), nullable=False))
