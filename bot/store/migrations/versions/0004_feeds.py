"""Feeds for the newsletter: their state and their entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "feeds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fetched", TIME, nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("modified", sa.Text(), nullable=False),
        sa.Column("failed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feed_entries",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("published", TIME, nullable=True),
        sa.Column("seen", TIME, nullable=False),
        sa.PrimaryKeyConstraint("feed", "id", name="pk_feed_entries"),
        sa.ForeignKeyConstraint(
            ["feed"], ["feeds.id"], name="fk_feed_entries_feed", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feed_entries_seen", "feed_entries", ["seen"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("feed_entries")
    op.drop_table("feeds")
