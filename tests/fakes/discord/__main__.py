"""``python -m tests.fakes.discord``: the server by itself, for benchmarks and by hand.

Prints one line of JSON with ``api_base``, ``token`` and ``control`` once it listens, and
serves until it is interrupted.
"""

import argparse
import asyncio
import contextlib
import json
import signal
import sys

from tests.fakes.discord.server import FakeDiscord


async def serve(arguments: argparse.Namespace) -> None:
    server = FakeDiscord(
        guilds=arguments.guilds,
        channels=arguments.channels,
        roles=arguments.roles,
        shards=arguments.shards,
        validate=arguments.validate,
    )
    await server.start(arguments.port)
    ready = {
        "api_base": server.api_base,
        "token": server.token,
        "control": f"http://127.0.0.1:{server.port}/_control",
    }
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    await stopping.wait()
    await server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.discord", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--guilds", type=int, default=1, help="servers that the bot is in")
    parser.add_argument("--channels", type=int, default=1, help="channels of every server")
    parser.add_argument("--roles", type=int, default=1, help="roles of every server")
    parser.add_argument("--shards", type=int, default=1, help="shards that are recommended")
    parser.add_argument("--validate", action="store_true", help="check request bodies")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
