"""The tables of procrastinate: its own scripts make them, in a migration of ours.

Which of its scripts they have seen stands in a comment on its table of jobs, because the library
keeps no record. So every revision that follows a new version of it calls `bring_up_to_date` again,
and what comes out is the same for old and for new databases.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.core.ports import StoreError

JOBS = "procrastinate_jobs"

SCRIPTS = "03.04.00_50_post_add_retry_failed_job_procedure"
"""The newest script of the library that a revision of ours has seen to."""


def bring_up_to_date(connection: Connection) -> None:
    """Make the tables, or run the library's scripts that they have not seen; all in a transaction.

    Raises:
        StoreError: if the tables are there, and somebody else made them.
    """
    from procrastinate.schema import SchemaManager

    if not inspect(connection).has_table(JOBS):
        _run(connection, SchemaManager.get_schema())
    else:
        seen = connection.scalar(text("SELECT obj_description(to_regclass(:jobs))"), {"jobs": JOBS})
        if seen is None:
            raise StoreError("the tables of procrastinate in it were not made by rolecall")
        for script in scripts():
            if script.stem > seen:
                _run(connection, script.read_text(encoding="utf-8"))
    _run(connection, f"COMMENT ON TABLE {JOBS} IS '{scripts()[-1].stem}'")


def scripts() -> list[Path]:
    """The library's scripts in their order; its whole schema is what all of them come to."""
    from procrastinate.schema import SchemaManager

    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _run(connection: Connection, script: str) -> None:
    """As it is: a percent sign in it is no parameter, and it may hold several statements."""
    connection.exec_driver_sql(script, execution_options={"no_parameters": True})
