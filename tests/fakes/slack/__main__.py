"""`python -m tests.fakes.slack --port P`: the loopback Slack on its own, for benchmarks."""

import argparse
import asyncio
import contextlib

from tests.fakes.slack.load import stand_alone

parser = argparse.ArgumentParser(prog="python -m tests.fakes.slack", description=__doc__)
parser.add_argument("--port", type=int, default=0, help="where to listen; 0 finds a free port")
with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(stand_alone(parser.parse_args().port))
