"""An index for the lists of a desk: the tickets of a territory."""

from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f('ix_tickets_territory'), 'tickets', ['territory'])
