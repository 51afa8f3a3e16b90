"""An index for claims: what is due first, and nothing of what will be due one day."""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

WAITS = sa.text("status = 'new'")


def upgrade() -> None:
    op.create_index(
        'ix_inbox_due', 'inbox', ['due_at', 'id'], unique=False, sqlite_where=WAITS, postgresql_where=WAITS
    )
