"""Notices: one of a kind waits, each is claimed once, and none is sent twice."""

from __future__ import annotations

import asyncio
import threading

from bot.core.ports import Notice, Topic, Unit
from bot.store.database import Database
from tests.store.samples import ANN, BEN, DAY, MINUTE, NOW, a_notice

LATER = NOW + DAY


async def claimed(database: Database, limit: int = 10) -> tuple[Notice, ...]:
    return await database.write(lambda unit: unit.notices.claim(NOW, limit))


async def put(database: Database, *notices: Notice) -> None:
    def work(unit: Unit) -> None:
        for notice in notices:
            unit.notices.put(notice)

    await database.write(work)


async def test_a_notice_comes_back_as_it_was_put(database: Database) -> None:
    sent = a_notice("report 7", topic=Topic.REPORTED, person=None, channel="discord:9", data={})
    await put(database, sent)
    [found] = await claimed(database)
    assert found == Notice("report 7", Topic.REPORTED, NOW, None, "discord:9", {}, found.id)
    assert found.id > 0


async def test_notices_are_claimed_when_they_are_due_the_oldest_first(database: Database) -> None:
    await put(
        database,
        a_notice("now"),
        a_notice("soon", due=NOW + MINUTE),
        a_notice("oldest", due=NOW - DAY),
        a_notice("old", due=NOW - MINUTE),
    )
    assert [notice.key for notice in await claimed(database, 2)] == ["oldest", "old"]
    assert [notice.key for notice in await claimed(database)] == ["now"]
    assert await claimed(database) == ()


async def test_a_new_one_takes_the_place_of_one_that_waits(database: Database) -> None:
    await put(database, a_notice("reviews", due=NOW - DAY))
    later = a_notice("reviews", due=LATER, topic=Topic.REVIEWS, person=BEN, data={"a": "b"})
    await put(database, later)
    assert await claimed(database) == ()
    [found] = await database.write(lambda unit: unit.notices.claim(LATER, 10))
    assert (found.topic, found.person, found.data) == (Topic.REVIEWS, BEN, {"a": "b"})


async def test_one_that_waits_can_be_cancelled(database: Database) -> None:
    await put(database, a_notice("one"), a_notice("other"))
    await database.write(lambda unit: unit.notices.cancel("one"))
    await database.write(lambda unit: unit.notices.cancel("never put"))
    assert [notice.key for notice in await claimed(database)] == ["other"]


async def test_what_was_sent_or_dropped_never_comes_again(database: Database) -> None:
    await put(database, a_notice("sent"), a_notice("dropped"))
    both = await claimed(database)

    def settle(unit: Unit) -> None:
        for notice in both:
            unit.notices.settle(notice.id, sent=notice.key == "sent")
            unit.notices.release(notice.id, NOW)

    await database.write(settle)
    assert await claimed(database) == ()
    await put(database, a_notice("sent"))
    assert [notice.key for notice in await claimed(database)] == ["sent"]


async def test_one_that_was_claimed_by_a_process_that_died_is_not_sent(url: str) -> None:
    before = Database(url)
    await put(before, a_notice())
    assert len(await claimed(before)) == 1
    await before.close()
    after = Database(url)
    assert await claimed(after) == ()
    await after.close()


async def test_a_released_one_waits_for_its_new_time_with_its_number(database: Database) -> None:
    await put(database, a_notice())
    [first] = await claimed(database)
    await database.write(lambda unit: unit.notices.release(first.id, LATER))
    assert await claimed(database) == ()
    [again] = await database.write(lambda unit: unit.notices.claim(LATER, 10))
    assert again == Notice(
        first.key, first.topic, LATER, first.person, first.channel, first.data, first.id
    )


async def test_a_released_one_gives_way_to_a_newer_one(database: Database) -> None:
    await put(database, a_notice(data={"which": "old"}))
    [old] = await claimed(database)
    await put(database, a_notice(data={"which": "new"}))
    await database.write(lambda unit: unit.notices.release(old.id, NOW))
    [found] = await claimed(database)
    assert found.data == {"which": "new"}


async def test_cancelling_leaves_a_claimed_one_alone(database: Database) -> None:
    await put(database, a_notice())
    [notice] = await claimed(database)
    await database.write(lambda unit: unit.notices.cancel(notice.key))
    await database.write(lambda unit: unit.notices.release(notice.id, NOW))
    assert [found.id for found in await claimed(database)] == [notice.id]


async def test_two_processes_share_the_work_without_overlap(
    database: Database, other: Database
) -> None:
    await put(database, *(a_notice(f"notice {number}", person=ANN) for number in range(40)))
    rounds = [claimed(store, 3) for store in (database, other) * 10]
    keys = [notice.key for found in await asyncio.gather(*rounds) for notice in found]
    assert sorted(keys) == sorted(f"notice {number}" for number in range(40))


async def test_on_postgresql_nobody_waits_for_what_another_one_claims(postgres_url: str) -> None:
    first, second = Database(postgres_url), Database(postgres_url)
    await put(first, a_notice("one"), a_notice("two", due=NOW + MINUTE))
    seen_by_second = threading.Event()

    def claim_and_hold(unit: Unit) -> list[str]:
        found = [notice.key for notice in unit.notices.claim(NOW + MINUTE, 1)]
        loop.call_soon_threadsafe(is_held.set)
        assert seen_by_second.wait(10)
        return found

    loop, is_held = asyncio.get_running_loop(), asyncio.Event()
    holding = asyncio.create_task(first.write(claim_and_hold))
    await is_held.wait()
    found = await second.write(lambda unit: unit.notices.claim(NOW + MINUTE, 1))
    seen_by_second.set()
    assert (await holding, [notice.key for notice in found]) == (["one"], ["two"])
    await first.close()
    await second.close()
