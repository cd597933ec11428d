"""`python -m tests.bench`: measures, and prints the table. Exit code 1 if a target is missed."""

from __future__ import annotations

import argparse
import datetime as dt
import signal
import sys
from collections.abc import Callable, Mapping

from tests.bench import cli, core, discord, newsletter, quiz, size, slack
from tests.bench.effort import FULL, QUICK, Effort
from tests.bench.measure import BenchError
from tests.bench.page import PATH, machine, page
from tests.bench.table import Row, markdown

PARTS: Mapping[str, Callable[[Effort], list[Row]]] = {
    "slack": slack.measure,
    "discord": discord.measure,
    "quiz": quiz.measure,
    "newsletter": newsletter.measure,
    "size": size.measure,
    "core": core.measure,
    "cli": cli.measure,
}


def main() -> int:
    """Measure what is asked for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="measure just this part")
    parser.add_argument("--quick", action="store_true", help="measure less of everything")
    parser.add_argument("--write", action="store_true", help=f"write docs/{PATH.name} as well")
    arguments = parser.parse_args()
    if arguments.write and (arguments.only or arguments.quick):
        parser.error("--write takes the whole measurement, without --only and --quick")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    rows: list[Row] = []
    failed = False
    for name in arguments.only or PARTS:
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        try:
            rows += PARTS[name](QUICK if arguments.quick else FULL)
        except BenchError as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed = True
    print(markdown(rows))
    if arguments.write and not failed:
        today = dt.datetime.now(dt.UTC).date()
        PATH.write_text(page(rows, today, machine(), size.ANSWERS), encoding="utf-8")
    return int(failed or any(row.met is False for row in rows))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
