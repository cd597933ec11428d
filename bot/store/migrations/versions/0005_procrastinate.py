"""The tables of procrastinate, which several processes share their work with. PostgreSQL only."""

from __future__ import annotations

from alembic import op

from bot.store.queue_tables import bring_up_to_date

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, or do what newer versions of the library want of those that are there."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        bring_up_to_date(connection)
