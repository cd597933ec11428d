"""The newsletter: subscriptions and deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("platform", "community", "channel", "person", "rhythm")
        ),
        sa.Column("weekday", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("time", "zone", "anchor", "intro")
        ),
        sa.Column("since", TIME, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=True),
        sa.Column("next_at", TIME, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.UniqueConstraint("platform", "channel", name="uq_subscriptions_platform_channel"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscriptions_community", "subscriptions", ["community"])
    op.create_index("ix_subscriptions_person", "subscriptions", ["person"])
    _index("ix_subscriptions_due", "subscriptions", "next_at", "state = 'active'")
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "subscription",
            sa.Integer(),
            sa.ForeignKey("subscriptions.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due", TIME, nullable=False),
        sa.Column("updated", TIME, nullable=False),
        sa.UniqueConstraint("subscription", "date", name="uq_deliveries_subscription_date"),
        sqlite_autoincrement=True,
    )
    _index("ix_deliveries_waiting", "deliveries", "due", "state = 'waiting'")
    _index("ix_deliveries_sending", "deliveries", "updated", "state = 'sending'")


def _index(name: str, table: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, [column], sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("deliveries")
    op.drop_table("subscriptions")
