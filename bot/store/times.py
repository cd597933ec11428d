"""Times in the database: in UTC, and in SQLite as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, TypeDecorator

REMEMBERED = 256
"""Times of which the text is known: rows that are read or written together share many."""


class Utc(TypeDecorator[dt.datetime]):
    """A time with a zone in Python, in UTC with microseconds; one without a zone is refused.

    In SQLite it is text without a zone, which is written and read here: SQLAlchemy would take each
    time apart and put it together again.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[dt.datetime | None], object] | None:
        """How a time goes in."""
        if dialect.name == "sqlite":
            return _as_text
        return super().bind_processor(dialect)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], dt.datetime | None] | None:
        """How a time comes out."""
        if dialect.name == "sqlite":
            return _from_text
        return super().result_processor(dialect, coltype)

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """In UTC."""
        return None if value is None else in_utc(value)

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        """Always in UTC."""
        return None if value is None else value.astimezone(dt.UTC)


@lru_cache(REMEMBERED)
def _as_text(value: dt.datetime | None) -> str | None:
    return None if value is None else in_utc(value).isoformat(" ", "microseconds")[:-_ZONE]


@lru_cache(REMEMBERED)
def _from_text(value: str | None) -> dt.datetime | None:
    return None if value is None else dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)


_ZONE = len("+00:00")


def in_utc(when: dt.datetime) -> dt.datetime:
    """The same time in UTC.

    Raises:
        ValueError: if it has no zone.
    """
    if when.tzinfo is None:
        raise ValueError("a time needs a zone")
    return when if when.tzinfo is dt.UTC else when.astimezone(dt.UTC)
