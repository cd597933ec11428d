"""Every table. A column that holds a person's key says so, and export and deletion go by that."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

PERSON = "person"
"""The key in a column's `info` that marks a person's key."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Utc(TypeDecorator[dt.datetime]):
    """A time with its zone in Python, in UTC; a time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """In UTC; SQLite keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time needs a zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """Always in UTC."""
        if value is None:
            return None
        kept: dt.datetime = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        return kept.astimezone(dt.UTC)


def person(*, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    """The column with the key of a person."""
    return Column(
        "person",
        String(200),
        primary_key=primary_key,
        nullable=nullable and not primary_key,
        info={PERSON: True},
    )


_OPEN = text("phase IN ('asking', 'answered', 'paused')")

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(20), primary_key=True),
    person(),
    Column("kind", String(20), nullable=False),
    Column("topic", String(120), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("content", String(64), nullable=False),
    Column("length", Integer, nullable=False),
    Column("phase", String(20), nullable=False),
    Column("asked", Text, nullable=False),
    Column("means", Text, nullable=False),
    Column("community", String(200)),
    Column("channel", String(100)),
    Column("started", Utc, nullable=False),
    Column("updated", Utc, nullable=False),
    Index("uq_sessions_open", "person", "kind", "topic", unique=True,
          sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_sessions_person_updated", "person", "updated"),
    Index("ix_sessions_resting", "updated", sqlite_where=_OPEN, postgresql_where=_OPEN),
)  # fmt: skip

snapshots = Table(
    "snapshots",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("body", Text, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("session", String(20), ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    person(),
    Column("community", String(200)),
    Column("item", String(40), nullable=False),
    Column("skill_group", String(40), nullable=False),
    Column("score", Float, nullable=False),
    Column("chosen", String(20), nullable=False),
    Column("is_first", Boolean, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("ability", Float, nullable=False),
    Column("at", Utc, nullable=False),
    UniqueConstraint("session", "position"),
    Index("ix_answers_person_at", "person", "at"),
    Index("ix_answers_board", "community", "at",
          sqlite_where=text("is_first"), postgresql_where=text("is_first")),
)  # fmt: skip

abilities = Table(
    "abilities",
    metadata,
    person(primary_key=True),
    Column("skill_group", String(40), primary_key=True),
    Column("value", Float, nullable=False),
    Column("answers", Integer, nullable=False),
)

difficulties = Table(
    "difficulties",
    metadata,
    Column("item", String(40), primary_key=True),
    Column("value", Float, nullable=False),
    Column("answers", Integer, nullable=False),
)

cards = Table(
    "cards",
    metadata,
    person(primary_key=True),
    Column("item", String(40), primary_key=True),
    Column("state", Text, nullable=False),
    Column("due", Utc, nullable=False),
    Column("last", Utc, nullable=False),
    Column("quick", Boolean, nullable=False),
    Index("ix_cards_person_due", "person", "due"),
)

packs_off = Table(
    "packs_off",
    metadata,
    Column("community", String(200), primary_key=True),
    Column("pack", String(40), primary_key=True),
)

members = Table(
    "members",
    metadata,
    Column("community", String(200), primary_key=True),
    person(primary_key=True),
    Column("name", String(100), nullable=False),
    Column("joined", Utc, nullable=False),
    Index("ix_members_person", "person"),
)

reports = Table(
    "reports",
    metadata,
    Column("id", Integer, primary_key=True),
    person(),
    Column("item", String(40), nullable=False),
    Column("version", String(64), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("note", Text, nullable=False),
    UniqueConstraint("person", "item", "version"),
    Index("ix_reports_open", "id",
          sqlite_where=text("outcome = 'open'"), postgresql_where=text("outcome = 'open'")),
    sqlite_autoincrement=True,
)  # fmt: skip

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False),
    Column("topic", String(20), nullable=False),
    person(nullable=True),
    Column("channel", String(100)),
    Column("data", Text, nullable=False),
    Column("due", Utc, nullable=False),
    Column("state", String(20), nullable=False),
    Index("uq_notices_waiting", "key", unique=True,
          sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
    Index("ix_notices_due", "due",
          sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
    Index("ix_notices_person", "person"),
    sqlite_autoincrement=True,
)  # fmt: skip


subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", String(20), nullable=False),
    Column("community", String(200), nullable=False),
    Column("channel", String(100), nullable=False),
    person(),
    Column("rhythm", String(20), nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("time", String(5), nullable=False),
    Column("zone", String(60), nullable=False),
    Column("anchor", String(10), nullable=False),
    Column("intro", Text, nullable=False),
    Column("since", Utc, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("last", String(10)),
    Column("next_at", Utc),
    Column("number", Integer, nullable=False),
    UniqueConstraint("platform", "channel"),
    Index("ix_subscriptions_community", "community"),
    Index("ix_subscriptions_due", "next_at",
          sqlite_where=text("state = 'active'"), postgresql_where=text("state = 'active'")),
    Index("ix_subscriptions_person", "person"),
    sqlite_autoincrement=True,
)  # fmt: skip

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("subscription", Integer,
           ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    Column("date", String(10), nullable=False),
    Column("issue", String(100), nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("due", Utc, nullable=False),
    Column("updated", Utc, nullable=False),
    UniqueConstraint("subscription", "date"),
    Index("ix_deliveries_waiting", "due",
          sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
    Index("ix_deliveries_sending", "updated",
          sqlite_where=text("state = 'sending'"), postgresql_where=text("state = 'sending'")),
    sqlite_autoincrement=True,
)  # fmt: skip


def with_people() -> tuple[tuple[Table, Column[Any]], ...]:
    """The tables that hold people, each with its column for them; those that refer first."""
    return tuple(
        (table, column)
        for table in reversed(metadata.sorted_tables)
        for column in table.columns
        if column.info.get(PERSON)
    )
