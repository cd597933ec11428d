"""Rounds of the bot's own work: what is due goes out once, and quizzes that rest are closed."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from dataclasses import replace

import pytest

from bot.core.content.catalogue import Catalogue
from bot.core.desk import Desk
from bot.core.markdown import spans
from bot.core.messenger import Delivery, Receipt
from bot.core.ports import Notice, Outcome, Reason, Report, StoreError, Topic, Unit
from bot.core.quiz import session as moves
from bot.core.quiz.library import Library
from bot.core.quiz.session import KEPT_OPEN, Phase, Session
from bot.core.subscriptions import Place
from bot.core.views import Prose, View, plain
from bot.jobs import embedded
from bot.jobs.tick import AGAIN_AFTER, MOST, Work, tick
from bot.store.database import Database
from tests.jobs.contexts import context
from tests.jobs.messengers import Recorder
from tests.store.samples import (
    ANN,
    BEN,
    DAY,
    EVE,
    MINUTE,
    NOW,
    a_card,
    a_delivery,
    a_notice,
    a_report,
    a_subscription,
    asking,
    keep_answer,
)

CHANNEL = "discord:99"
WITHIN = 30.0


class Times:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Times:
    return Times()


@pytest.fixture
def discord() -> Recorder:
    return Recorder()


def a_round(
    store: Database, clock: Times, discord: Recorder, reports: str | None = CHANNEL
) -> Work:
    return Work(Desk(store, clock), context, {"discord": discord}, reports)


async def put(store: Database, *notices: Notice) -> None:
    def work(unit: Unit) -> None:
        for notice in notices:
            unit.notices.put(notice)

    await store.write(work)


async def begin(store: Database, *sessions: Session) -> None:
    added = await store.write(lambda unit: [unit.sessions.add(session) for session in sessions])
    assert all(added)


def to_resume(session: Session, due: dt.datetime = NOW) -> Notice:
    data = {"session": session.id, "position": str(session.position)}
    return a_notice(f"resume {session.id}", due=due, person=session.person, data=data)


# Reminders


async def test_a_reminder_goes_to_the_person_once_when_it_is_due(
    database: Database, clock: Times, discord: Recorder
) -> None:
    paused = moves.pause(asking(person=ANN), NOW)
    await begin(database, paused)
    await put(database, to_resume(paused, due=NOW + DAY))
    work = a_round(database, clock, discord)

    clock.now = NOW + DAY - MINUTE
    await tick(work)
    assert discord.given == []

    clock.now = NOW + DAY
    for _ in range(3):
        await tick(work)
        clock.now += DAY
    [message] = discord.given
    assert (message.to, message.direct) == ("1001", True)
    assert message.view.title == "Your quiz is waiting"


async def test_each_platform_carries_what_is_for_its_own_people(
    database: Database, clock: Times, discord: Recorder
) -> None:
    slack = Recorder()
    for number, person in enumerate((ANN, EVE)):
        paused = moves.pause(asking(f"s{number}", person), NOW)
        await begin(database, paused)
        await put(database, to_resume(paused))
    await tick(Work(Desk(database, clock), context, {"discord": discord, "slack": slack}))
    assert [message.to for message in discord.given] == ["1001"]
    assert [message.to for message in slack.given] == ["T1:U1003"]


async def test_nobody_is_reminded_of_a_quiz_that_is_over_or_gone(
    database: Database, clock: Times, discord: Recorder
) -> None:
    stopped = moves.stop(asking("stopped"), NOW)
    deleted = asking("deleted", BEN)
    await begin(database, stopped, deleted)
    await put(database, to_resume(stopped), to_resume(deleted))
    await database.write(lambda unit: unit.sessions.delete("deleted"))
    await tick(a_round(database, clock, discord))
    await tick(a_round(database, clock, discord))
    assert discord.given == []


async def test_a_reminder_of_reviews_counts_what_is_due_by_then(
    database: Database, clock: Times, discord: Recorder
) -> None:
    def answer(unit: Unit) -> None:
        for item, due in {"one": NOW, "two": NOW - DAY, "three": NOW + DAY}.items():
            session = asking(item, topic=(item,))
            unit.sessions.add(session)
            keep_answer(unit, session, item=item, card=a_card(due))

    await database.write(answer)
    await put(
        database,
        a_notice(f"reviews {ANN}", topic=Topic.REVIEWS, person=ANN, data={}),
        a_notice(f"reviews {BEN}", topic=Topic.REVIEWS, person=BEN, data={}),
    )
    await tick(a_round(database, clock, discord))
    [message] = discord.given
    assert message.to == "1001"
    assert "2 questions are due" in message.view.fallback


# What becomes of what is sent


async def test_what_cannot_be_sent_now_is_tried_again_after_a_quarter_of_an_hour(
    database: Database, clock: Times
) -> None:
    discord = Recorder([Delivery.LATER, Delivery.LATER])
    paused = moves.pause(asking(), NOW)
    await begin(database, paused)
    await put(database, to_resume(paused))
    work = a_round(database, clock, discord)
    await tick(work)
    clock.now = NOW + AGAIN_AFTER - dt.timedelta(microseconds=1)
    await tick(work)
    assert len(discord.given) == 1

    clock.now = NOW + AGAIN_AFTER
    await tick(work)
    assert len(discord.given) == 2
    for _ in range(3):
        clock.now += AGAIN_AFTER
        await tick(work)
    assert len(discord.given) == 3
    assert len({message.key for message in discord.given}) == 1
    assert dt.timedelta(minutes=15) == AGAIN_AFTER


async def test_what_is_refused_is_not_tried_again(database: Database, clock: Times) -> None:
    discord = Recorder([Delivery.FORBIDDEN])
    paused = moves.pause(asking(), NOW)
    await begin(database, paused)
    await put(database, to_resume(paused))
    for _ in range(3):
        await tick(a_round(database, clock, discord))
        clock.now += DAY
    assert len(discord.given) == 1


async def test_a_messenger_that_raises_keeps_nobody_else_waiting(
    database: Database, clock: Times, caplog: pytest.LogCaptureFixture
) -> None:
    discord = Recorder([None])
    first, second = asking("first", ANN), asking("second", BEN)
    await begin(database, first, second)
    await put(database, to_resume(first, due=NOW - DAY), to_resume(second))
    for _ in range(3):
        await tick(a_round(database, clock, discord))
        clock.now += DAY
    assert [message.to for message in discord.given] == ["1001", "1002"]
    [logged] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert logged.getMessage() == "a notice could not be sent"
    assert "1001" not in caplog.text


async def test_what_is_for_a_platform_that_is_off_is_dropped(
    database: Database, clock: Times, discord: Recorder
) -> None:
    paused = moves.pause(asking(person=EVE), NOW)
    await begin(database, paused)
    await put(database, to_resume(paused))
    await tick(a_round(database, clock, discord))
    slack = Recorder()
    await tick(Work(Desk(database, clock), context, {"discord": discord, "slack": slack}))
    assert discord.given == slack.given == []


# Quizzes that rest


async def test_quizzes_that_rest_for_a_week_are_closed_and_others_are_not(
    database: Database, clock: Times, discord: Recorder
) -> None:
    rested = asking("rested", ANN)
    touched = replace(asking("touched", BEN), updated=NOW + DAY)
    done = moves.stop(asking("done", EVE), NOW)
    await begin(database, rested, touched, done)
    clock.now = NOW + KEPT_OPEN
    await tick(a_round(database, clock, discord))
    assert await phases(database) == {
        "rested": Phase.ASKING,
        "touched": Phase.ASKING,
        "done": Phase.STOPPED,
    }
    clock.now += MINUTE
    await tick(a_round(database, clock, discord))
    assert await phases(database) == {
        "rested": Phase.EXPIRED,
        "touched": Phase.ASKING,
        "done": Phase.STOPPED,
    }
    assert await database.write(lambda unit: unit.sessions.add(asking("anew", ANN)))


async def phases(store: Database) -> dict[str, Phase]:
    def work(unit: Unit) -> dict[str, Phase]:
        names = ("rested", "touched", "done")
        found = {name: unit.sessions.get(name) for name in names}
        return {name: session.phase for name, session in found.items() if session}

    return await store.read(work)


# Reports


async def test_a_report_goes_to_the_channel_with_the_question_as_it_was(
    database: Database, clock: Times, discord: Recorder, catalogue: Catalogue
) -> None:
    report, stem = await reported(database, catalogue)
    for _ in range(2):
        await tick(a_round(database, clock, discord))
    [message] = discord.given
    assert (message.to, message.direct) == ("99", False)
    assert message.view.title == f"Report {report.id}: {report.item}"
    assert stem in words_of(message.view)
    assert "Two are right" in words_of(message.view)
    assert ANN not in str(message)


async def test_without_a_channel_reports_wait_in_the_queue_alone(
    database: Database, clock: Times, discord: Recorder, catalogue: Catalogue
) -> None:
    report, _ = await reported(database, catalogue)
    await tick(a_round(database, clock, discord, reports=None))
    assert discord.given == []
    assert await database.read(lambda unit: unit.reports.open()) == (report,)


async def test_whoever_reported_hears_what_became_of_it(
    database: Database, clock: Times, discord: Recorder, catalogue: Catalogue
) -> None:
    report, stem = await reported(database, catalogue)
    await tick(a_round(database, clock, discord))

    def settle(unit: Unit) -> None:
        assert unit.reports.settle(report.id, Outcome.FIXED, "Thanks, it is one now.")
        data = {"report": str(report.id)}
        unit.notices.put(a_notice("settled", topic=Topic.SETTLED, person=ANN, data=data))

    await database.write(settle)
    await tick(a_round(database, clock, discord))
    [_, message] = discord.given
    assert (message.to, message.direct) == ("1001", True)
    assert "was changed" in message.view.fallback
    assert stem in words_of(message.view)
    assert "Thanks, it is one now." in words_of(message.view)


async def test_nobody_is_written_to_about_data_that_they_deleted(
    database: Database, clock: Times, discord: Recorder, catalogue: Catalogue
) -> None:
    await reported(database, catalogue)
    paused = moves.pause(asking(), NOW)
    await begin(database, paused)
    await put(database, to_resume(paused))
    await database.write(lambda unit: unit.privacy.delete(ANN))
    await tick(a_round(database, clock, discord))
    assert discord.given == []


def words_of(view: View) -> str:
    return "\n".join(plain(block.spans) for block in view.blocks if isinstance(block, Prose))


async def reported(store: Database, catalogue: Catalogue) -> tuple[Report, str]:
    """A report that was kept with its notice, and the question that it is about."""
    library = Library(catalogue.content)
    item = next(iter(catalogue.content.items.values()))
    version = library.version_of(item)

    def work(unit: Unit) -> Report:
        unit.sessions.keep(version, library.body_of(item))
        kept = unit.reports.add(
            Report(0, ANN, item.id, version, Reason.WRONG, "Two are right", NOW)
        )
        assert kept is not None
        data = {"report": str(kept.id)}
        unit.notices.put(Notice(f"report {kept.id}", Topic.REPORTED, NOW, person=None, data=data))
        return kept

    return await store.write(work), plain(spans(item.stem))


# Several at once


async def test_two_processes_at_once_send_everything_once(
    database: Database, other: Database, clock: Times, discord: Recorder
) -> None:
    people = [f"discord:{number}" for number in range(30)]
    rested = [
        replace(asking(f"old {person}", person), updated=NOW - 2 * KEPT_OPEN) for person in people
    ]
    paused = [asking(f"new {person}", person, topic=("other",)) for person in people]
    await begin(database, *rested, *paused)
    await put(database, *map(to_resume, paused))
    await asyncio.gather(
        *(tick(a_round(store, clock, discord)) for store in (database, other, database, other))
    )
    assert sorted(message.to for message in discord.given) == sorted(map(str, range(30)))

    def closed(unit: Unit) -> list[Phase | None]:
        found = [unit.sessions.get(session.id) for session in rested]
        return [session.phase if session else None for session in found]

    assert set(await database.read(closed)) == {Phase.EXPIRED}


async def test_a_round_takes_so_many_and_the_next_one_takes_more(
    sqlite_store: Database, clock: Times, discord: Recorder
) -> None:
    paused = [asking(f"s{number}", f"discord:{number}") for number in range(MOST + 2)]
    await begin(sqlite_store, *paused)
    await put(sqlite_store, *map(to_resume, paused))
    await tick(a_round(sqlite_store, clock, discord))
    assert len(discord.given) == MOST
    await tick(a_round(sqlite_store, clock, discord))
    assert len({message.to for message in discord.given}) == len(discord.given) == MOST + 2


# When the store fails


async def test_a_store_that_fails_is_told(
    database: Database, clock: Times, discord: Recorder
) -> None:
    await database.close()
    with pytest.raises(StoreError):
        await tick(a_round(database, clock, discord))


async def test_rounds_go_on_after_one_that_failed(
    sqlite_store: Database, caplog: pytest.LogCaptureFixture
) -> None:
    paused = moves.pause(asking(), NOW)
    await begin(sqlite_store, paused)
    await put(sqlite_store, to_resume(paused))
    faults = [StoreError("the database is busy"), ZeroDivisionError("a fault of ours")]

    def clock() -> dt.datetime:
        if faults:
            raise faults.pop(0)
        return NOW

    has_sent = asyncio.Event()

    class Ringing(Recorder):
        async def direct(self, user: str, view: View, key: str) -> Receipt:
            has_sent.set()
            return await super().direct(user, view, key)

    discord = Ringing()
    work = Work(Desk(sqlite_store, clock), context, {"discord": discord})
    rounds = asyncio.create_task(embedded.run(work, pause=0))
    await has_sent.wait()
    work.stopping.set()
    await rounds
    assert [(message.to, message.direct) for message in discord.given] == [("1001", True)]
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]


async def test_an_issue_does_not_wait_for_notices(sqlite_store: Database, clock: Times) -> None:
    paused = moves.pause(asking(), NOW)
    await begin(sqlite_store, paused)
    await put(sqlite_store, to_resume(paused))

    def let_wait(unit: Unit) -> None:
        kept = unit.newsletters.add(a_subscription())
        assert unit.newsletters.plan([a_delivery(kept, due=NOW, updated=NOW)])

    await sqlite_store.write(let_wait)
    has_posted, has_told = asyncio.Event(), asyncio.Event()

    class Slow(Recorder):
        async def direct(self, user: str, view: View, key: str) -> Receipt:
            await has_posted.wait()
            has_told.set()
            return await super().direct(user, view, key)

        async def post(self, place: Place, view: View, key: str) -> Receipt:
            has_posted.set()
            return await super().post(place, view, key)

    slow = Slow()
    work = Work(Desk(sqlite_store, clock), context, {"discord": slow})
    running = asyncio.create_task(embedded.run(work, pause=0))
    async with asyncio.timeout(WITHIN):
        await has_told.wait()
        work.stopping.set()
        await running
    assert [message.direct for message in slow.given] == [False, True]


async def test_a_question_that_is_gone_keeps_nobody_else_waiting(
    database: Database, clock: Times, discord: Recorder
) -> None:
    paused = moves.pause(asking(person=BEN), NOW)
    await begin(database, paused)

    def report(unit: Unit) -> str:
        kept = unit.reports.add(a_report(ANN, item="rag-1", version="never kept"))
        assert kept is not None
        data = {"report": str(kept.id)}
        unit.notices.put(Notice("report", Topic.REPORTED, NOW - DAY, data=data))
        return kept.item

    item = await database.write(report)
    await put(database, to_resume(paused))
    await tick(a_round(database, clock, discord))
    reported, reminded = discord.given
    assert item in words_of(reported.view)
    assert reminded.to == "1002"


async def test_a_round_that_breaks_off_leaves_the_rest_to_the_next_one(
    database: Database, clock: Times
) -> None:
    paused = [moves.pause(asking(f"s{n}", f"discord:{n}"), NOW) for n in range(3)]
    await begin(database, *paused)
    await put(database, *map(to_resume, paused))

    class Breaking(Recorder):
        async def direct(self, user: str, view: View, key: str) -> Receipt:
            await super().direct(user, view, key)
            raise asyncio.CancelledError

    breaking, whole = Breaking(), Recorder()
    with pytest.raises(asyncio.CancelledError):
        await tick(a_round(database, clock, breaking))
    await tick(a_round(database, clock, whole))
    assert [message.to for message in breaking.given + whole.given] == ["0", "1", "2"]
