"""Deliveries by destination, who looks after a newsletter, and what a subscription chooses.

The tables are made anew with the rows that are there, because SQLite cannot add a column where the
others have theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Rows: TypeAlias = list[dict[str, Any]]

TIME = sa.DateTime(timezone=True)
ALL_TOPICS = "feed pay quiz roles skills"


def upgrade() -> None:
    """Make the tables, and move what was in them."""
    subscriptions, deliveries = _taken("subscriptions"), _taken("deliveries")
    op.drop_table("deliveries")
    op.drop_table("subscriptions")
    _make_subscriptions()
    _make_deliveries()
    destinations = {
        row["id"]: row["community"] if row["platform"] == "slack" else row["platform"]
        for row in subscriptions
    }
    chosen: dict[str, Any] = {"name": "", "mention": "", "topics": ALL_TOPICS, "content": ""}
    chosen |= {"announcement": False, "again": False}
    _put("subscriptions", [{**row, **chosen, "digests": row["number"]} for row in subscriptions])
    _put(
        "deliveries",
        [
            {
                **row,
                "destination": destinations[row["subscription"]],
                "before": "",
                "planned": row["due"],
            }
            for row in deliveries
        ],
    )
    op.create_table(
        "destinations",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_destinations"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "chores",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reached", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_chores"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "newsletter_managers",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.PrimaryKeyConstraint("community", "person", name="pk_newsletter_managers"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_newsletter_managers_person", "newsletter_managers", ["person"])


def _taken(table: str) -> Rows:
    found = op.get_bind().execute(sa.text(f"SELECT * FROM {table} ORDER BY id"))  # noqa: S608 - ours
    return [dict(row) for row in found.mappings()]


def _put(table: str, rows: Rows) -> None:
    """Insert rows as they came from the driver, numbers included."""
    if not rows:
        return
    names: Mapping[str, Any] = rows[0]
    columns, values = ", ".join(names), ", ".join(f":{name}" for name in names)
    bind = op.get_bind()
    bind.execute(sa.text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), rows)  # noqa: S608
    if bind.dialect.name == "postgresql":
        number = f"setval(pg_get_serial_sequence('{table}', 'id'), {rows[-1]['id']})"
        bind.execute(sa.text(f"SELECT {number}"))


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _make_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_texts("platform", "community", "channel", "person", "rhythm"),
        sa.Column("weekday", sa.Integer(), nullable=False),
        *_texts("time", "zone", "anchor", "intro"),
        sa.Column("since", TIME, nullable=False),
        *_texts("state", "reason"),
        sa.Column("last", sa.Text(), nullable=True),
        sa.Column("next_at", TIME, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        *_texts("name"),
        sa.Column("announcement", sa.Boolean(), nullable=False),
        *_texts("mention", "topics"),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("digests", sa.Integer(), nullable=False),
        *_texts("content"),
        sa.UniqueConstraint("platform", "channel", name="uq_subscriptions_platform_channel"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscriptions_community", "subscriptions", ["community"])
    op.create_index("ix_subscriptions_person", "subscriptions", ["person"])
    _index("ix_subscriptions_due", "subscriptions", ["next_at"], "state = 'active'")


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "subscription",
            sa.Integer(),
            sa.ForeignKey("subscriptions.id", ondelete="CASCADE"),
            nullable=False,
        ),
        *_texts("date", "destination", "issue", "before"),
        sa.Column("planned", TIME, nullable=False),
        *_texts("state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_texts("reason"),
        sa.Column("due", TIME, nullable=False),
        sa.Column("updated", TIME, nullable=False),
        sa.UniqueConstraint("subscription", "date", name="uq_deliveries_subscription_date"),
        sqlite_autoincrement=True,
    )
    _index("ix_deliveries_due", "deliveries", ["destination", "due", "id"], "state = 'waiting'")
    _index("ix_deliveries_under_way", "deliveries", ["destination"], "state = 'sending'")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
