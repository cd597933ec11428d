"""Quizzes: sessions, answers, what they teach, communities, reports and notices."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "abilities",
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("skill_group", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", "skill_group", name=op.f("pk_abilities")),
    )
    op.create_table(
        "cards",
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quick", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person", "item", name=op.f("pk_cards")),
    )
    op.create_index("ix_cards_person_due", "cards", ["person", "due"], unique=False)
    op.create_table(
        "difficulties",
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_difficulties")),
    )
    op.create_table(
        "members",
        sa.Column("community", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("joined", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "person", name=op.f("pk_members")),
    )
    op.create_index("ix_members_person", "members", ["person"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=True),
        sa.Column("channel", sa.String(length=100), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_notices_due",
        "notices",
        ["due"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_notices_person", "notices", ["person"], unique=False)
    op.create_index(
        "uq_notices_waiting",
        "notices",
        ["key"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "packs_off",
        sa.Column("community", sa.String(length=200), nullable=False),
        sa.Column("pack", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("community", "pack", name=op.f("pk_packs_off")),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint(
            "person", "item", "version", name=op.f("uq_reports_person_item_version")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_reports_open",
        "reports",
        ["id"],
        unique=False,
        sqlite_where=sa.text("outcome = 'open'"),
        postgresql_where=sa.text("outcome = 'open'"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("community", sa.String(length=200), nullable=True),
        sa.Column("channel", sa.String(length=100), nullable=True),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_person_updated", "sessions", ["person", "updated"], unique=False)
    op.create_index(
        "ix_sessions_resting",
        "sessions",
        ["updated"],
        unique=False,
        sqlite_where=sa.text("phase IN ('asking', 'answered', 'paused')"),
        postgresql_where=sa.text("phase IN ('asking', 'answered', 'paused')"),
    )
    op.create_index(
        "uq_sessions_open",
        "sessions",
        ["person", "kind", "topic"],
        unique=True,
        sqlite_where=sa.text("phase IN ('asking', 'answered', 'paused')"),
        postgresql_where=sa.text("phase IN ('asking', 'answered', 'paused')"),
    )
    op.create_table(
        "snapshots",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_snapshots")),
    )
    op.create_table(
        "answers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("community", sa.String(length=200), nullable=True),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("skill_group", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("chosen", sa.String(length=20), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("ability", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session"], ["sessions.id"], name=op.f("fk_answers_session"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("session", "position", name=op.f("uq_answers_session_position")),
    )
    op.create_index(
        "ix_answers_board",
        "answers",
        ["community", "at"],
        unique=False,
        sqlite_where=sa.text("is_first"),
        postgresql_where=sa.text("is_first"),
    )
    op.create_index("ix_answers_person_at", "answers", ["person", "at"], unique=False)


def downgrade() -> None:
    """Drop them all."""
    for table in (
        "answers",
        "sessions",
        "snapshots",
        "abilities",
        "difficulties",
        "cards",
        "members",
        "packs_off",
        "reports",
        "notices",
    ):
        op.drop_table(table)
