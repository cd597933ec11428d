"""`docs/performance.md`: the table, and what a reader must know to judge it."""

from __future__ import annotations

import datetime as dt
import math
import os
import platform
from collections.abc import Iterable
from importlib.metadata import version

from bot.adapters.discord.rest import RATE
from bot.adapters.slack.messenger import RATES
from tests.bench.measure import ROOT
from tests.bench.table import Row, markdown

PATH = ROOT / "docs" / "performance.md"

PAGE = """\
# Performance

How much time and memory rolecall takes, beside bare programs on the same client libraries that do
as little as such a program can. The ratios say what our code adds or saves; the absolute numbers
depend on the machine.

```sh
make bench ARGS=--write
```

made this page on {date}, on {machine}.
Without `--write` the table is only printed; `ARGS="--only slack"` measures one part, `ARGS=--quick`
less of each. The exit code is 1 if a target is missed.

{table}

## How it is measured

- Each program runs in a process of its own: ours as `python -m bot run` with environment
  variables, Discord and Slack as the servers in `tests/fakes/`, all on loopback. What those servers
  use is not counted.
- What is compared is measured in turns, several rounds of it, and the median counts. So a machine
  that is busy with other things disturbs both sides.
- CPU time is the kernel's account of the process, user and system, divided by the number of
  answers; of the core by itself, that of its thread. Memory is the pages that no other process
  maps, after {answers} answers.
- The bare programs are in `tests/bench/bare_*.py`. They send the very message that ours sends,
  which is taken off the wire first. A view for discord.py is made once or for each answer,
  whichever is cheaper.
- The time to the first answer counts from the start of the process, with the tables
  of the database made before; the commands are registered in it too.
- An answer in a quiz is pressed in a direct message, by many people, each in the middle of a quiz
  with ten answers before it, and is timed until the platform has the next message: in Slack the
  replacement by `response_url`, in Discord the callback. Ours is then in the database. The bare
  program answers with the very same message, and flushes one row of 300 bytes to the same disk,
  `BEGIN IMMEDIATE` to `COMMIT`. The target is on the median time; the CPU time only informs.
- On one core, all threads of the bot are bound to it, and Discord to none. PostgreSQL runs beside
  it on the same machine. Open sessions are answered in once each.
- Where much is stored, the core and the store run by themselves, with people all over the
  database, none of them twice. Without a history nobody else is there.
- The next question is chosen for people who know a fifth of ten thousand, all of them of different
  difficulty. That many difficulties are read and sorted once a minute; what a choice costs in
  between is what counts.
- An issue of the newsletter is a shipped one with a question. It goes to the loopback servers in
  `tests/fanout/`, which set no limits and forget what they got, with our content, database,
  planning, delivery and adapters in a process of their own. All of it counts as a post: planning it
  for the channel, claiming it, posting and settling it, each on disk before the next. A bare client
  keeps nothing. At their limits means at those that the bot keeps to: {discord:g} posts a second in
  all on Discord, and {slack:g} a minute in each workspace of Slack. The time counts from the first
  claim.
- With every new channel, discord.py looks through all that it used in the past five minutes, and
  ours does not. So the ratio on Discord depends on how many channels there are.
- Of memory, it is the most that was resident while the issue went out. Visitors come one at a time
  while it goes out on both platforms, in the same process, as fast as it can.
- Names to complete are made of the shipped ones with a made-up word before each, and no text is
  asked for twice. The content of a thousand roles holds numbered copies of the shipped ones. A page
  that is not kept is made anew for every call.
"""


def page(rows: Iterable[Row], date: dt.date, machine: str, answers: int) -> str:
    """The page as Markdown; `answers` is how many were given before memory is measured."""
    day = f"{date.day} {date:%B %Y}"
    return PAGE.format(
        date=day,
        machine=machine,
        table=markdown(rows),
        answers=answers,
        discord=RATE,
        slack=60 * RATES.workspace if RATES.workspace else math.inf,
    )


def machine() -> str:
    """This machine in words that name nobody."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("discord.py", "slack-bolt"))
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{platform.system()} with {os.cpu_count()} CPUs, {python}, {libraries}"
