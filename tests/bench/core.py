"""The core by itself: completing options, and content of a thousand roles."""

from __future__ import annotations

import asyncio
import itertools
import random
import string
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.app import make_dispatcher
from bot.core.command import Actor, Call, Kind, Say
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue, index
from bot.core.dispatch import Dispatcher
from bot.core.options import Options
from bot.settings import read_settings
from tests.bench.content import SEED, many_names, write_roles
from tests.bench.effort import Effort
from tests.bench.measure import BenchError, in_turns
from tests.bench.table import Most, Row, Unit, percentile

NAMES = 10_000
FEW, MANY = 12, 1_000

ASKED = ("compare", "path", "role", "skills", "pay")

TYPED = 1_500
"""Texts that are completed in a pass."""

CALLS = 400
"""Different calls of commands in a pass."""

AGAIN = 25
"""How often a pass repeats them where a call costs next to nothing."""

ACTOR = Actor("bench", "1")


def measure(effort: Effort) -> list[Row]:
    """Completion, loading, and the cost of commands with few roles and with many."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = (Path(folder) / str(number) for number in (FEW, MANY))
        write_roles(few, FEW)
        write_roles(many, MANY)
        return [*_completion(effort), *_loading(many, effort), *_commands(few, many, effort)]


def _completion(effort: Effort) -> Iterator[Row]:
    content = many_names(NAMES)
    typed = list(_typed(Dispatcher(index(content)).options))

    def once() -> dict[str, float]:
        options = Dispatcher(index(content)).options  # which remembers no earlier question
        times = [_milliseconds(partial(options.complete, *question)) for question in typed]
        return {"99 of 100": percentile(times, 0.99), "median": percentile(times, 0.5)}

    found = in_turns(effort.passes, {"ours": once})["ours"]
    what = f"Completing an option among {NAMES:,} roles and terms, CPU time"
    target, unit = Most(5, ratio=False), Unit.MILLISECONDS
    yield Row(f"{what}, 99 of 100 within", found["99 of 100"], unit, target=target)
    yield Row(f"{what}, median", found["median"], unit)


def _milliseconds(work: Callable[[], object]) -> float:
    """The CPU time of some work, for on a busy machine the clock on the wall tells of others."""
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1000


def _typed(options: Options) -> Iterator[tuple[Kind, str]]:
    """What people type, never the same twice: beginnings, later words, slips and nonsense."""
    chance = random.Random(SEED)
    names = {kind: [s.label for s in options.all(kind)] for kind in (Kind.ROLE, Kind.ENTRY)}
    seen: set[str] = set()
    while len(seen) < TYPED:
        kind = chance.choice((Kind.ROLE, Kind.ENTRY))
        name = chance.choice(names[kind])
        length = chance.randint(2, len(name))
        match chance.randrange(4):
            case 0:
                text = name[:length]
            case 1:
                text = name.split(" ", 1)[-1][:length]
            case 2:
                at = chance.randrange(len(name))
                text = name[:at] + chance.choice(string.ascii_lowercase) + name[at + 1 :]
            case _:
                text = "".join(chance.choices(string.ascii_lowercase + " ", k=length))
        if text not in seen:
            seen.add(text)
            yield kind, text


def _loading(directory: Path, effort: Effort) -> Iterator[Row]:
    def once() -> dict[str, float]:
        return {"seconds": _milliseconds(partial(_dispatcher, directory)) / 1000}

    seconds = in_turns(effort.loads, {"ours": once})["ours"]["seconds"]
    what = f"Loading content of {MANY:,} roles, CPU time"
    yield Row(what, seconds, Unit.SECONDS, target=Most(3, ratio=False))


def _dispatcher(directory: Path) -> Dispatcher:
    """What the bot makes of a content directory when it starts."""
    return make_dispatcher(read_settings(content_dir=directory))


def _commands(few: Path, many: Path, effort: Effort) -> Iterator[Row]:
    contents = {"few": _dispatcher(few).catalogue, "many": _dispatcher(many).catalogue}
    unkept = {name: replace(command, pure=False) for name, command in COMMANDS.items()}
    for pages, commands, times in (("not kept", unkept, 1), ("kept", COMMANDS, AGAIN)):
        sides = {
            name: partial(_one_pass, Dispatcher(catalogue, commands), _calls(catalogue) * times)
            for name, catalogue in contents.items()
        }
        for warm_up in sides.values():
            warm_up()
        found = in_turns(effort.passes, sides)
        yield Row(
            f"A command with {MANY:,} roles, page {pages}, CPU time (bare: with {FEW})",
            found["many"]["milliseconds"],
            Unit.MILLISECONDS,
            found["few"]["milliseconds"],
            Most(1.1),
        )


def _calls(catalogue: Catalogue) -> list[Call]:
    """The same calls for any number of roles, but each for any of the copies of a role.

    Moves start from only one copy of each, for what a start needs is worked out when it is first
    asked for.
    """
    chance, copies = random.Random(SEED), random.Random(SEED)
    kinds = _copies_of_each(catalogue)

    def any_of(kind: list[str]) -> str:
        return copies.choice(kind)

    calls = []
    for command in itertools.islice(itertools.cycle(ASKED), CALLS):
        first, second = chance.sample(kinds, 2)
        match command:
            case "compare":
                given = {"first": any_of(first), "second": any_of(second)}
            case "path":
                given = {"start": first[0], "goal": any_of(second)}
            case _:
                given = {"role": any_of(first)}
        calls.append(Call(command, given, ACTOR))
    return calls


def _copies_of_each(catalogue: Catalogue) -> list[list[str]]:
    """The ids of all roles, with the copies of a role together."""
    kinds: dict[str, list[str]] = {}
    for role in catalogue.content.roles.values():
        kinds.setdefault(role.tagline, []).append(role.id)
    return [sorted(ids, key=lambda id_: (len(id_), id_)) for _, ids in sorted(kinds.items())]


def _one_pass(dispatcher: Dispatcher, calls: list[Call]) -> dict[str, float]:
    """Milliseconds of CPU time for a call."""

    async def all_of_them() -> float:
        began = time.thread_time()
        effects = [await dispatcher.call(call) for call in calls]
        seconds = time.thread_time() - began
        if not all(isinstance(effect, Say) and len(effect.view.blocks) > 2 for effect in effects):
            raise BenchError("a command was not answered with a page")
        return seconds

    return {"milliseconds": asyncio.run(all_of_them()) / len(calls) * 1000}
