"""PostgreSQL databases of our own for a measurement, where there is a server."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

import psycopg

from tests.store.postgres import fresh_database


@contextlib.contextmanager
def on_postgres(number: int) -> Iterator[tuple[str, ...]]:
    """The addresses of so many new databases, which go with the block; none without a server.

    The server is that of `ROLECALL_TEST_POSTGRES`. A line says where there is none.
    """
    with contextlib.ExitStack() as stack:
        try:
            made = tuple(stack.enter_context(fresh_database()) for _ in range(number))
        except psycopg.OperationalError as error:
            reason = str(error).splitlines()[0]
            print(f"PostgreSQL is left out (ROLECALL_TEST_POSTGRES): {reason}", file=sys.stderr)
            made = ()
        yield made
