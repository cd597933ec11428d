"""The questions of issues, and what people chose."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "questions",
        _delivery(),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("reveals", sa.Integer(), sa.ForeignKey("deliveries.id", ondelete="SET NULL")),
    )
    op.create_index("ix_questions_reveals", "questions", ["reveals"])
    op.create_table(
        "votes",
        _delivery(),
        sa.Column("person", sa.Text(), primary_key=True),
        sa.Column("chosen", sa.Integer(), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_votes_person", "votes", ["person"])


def _delivery() -> sa.Column[Any]:
    delivery = sa.ForeignKey("deliveries.id", ondelete="CASCADE")
    return sa.Column("delivery", sa.Integer(), delivery, primary_key=True)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("votes")
    op.drop_table("questions")
