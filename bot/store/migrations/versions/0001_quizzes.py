"""Quizzes and answers, what they teach, communities, reports and notices."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _sessions()
    _learning()
    _communities()
    _queues()


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str) -> sa.Column[Any]:
    return sa.Column(name, TIME, nullable=False)


def _real(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        _text("id"),
        _text("person"),
        _text("kind"),
        _text("topic"),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        _text("content"),
        _whole("length"),
        _time("started"),
        _time("updated"),
        _text("phase"),
        _text("asked"),
        _text("means"),
        _text("community", nullable=True),
        _text("channel", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    is_open = "phase IN ('answered', 'asking', 'paused')"
    key = ["person", "kind", "topic"]
    _index("uq_sessions_open", "sessions", key, is_open, unique=True)
    op.create_index("ix_sessions_person", "sessions", ["person"])
    _index("ix_sessions_resting", "sessions", ["updated"], is_open)
    op.create_table(
        "snapshots",
        _text("version"),
        _text("body"),
        sa.PrimaryKeyConstraint("version", name="pk_snapshots"),
    )


def _learning() -> None:
    op.create_table(
        "answers",
        _text("session"),
        _whole("position"),
        _text("person"),
        _text("community", nullable=True),
        _text("item"),
        _text("skill_group"),
        _real("score"),
        _text("chosen"),
        _flag("is_first"),
        _real("seconds"),
        _real("ability"),
        _time("at"),
        sa.PrimaryKeyConstraint("session", "position", name="pk_answers"),
        sa.ForeignKeyConstraint(
            ["session"], ["sessions.id"], name="fk_answers_session", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answers_latest", "answers", ["person", "at", "seconds"])
    board = ["community", "person", "at", "score"]
    _index("ix_answers_board", "answers", board, "is_first")
    op.create_table(
        "abilities",
        _text("person"),
        _text("skill_group"),
        _real("value"),
        _whole("answers"),
        sa.PrimaryKeyConstraint("person", "skill_group", name="pk_abilities"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "difficulties",
        _text("item"),
        _real("value"),
        _whole("answers"),
        sa.PrimaryKeyConstraint("item", name="pk_difficulties"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cards",
        _text("person"),
        _text("item"),
        _text("state"),
        _time("due"),
        _time("last"),
        _flag("quick"),
        sa.PrimaryKeyConstraint("person", "item", name="pk_cards"),
        sqlite_with_rowid=False,
    )


def _communities() -> None:
    op.create_table(
        "packs_off",
        _text("community"),
        _text("pack"),
        sa.PrimaryKeyConstraint("community", "pack", name="pk_packs_off"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "members",
        _text("community"),
        _text("person"),
        _text("name"),
        _time("joined"),
        sa.PrimaryKeyConstraint("community", "person", name="pk_members"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_members_person", "members", ["person"])


def _queues() -> None:
    op.create_table(
        "reports",
        _whole("id"),
        _text("person"),
        _text("item"),
        _text("version"),
        _text("reason"),
        _text("text"),
        _time("at"),
        _text("outcome"),
        _text("note"),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint("person", "item", "version", name="uq_reports_person_item_version"),
        sqlite_autoincrement=True,
    )
    _index("ix_reports_open", "reports", ["id"], "outcome = 'open'")
    op.create_table(
        "notices",
        _whole("id"),
        _text("key"),
        _text("topic"),
        _time("due"),
        _text("person", nullable=True),
        _text("channel", nullable=True),
        _text("data"),
        _text("state"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sqlite_autoincrement=True,
    )
    waits = "state = 'waiting'"
    _index("uq_notices_waiting", "notices", ["key"], waits, unique=True)
    _index("ix_notices_due", "notices", ["due"], waits)
    op.create_index("ix_notices_person", "notices", ["person"])
