"""Logging for the whole process: structlog over the standard library, with secrets taken out."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Literal


@contextlib.contextmanager
def _without(library: str) -> Iterator[None]:
    """Import something that does without this library where it is not installed."""
    if library in sys.modules:
        yield
        return
    sys.modules[library] = None  # type: ignore[assignment] # Python's own way to say so
    try:
        yield
    finally:
        del sys.modules[library]


# structlog would draw tracebacks with it, and ours are plain. It takes 5 MiB, and a running bot has
# no other use for it.
with _without("rich"):
    import structlog

HIDDEN = "[secret]"


def configure(form: Literal["console", "json"], level: str, secrets: Iterable[str] = ()) -> None:
    """Send every log record of the process to stderr, as lines for people or as JSON."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: structlog.typing.Processor
    if form == "json":
        shared.append(structlog.processors.format_exc_info)
        last = structlog.processors.JSONRenderer()
    else:
        last = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    handler = logging.StreamHandler(sys.stderr)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )
    handler.setFormatter(_Redacting(formatter, tuple(secret for secret in secrets if secret)))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    # Below INFO discord.py logs whole events: what people wrote, and tokens of interactions.
    logging.getLogger("discord").setLevel(max(logging.getLogger().level, logging.INFO))
    # The one tells of every job; the other of every attempt to connect, which we tell of once.
    logging.getLogger("procrastinate").setLevel(max(logging.getLogger().level, logging.WARNING))
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


class _Redacting(logging.Formatter):
    """Takes secrets out of whatever another formatter made, tracebacks included."""

    def __init__(self, formatter: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._formatter = formatter
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line: Any = self._formatter.format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return str(line)
