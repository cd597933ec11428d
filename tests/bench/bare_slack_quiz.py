"""A Bolt app with one button and a fixed answer, and a row in SQLite for each press of it.

Reads its environment (SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_BASE) and is served as
Bolt's documentation shows.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from tests.bench.bare_commit import Commits

BUTTON = "i0"
"""The action id of the button."""


def make_app(reply: dict[str, Any], commits: Commits) -> AsyncApp:
    """The app; `reply` is the message that takes the place of the one that was pressed."""
    app = AsyncApp(
        client=AsyncWebClient(
            token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_BASE"]
        ),
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        process_before_response=True,
    )

    @app.action(BUTTON)
    async def answer(ack: AsyncAck, respond: AsyncRespond) -> None:
        commits.one()
        await ack()
        await respond(reply)

    return app


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.bare_slack_quiz", description=__doc__
    )
    parser.add_argument("reply", type=Path, help="the message as JSON")
    parser.add_argument("database", type=Path, help="where to keep the rows")
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    app = make_app(json.loads(arguments.reply.read_bytes()), Commits(arguments.database))
    app.start(arguments.port, host="127.0.0.1")


if __name__ == "__main__":
    main()
