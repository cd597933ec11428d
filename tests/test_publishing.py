"""`rolecall newsletter publish` and `status`, while a bot beside them delivers."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.core.desk import Desk
from bot.core.messenger import Delivery
from bot.core.ports import Unit
from bot.jobs import embedded
from bot.jobs.tick import Work
from bot.store.database import Database, database_url
from tests.fakes.discord.server import FakeDiscord
from tests.jobs.contexts import context
from tests.jobs.messengers import Recorder
from tests.store.samples import DAY, a_subscription

ROOT = Path(__file__).parents[1]
ISSUE = "rag-in-plain-words"
FILE = ROOT / "content" / "newsletter" / f"2027-01-04-{ISSUE}.md"


async def newsletter(data: Path, *arguments: str, **more: str) -> tuple[int, str]:
    """Run a command to its end: its exit code, and all that it printed."""
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG", "PYTHONPATH"}}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "newsletter", *arguments),
        cwd=ROOT,
        env={**kept, "ROLECALL_DATA": str(data), "COLUMNS": "100", **more},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(30):
        printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


@asynccontextmanager
async def delivering(data: Path, discord: Recorder) -> AsyncIterator[Database]:
    """A bot on the same database, with channels 1, 2 (other topics), 3 and 4 (every day)."""
    store = Database(database_url(data, None))
    soon = dt.datetime.now(dt.UTC) + DAY

    def subscribe(unit: Unit) -> None:
        add = unit.newsletters.add
        add(a_subscription(channel="1", next_at=soon))
        add(a_subscription(channel="2", next_at=soon, topics=frozenset({"pay"})))
        add(a_subscription(channel="3", next_at=soon))
        add(a_subscription(channel="4", next_at=soon, rhythm="daily"))

    await store.write(subscribe)
    work = Work(Desk(store), context, {"discord": discord})
    rounds = asyncio.create_task(embedded.run(work, pause=0.05))
    try:
        yield store
    finally:
        work.stopping.set()
        await rounds
        await store.close()


async def test_an_issue_goes_to_all_that_want_it_and_only_once(tmp_path: Path) -> None:
    discord = Recorder([Delivery.SENT, Delivery.GONE])
    async with delivering(tmp_path, discord):
        code, said = await newsletter(tmp_path, "publish", str(FILE))
        assert code == 0
        assert sorted(message.to for message in discord.given if not message.direct) == ["1", "3"]
        told = said.partition(ISSUE)[2]
        assert "1  discord: sent" in told
        assert "1  discord: failed, the channel is archived" in told

        code, said = await newsletter(tmp_path, "publish", str(FILE))
        assert (code, "No channel gets it" in said) == (0, True)
    assert len([message for message in discord.given if not message.direct]) == 2

    code, said = await newsletter(tmp_path, "status", ISSUE)
    assert (code, "1  discord: sent" in said) == (0, True)
    assert ISSUE in (await newsletter(tmp_path, "status"))[1]


async def test_what_cannot_be_sent_is_told_in_a_line(tmp_path: Path) -> None:
    elsewhere = tmp_path / FILE.name
    elsewhere.write_bytes(FILE.read_bytes())
    code, said = await newsletter(tmp_path, "publish", str(elsewhere))
    assert code == 2
    assert "the bot reads issues in" in said
    assert "Traceback" not in said
    code, said = await newsletter(tmp_path, "status", "no-such-issue")
    assert (code, "no channel had such an issue" in said) == (2, True)
    assert "No issue went out yet." in (await newsletter(tmp_path, "status"))[1]


@pytest.mark.parametrize("to", ["discord", "irc:1", "discord:not-one", "slack:C1"])
async def test_a_test_channel_must_be_one_of_a_platform_that_is_on(tmp_path: Path, to: str) -> None:
    code, said = await newsletter(tmp_path, "publish", str(FILE), "--to", to)
    assert code == 2
    assert "is not configured" in said or "give a platform and a channel" in said


async def test_a_test_channel_gets_the_issue_from_the_command_itself(tmp_path: Path) -> None:
    async with FakeDiscord() as server:
        general = server.home.general
        is_on = {"DISCORD_TOKEN": server.token, "DISCORD_API_BASE": server.api_base}
        there = f"discord:{general.id}"
        code, said = await newsletter(tmp_path, "publish", str(FILE), "--to", there, **is_on)
        assert (code, said) == (0, f"Sent to {there}.\n")
        [posted] = server.messages(general)
        assert "RAG in plain words" in posted.text
        code, said = await newsletter(tmp_path, "publish", str(FILE), "--to", "discord:1", **is_on)
        assert (code, "Not sent to discord:1: " in said) == (1, True)
        assert server.token not in said
        assert server.violations == []
