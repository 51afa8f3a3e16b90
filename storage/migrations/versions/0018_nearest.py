"""Which entry a question is nearest to, so that unanswered ones count under a theme."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

FIRST = {
    'sqlite': "json_extract(candidates, '$[0].id')",
    'postgresql': "candidates -> 0 ->> 'id'",
}


def upgrade() -> None:
    op.add_column('questions', sa.Column('nearest_id', sa.String(length=80), nullable=True))
    op.drop_index('ix_questions_figures', 'questions')
    # Of those that were answered the entry itself tells.
    op.execute(
        f"UPDATE questions SET nearest_id = {FIRST[op.get_bind().dialect.name]} "
        "WHERE entry_id IS NULL AND outcome NOT IN ('out_of_scope', 'smalltalk', 'distress')"
    )
    op.create_index('ix_questions_figures', 'questions', [
        'asked_at', 'territory', 'audience', 'outcome', 'entry_id', 'feedback', 'ticket_number', 'nearest_id',
    ])
