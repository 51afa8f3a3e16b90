"""Indexes from which a week's figures are counted without reading the rows."""

from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_questions_figures', 'questions', [
        'asked_at', 'territory', 'audience', 'outcome', 'entry_id', 'feedback', 'ticket_number',
    ])
    # The one begins with what the first was for; nothing looks for an outcome alone.
    op.drop_index(op.f('ix_questions_asked_at'), 'questions')
    op.drop_index(op.f('ix_questions_outcome'), 'questions')
    op.create_index(op.f('ix_tickets_opened_at'), 'tickets', ['opened_at'])
    op.create_index(op.f('ix_tickets_first_reply_at'), 'tickets', ['first_reply_at'])
    op.create_index('ix_ticket_events_what', 'ticket_events', ['what', 'at'])
