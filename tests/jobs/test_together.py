"""What many tasks write at the same time is written in few transactions, and loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import event

from bot.core.ports import StoreError, Unit
from bot.jobs.together import MOST, Together
from bot.store.database import Database
from tests.store.samples import SERVER, a_subscription


def add(unit: Unit, numbers: Sequence[int]) -> list[int]:
    return [unit.newsletters.add(a_subscription(channel=str(number))).id for number in numbers]


async def test_everything_is_written_and_everybody_gets_their_own_result(
    database: Database,
) -> None:
    await database.open()
    commits: list[object] = []

    def count(connection: object) -> None:
        commits.append(connection)

    event.listen(database.engine, "commit", count)
    together = Together(database)
    numbers = range(150)
    made = await asyncio.gather(*(together.write(add, n) for n in numbers))
    event.remove(database.engine, "commit", count)
    found = await database.read(lambda unit: unit.newsletters.several(made))
    assert [found[identity].channel for identity in made] == [str(n) for n in numbers]
    assert len(commits) <= 150 / MOST + 1


async def test_one_that_fails_takes_nobody_with_it(database: Database) -> None:
    def add_most(unit: Unit, numbers: Sequence[int]) -> list[int]:
        made = add(unit, numbers)
        if 99 in numbers:
            raise ZeroDivisionError
        return made

    together = Together(database)
    good = [together.write(add_most, n) for n in range(3)]
    bad = together.write(add_most, 99)
    *made, failed = await asyncio.gather(*good, bad, return_exceptions=True)
    assert isinstance(failed, ZeroDivisionError)
    found = await database.read(lambda unit: unit.newsletters.of(SERVER))
    assert {one.id for one in found} == set(made)


async def test_what_is_alike_is_done_at_once(database: Database) -> None:
    asked: list[Sequence[int]] = []

    def count(_: Unit, numbers: Sequence[int]) -> Sequence[int]:
        asked.append(numbers)
        return numbers

    together = Together(database)
    works = [count, add, count]
    got = await asyncio.gather(*(together.write(work, n) for n, work in enumerate(works)))
    assert (got[0], got[2]) == (0, 2)
    assert asked == [[0, 2]]
    found = await database.read(lambda unit: unit.newsletters.several([got[1]]))
    assert found[got[1]].channel == "1"


async def test_work_that_forgets_somebody_is_told_to_all_and_not_kept(database: Database) -> None:
    def forgetful(unit: Unit, numbers: Sequence[int]) -> list[int]:
        return add(unit, numbers)[1:]

    together = Together(database)
    ends = await asyncio.gather(
        *(together.write(forgetful, n) for n in range(2)), return_exceptions=True
    )
    assert [type(end) for end in ends] == [ValueError] * 2
    assert await database.read(lambda unit: unit.newsletters.of(SERVER)) == ()


async def test_whoever_gives_up_keeps_nobody_from_writing(database: Database) -> None:
    together = Together(database)
    given_up = asyncio.create_task(together.write(add, 1))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await together.write(add, 2)
    with pytest.raises(asyncio.CancelledError):
        await given_up


async def test_a_store_that_is_closed_is_told_to_everybody(database: Database) -> None:
    await database.close()
    together = Together(database)
    ends = await asyncio.gather(*(together.write(add, 1) for _ in range(3)), return_exceptions=True)
    assert [type(end) for end in ends] == [StoreError] * 3
