"""The questions of issues and the answers to them: one a person, until the next issue is made."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping

import pytest
from sqlalchemy import func, select

from bot.core.ports import Unit
from bot.core.subscriptions import DeliveryState, IssueDelivery, Settlement, Subscription
from bot.core.votes import AskedQuestion, Ballot
from bot.store.database import Database
from bot.store.tables import questions, votes
from tests.store.samples import ANN, BEN, DAY, EVE, NOW, a_delivery, a_subscription
from tests.store.test_at_once import it_waits

SENT, FAILED, DOUBT = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DOUBT
WAITING, SENDING = DeliveryState.WAITING, DeliveryState.SENDING


def ballot(delivery: int, person: str = ANN, chosen: int = 0) -> Ballot:
    return Ballot(delivery, person, chosen, chosen == 0, NOW)


async def subscribe(store: Database, channel: str = "5") -> Subscription:
    return await store.write(lambda unit: unit.newsletters.add(a_subscription(channel=channel)))


def issue(
    unit: Unit, subscription: Subscription, day: int, state: DeliveryState, version: str = "v1"
) -> AskedQuestion:
    """An issue of a day: what it asks and reveals is fixed, and then this becomes of it."""
    planned = a_delivery(subscription, date=NOW.date() + day * DAY)
    assert unit.newsletters.plan([planned])
    [delivery] = unit.newsletters.history(subscription.id, 1)
    asked = unit.votes.ask(delivery.id, version)
    if state is not DeliveryState.WAITING:
        unit.newsletters.take_over("discord", "token")
        claimed = unit.newsletters.claim("discord", "token", NOW, 100)
        settled = (Settlement(one, state, "", NOW, NOW) for one in claimed)
        unit.newsletters.settle([s for s in settled if s.delivery.id == delivery.id])
    return asked


async def sent(
    store: Database, subscription: Subscription, day: int = 0, version: str = "v1"
) -> AskedQuestion:
    return await store.write(lambda unit: issue(unit, subscription, day, SENT, version))


async def cast(store: Database, given: Ballot) -> bool:
    return await store.write(lambda unit: unit.votes.cast(given))


async def tally(store: Database, delivery: int) -> Mapping[int, int]:
    return await store.read(lambda unit: unit.votes.tally(delivery))


# Answering


async def test_a_person_has_one_answer_and_the_latest_counts(database: Database) -> None:
    asked = await sent(database, await subscribe(database))
    for chosen in (2, 2, 0):
        assert await cast(database, ballot(asked.delivery, ANN, chosen))
    assert await cast(database, ballot(asked.delivery, BEN, 2))
    assert await cast(database, ballot(asked.delivery, EVE, 0))
    assert await tally(database, asked.delivery) == {0: 2, 2: 1}
    mine = await database.read(lambda unit: unit.votes.of(asked.delivery, ANN))
    assert mine == ballot(asked.delivery, ANN, 0)
    assert await database.read(lambda unit: unit.votes.of(asked.delivery, "nobody")) is None


async def test_only_the_answers_of_that_issue_count(database: Database) -> None:
    here, there = await subscribe(database, "5"), await subscribe(database, "6")
    first, other = await sent(database, here), await sent(database, there)
    await cast(database, ballot(first.delivery, ANN, 0))
    await cast(database, ballot(other.delivery, ANN, 1))
    await cast(database, ballot(other.delivery, BEN, 1))
    assert await tally(database, first.delivery) == {0: 1}
    assert await tally(database, other.delivery) == {1: 2}


async def test_one_person_who_presses_in_two_processes_at_once_has_one_answer(
    database: Database, other: Database
) -> None:
    asked = await sent(database, await subscribe(database))
    presses = [
        cast(store, ballot(asked.delivery, ANN, chosen))
        for chosen in range(4)
        for store in (database, other)
    ]
    assert all(await asyncio.gather(*presses))
    assert sum((await tally(database, asked.delivery)).values()) == 1


async def test_many_people_at_once_are_all_counted(database: Database, other: Database) -> None:
    asked = await sent(database, await subscribe(database))
    stores = (database, other)
    people = [ballot(asked.delivery, f"discord:{n}", n % 3) for n in range(60)]
    kept = await asyncio.gather(*(cast(stores[n % 2], one) for n, one in enumerate(people)))
    assert all(kept)
    assert await tally(database, asked.delivery) == {0: 20, 1: 20, 2: 20}


async def test_ending_a_subscription_takes_its_questions_and_answers_with_it(
    database: Database,
) -> None:
    kept, ended = await subscribe(database, "5"), await subscribe(database, "6")
    for subscription in (kept, ended):
        asked = await sent(database, subscription)
        await cast(database, ballot(asked.delivery))
        await sent(database, subscription, day=1)
    await database.write(lambda unit: unit.newsletters.remove(ended.id))
    with database.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(votes)) == 1
        assert connection.scalar(select(func.count()).select_from(questions)) == 2


# Closing


async def test_once_the_next_issue_is_made_nothing_changes_any_more(database: Database) -> None:
    subscription = await subscribe(database)
    asked = await sent(database, subscription)
    await cast(database, ballot(asked.delivery, ANN, 1))
    assert not await database.read(lambda unit: unit.votes.is_revealed(asked.delivery))
    following = await database.write(lambda unit: issue(unit, subscription, 1, SENDING))
    assert following.reveals == asked.delivery
    assert await database.read(lambda unit: unit.votes.is_revealed(asked.delivery))
    assert not await cast(database, ballot(asked.delivery, ANN, 0))
    assert not await cast(database, ballot(asked.delivery, BEN, 0))
    assert await tally(database, asked.delivery) == {1: 1}


async def test_who_answers_while_the_next_issue_is_made_is_waited_for_and_counted(
    database: Database, other: Database, url: str
) -> None:
    subscription = await subscribe(database)
    asked = await sent(database, subscription)
    await other.open()
    loop = asyncio.get_running_loop()
    is_held, go_on = asyncio.Event(), threading.Event()

    def hold(unit: Unit) -> bool:
        kept = unit.votes.cast(ballot(asked.delivery))
        loop.call_soon_threadsafe(is_held.set)
        assert go_on.wait(10)
        return kept

    def reveal(unit: Unit) -> Mapping[int, int]:
        assert issue(unit, subscription, 1, SENDING).reveals == asked.delivery
        return unit.votes.tally(asked.delivery)

    answering = asyncio.create_task(database.write(hold))
    await is_held.wait()
    revealing = asyncio.create_task(other.write(reveal))
    await it_waits(other, url)
    go_on.set()
    assert await answering
    assert await revealing == {0: 1}


async def test_who_answers_after_the_next_issue_was_made_is_too_late(
    database: Database, other: Database, url: str
) -> None:
    subscription = await subscribe(database)
    asked = await sent(database, subscription)
    await other.open()
    loop = asyncio.get_running_loop()
    is_held, go_on = asyncio.Event(), threading.Event()

    def hold(unit: Unit) -> int | None:
        made = issue(unit, subscription, 1, SENDING)
        loop.call_soon_threadsafe(is_held.set)
        assert go_on.wait(10)
        return made.reveals

    revealing = asyncio.create_task(database.write(hold))
    await is_held.wait()
    answering = asyncio.create_task(cast(other, ballot(asked.delivery)))
    await it_waits(other, url)
    go_on.set()
    assert await revealing == asked.delivery
    assert not await answering
    assert await tally(database, asked.delivery) == {}


# What is revealed


async def test_what_a_delivery_asks_and_reveals_is_fixed_once(database: Database) -> None:
    subscription = await subscribe(database)
    first = await sent(database, subscription)
    second = await sent(database, subscription, day=1, version="v2")
    assert second == AskedQuestion(second.delivery, "v2", first.delivery)
    again = await database.write(lambda unit: unit.votes.ask(second.delivery, "v3"))
    assert again == second
    assert await database.read(lambda unit: unit.votes.asked(second.delivery)) == second
    assert await database.read(lambda unit: unit.votes.asked(99)) is None


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        pytest.param([SENT], 0, id="the last one"),
        pytest.param([SENT, SENT], 1, id="the last one of two"),
        pytest.param([FAILED], None, id="one that never came"),
        pytest.param([DOUBT], None, id="one that perhaps came"),
        pytest.param([SENT, FAILED], 0, id="its reveal never came"),
        pytest.param([SENT, DOUBT], 0, id="its reveal perhaps came"),
        pytest.param([SENT, WAITING], None, id="its reveal is tried again"),
        pytest.param([SENT, SENDING], None, id="its reveal is on its way"),
        pytest.param([SENT, FAILED, FAILED], 0, id="two reveals never came"),
    ],
)
async def test_which_question_an_issue_reveals(
    database: Database, states: list[DeliveryState], expected: int | None
) -> None:
    subscription = await subscribe(database)

    def work(unit: Unit) -> tuple[list[AskedQuestion], AskedQuestion]:
        before = [issue(unit, subscription, day, state) for day, state in enumerate(states)]
        return before, issue(unit, subscription, len(states), SENDING)

    before, made = await database.write(work)
    assert made.reveals == (None if expected is None else before[expected].delivery)


async def test_an_answer_shows_that_an_issue_in_doubt_has_come(database: Database) -> None:
    subscription = await subscribe(database)

    def work(unit: Unit) -> tuple[AskedQuestion, AskedQuestion]:
        issue(unit, subscription, 0, SENT)
        doubtful = issue(unit, subscription, 1, DOUBT)
        assert unit.votes.cast(ballot(doubtful.delivery))
        return doubtful, issue(unit, subscription, 2, SENT)

    doubtful, made = await database.write(work)
    assert made.reveals == doubtful.delivery


async def test_an_issue_without_a_question_reveals_and_is_not_revealed(
    database: Database,
) -> None:
    subscription = await subscribe(database)
    first = await sent(database, subscription)
    silent = await sent(database, subscription, day=1, version="")
    assert silent.reveals == first.delivery
    assert (await sent(database, subscription, day=2)).reveals is None


async def test_an_issue_that_is_sent_again_reveals_nothing_that_came_after_it(
    database: Database,
) -> None:
    subscription = await subscribe(database)
    older = a_delivery(subscription, state=DOUBT)

    def work(unit: Unit) -> IssueDelivery:
        unit.newsletters.plan([older])
        [found] = unit.newsletters.history(subscription.id, 1)
        return found

    found = await database.write(work)
    await sent(database, subscription, day=1)
    asked = await database.write(lambda unit: unit.votes.ask(found.id, "v1"))
    assert asked.reveals is None


async def test_a_channel_reveals_nothing_of_another(database: Database) -> None:
    await sent(database, await subscribe(database, "5"))
    assert (await sent(database, await subscribe(database, "6"), day=1)).reveals is None
