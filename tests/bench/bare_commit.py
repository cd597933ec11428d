"""The least that keeps an answer for good: one row in SQLite, on disk before anybody is told."""

from __future__ import annotations

import sqlite3
from pathlib import Path

ROW = "x" * 300
"""About what an answer comes to, in characters."""


class Commits:
    """Rows in a file of their own."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE answers (id INTEGER PRIMARY KEY, body TEXT)")

    def one(self) -> None:
        """Keep one more row."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO answers (body) VALUES (?)", (ROW,))
        self._connection.execute("COMMIT")
