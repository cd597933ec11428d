"""Every table. A column that holds a person's key is marked, and export and deletion go by that."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)

from bot.store.times import Utc

PERSON = "person"
"""In a column's `info`: it holds a person's key."""

OUTLIVED = "outlived"
"""In such a column's `info`: the row stays when the person's data goes, and names nobody then."""

JSON = "json"
"""In a column's `info`: its text is JSON."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def person_column(
    *, primary_key: bool = False, nullable: bool = False, outlived: bool = False
) -> Column[str]:
    """The column with a person's key, marked as such; `outlived` rows are more than theirs."""
    info = {PERSON: True, OUTLIVED: outlived}
    return Column("person", Text, primary_key=primary_key, nullable=nullable, info=info)


def _json(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, info={JSON: True})


def _index_where(condition: TextClause, name: str, *columns: str, unique: bool = False) -> Index:
    """An index of some rows only; each database wants to be told by its name."""
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


IS_OPEN = text("phase IN ('answered', 'asking', 'paused')")
"""Queries that say it in the very same words can use the indexes below."""

IS_FIRST = text("is_first")
WAITS = text("state = 'waiting'")
IS_UNSETTLED = text("outcome = 'open'")
IS_SENDING = text("state = 'sending'")
IS_ACTIVE = text("state = 'active'")

# Texts have no length here: PostgreSQL would refuse what SQLite takes. Tables whose rows are found
# by their key alone are kept in the order of the key on SQLite, which saves it one tree in two.

sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    person_column(),
    Column("kind", Text, nullable=False),
    _json("topic"),
    Column("seed", BigInteger, nullable=False),
    Column("content", Text, nullable=False),
    Column("length", Integer, nullable=False),
    Column("started", Utc, nullable=False),
    Column("updated", Utc, nullable=False),
    Column("phase", Text, nullable=False),
    _json("asked"),
    _json("means"),
    Column("community", Text),
    Column("channel", Text),
    _index_where(IS_OPEN, "uq_sessions_open", "person", "kind", "topic", unique=True),
    Index("ix_sessions_person", "person"),
    _index_where(IS_OPEN, "ix_sessions_resting", "updated"),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("version", Text, primary_key=True),
    Column("body", Text, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("session", Text, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    person_column(),
    Column("community", Text),
    Column("item", Text, nullable=False),
    Column("skill_group", Text, nullable=False),
    Column("score", Double, nullable=False),
    _json("chosen"),
    Column("is_first", Boolean, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("ability", Double, nullable=False),
    Column("at", Utc, nullable=False),
    PrimaryKeyConstraint("session", "position"),
    # Both hold all that their one query reads, so that no row is looked up.
    Index("ix_answers_latest", "person", "at", "seconds"),
    _index_where(IS_FIRST, "ix_answers_board", "community", "person", "at", "score"),
    sqlite_with_rowid=False,
)

abilities = Table(
    "abilities",
    metadata,
    person_column(primary_key=True),
    Column("skill_group", Text, primary_key=True),
    Column("value", Double, nullable=False),
    Column("answers", Integer, nullable=False),
    sqlite_with_rowid=False,
)

difficulties = Table(
    "difficulties",
    metadata,
    Column("item", Text, primary_key=True),
    Column("value", Double, nullable=False),
    Column("answers", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# A person has a few hundred cards at most; an index on `due` would cost every answer more than it
# saves the query.
cards = Table(
    "cards",
    metadata,
    person_column(primary_key=True),
    Column("item", Text, primary_key=True),
    _json("state"),
    Column("due", Utc, nullable=False),
    Column("last", Utc, nullable=False),
    Column("quick", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

packs_off = Table(
    "packs_off",
    metadata,
    Column("community", Text, primary_key=True),
    Column("pack", Text, primary_key=True),
    sqlite_with_rowid=False,
)

members = Table(
    "members",
    metadata,
    Column("community", Text, primary_key=True),
    person_column(primary_key=True),
    Column("name", Text, nullable=False),
    Column("joined", Utc, nullable=False),
    Index("ix_members_person", "person"),
    sqlite_with_rowid=False,
)

# Numbers are not given twice: a notice may still speak of a report that is gone.
reports = Table(
    "reports",
    metadata,
    Column("id", Integer, primary_key=True),
    person_column(),
    Column("item", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("note", Text, nullable=False),
    UniqueConstraint("person", "item", "version"),
    _index_where(IS_UNSETTLED, "ix_reports_open", "id"),
    sqlite_autoincrement=True,
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("due", Utc, nullable=False),
    person_column(nullable=True),
    Column("channel", Text),
    _json("data"),
    Column("state", Text, nullable=False),
    _index_where(WAITS, "uq_notices_waiting", "key", unique=True),
    _index_where(WAITS, "ix_notices_due", "due"),
    Index("ix_notices_person", "person"),
    sqlite_autoincrement=True,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("community", Text, nullable=False),
    Column("channel", Text, nullable=False),
    person_column(outlived=True),
    Column("rhythm", Text, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("time", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("anchor", Text, nullable=False),
    Column("intro", Text, nullable=False),
    Column("since", Utc, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("last", Text),
    Column("next_at", Utc),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("announcement", Boolean, nullable=False),
    Column("mention", Text, nullable=False),
    Column("topics", Text, nullable=False),
    Column("again", Boolean, nullable=False),
    Column("digests", Integer, nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("platform", "channel"),
    Index("ix_subscriptions_community", "community"),
    Index("ix_subscriptions_person", "person"),
    _index_where(IS_ACTIVE, "ix_subscriptions_due", "next_at"),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription", ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    Column("date", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("issue", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("planned", Utc, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("due", Utc, nullable=False),
    Column("updated", Utc, nullable=False),
    UniqueConstraint("subscription", "date"),
    _index_where(WAITS, "ix_deliveries_due", "destination", "due", "id"),
    _index_where(IS_SENDING, "ix_deliveries_under_way", "destination"),
    sqlite_autoincrement=True,
)

# Who delivers to a destination at present; whoever came before can claim nothing more there.
destinations = Table(
    "destinations",
    metadata,
    Column("name", Text, primary_key=True),
    Column("token", Text, nullable=False),
    sqlite_with_rowid=False,
)

chores = Table(
    "chores",
    metadata,
    Column("name", Text, primary_key=True),
    Column("reached", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("done", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

newsletter_managers = Table(
    "newsletter_managers",
    metadata,
    Column("community", Text, primary_key=True),
    person_column(primary_key=True),
    Column("allowed", Boolean, nullable=False),
    Column("seen", Utc, nullable=False),
    Index("ix_newsletter_managers_person", "person"),
    sqlite_with_rowid=False,
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("fetched", Utc, nullable=False),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("failed", Text, nullable=False),
    sqlite_with_rowid=False,
)

feed_entries = Table(
    "feed_entries",
    metadata,
    Column("feed", Text, ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("published", Utc),
    Column("seen", Utc, nullable=False),
    Index("ix_feed_entries_seen", "seen"),
    sqlite_with_rowid=False,
)

# What a delivery asks and reveals is fixed when it is about to be posted, and not before.
questions = Table(
    "questions",
    metadata,
    Column("delivery", ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Text, nullable=False),
    Column("reveals", ForeignKey("deliveries.id", ondelete="SET NULL")),
    Index("ix_questions_reveals", "reveals"),
)

votes = Table(
    "votes",
    metadata,
    Column("delivery", ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True),
    person_column(primary_key=True),
    Column("chosen", Integer, nullable=False),
    Column("is_right", Boolean, nullable=False),
    Column("at", Utc, nullable=False),
    Index("ix_votes_person", "person"),
    sqlite_with_rowid=False,
)

# Without a team, an organisation installed the bot as a whole. Tokens are sealed. Who installed it
# is not kept.
slack_installations = Table(
    "slack_installations",
    metadata,
    Column("enterprise", Text, primary_key=True),
    Column("team", Text, primary_key=True),
    Column("bot_user", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("refresh_token", Text),
    Column("expires", Utc),
    Column("installed", Utc, nullable=False),
    Column("renewing_until", Utc),
    sqlite_with_rowid=False,
)

slack_states = Table(
    "slack_states",
    metadata,
    Column("state", Text, primary_key=True),
    Column("expires", Utc, nullable=False),
    sqlite_with_rowid=False,
)


def people_columns(table: Table) -> tuple[Column[str], ...]:
    """The columns of a table that hold a person's key."""
    return tuple(column for column in table.columns if column.info.get(PERSON))


def with_people() -> tuple[Table, ...]:
    """The tables that hold something about people, those that others refer to first."""
    return tuple(table for table in metadata.sorted_tables if people_columns(table))
