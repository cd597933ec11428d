"""Slack workspaces that installed the bot, and installations under way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "slack_installations",
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("bot_user", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("refresh_token", sa.Text(), nullable=True),
        sa.Column("expires", TIME, nullable=True),
        sa.Column("installed", TIME, nullable=False),
        sa.Column("renewing_until", TIME, nullable=True),
        sa.PrimaryKeyConstraint("enterprise", "team", name="pk_slack_installations"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "slack_states",
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires", TIME, nullable=False),
        sa.PrimaryKeyConstraint("state", name="pk_slack_states"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("slack_states")
    op.drop_table("slack_installations")
