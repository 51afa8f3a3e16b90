"""Where a conversation was before its chat became another one."""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('contacts', sa.Column('moved_from', sa.String(length=200), nullable=True))
    op.create_index(op.f('ix_contacts_moved_from'), 'contacts', ['moved_from'], unique=False)
