"""A Bolt app with one slash command and a fixed answer: what Slack's own framework costs.

Reads its environment (SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_BASE) and is served as
Bolt's documentation shows.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


def make_app(reply: dict[str, Any], *, process_before_response: bool) -> AsyncApp:
    """The app; `reply` is the message that answers `/compare`."""
    app = AsyncApp(
        client=AsyncWebClient(
            token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_BASE"]
        ),
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        process_before_response=process_before_response,
    )

    @app.command("/compare")
    async def compare(ack: AsyncAck) -> None:
        await ack(reply)

    return app


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bare_slack", description=__doc__)
    parser.add_argument("reply", type=Path, help="the message as JSON")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--process-before-response", action="store_true")
    arguments = parser.parse_args()
    app = make_app(
        json.loads(arguments.reply.read_bytes()),
        process_before_response=arguments.process_before_response,
    )
    app.start(arguments.port, host="127.0.0.1")


if __name__ == "__main__":
    main()
