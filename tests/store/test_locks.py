"""On PostgreSQL, whoever changes what is known of a person waits for whoever does so already."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from bot.core.ports import Unit
from bot.core.quiz.session import Session
from bot.store.database import Database
from bot.store.engines import make_engines
from bot.store.locks import lock_person
from tests.store import postgres
from tests.store.samples import ANN, BEN, answer_once, asking

PATIENCE, BRIEFLY = 5.0, 0.05


def test_a_persons_lock_is_theirs_alone_and_ends_with_the_transaction(postgres_url: str) -> None:
    patient, hasty = (
        make_engines(make_url(postgres_url), seconds) for seconds in (PATIENCE, BRIEFLY)
    )
    with patient.writing.begin() as first:
        lock_person(first, ANN)
        lock_person(first, ANN)
        with hasty.writing.begin() as second:
            lock_person(second, BEN)
        with pytest.raises(OperationalError, match="lock timeout"), hasty.writing.begin() as second:
            lock_person(second, ANN)
    with hasty.writing.begin() as second:
        lock_person(second, ANN)
    patient.dispose()
    hasty.dispose()


async def test_whoever_waited_for_a_session_finds_it_as_it_is_then(postgres_url: str) -> None:
    first, second = Database(postgres_url), Database(postgres_url)
    await first.write(lambda unit: unit.sessions.add(asking()))
    loop = asyncio.get_running_loop()
    has_saved, go_on = asyncio.Event(), threading.Event()

    def save_without_a_lock(unit: Unit) -> bool:
        unit.sessions.save(replace(asking(), length=77))
        loop.call_soon_threadsafe(has_saved.set)
        return go_on.wait(10)

    def find(unit: Unit) -> Session | None:
        return unit.sessions.get("session1", lock=True)

    saving = asyncio.create_task(first.write(save_without_a_lock))
    await has_saved.wait()
    finding = asyncio.create_task(second.write(find))
    await asyncio.to_thread(postgres.until_somebody_waits, postgres_url)
    go_on.set()
    assert await saving
    found = await finding
    assert found is not None
    assert found.length == 77
    await first.close()
    await second.close()


async def test_deleting_waits_for_an_answer_and_takes_it_along(postgres_url: str) -> None:
    first, second = Database(postgres_url), Database(postgres_url)
    await first.write(lambda unit: unit.sessions.add(asking()))
    loop = asyncio.get_running_loop()
    has_answered, go_on = asyncio.Event(), threading.Event()

    def answer_slowly(unit: Unit) -> bool:
        done = answer_once(unit, "session1")
        loop.call_soon_threadsafe(has_answered.set)
        assert go_on.wait(10)
        return done

    answering = asyncio.create_task(first.write(answer_slowly))
    await has_answered.wait()
    deleting = asyncio.create_task(second.write(lambda unit: unit.privacy.delete(ANN)))
    await asyncio.to_thread(postgres.until_somebody_waits, postgres_url)
    go_on.set()
    assert await answering
    session, answer, ability, card = (1, 1, 1, 1)
    assert await deleting == session + answer + ability + card
    left = await first.read(lambda unit: unit.privacy.export(ANN))
    assert not any(left.values())
    await first.close()
    await second.close()


async def test_answering_waits_for_deleting_and_finds_nothing(postgres_url: str) -> None:
    first, second = Database(postgres_url), Database(postgres_url)
    await first.write(lambda unit: unit.sessions.add(asking()))
    loop = asyncio.get_running_loop()
    has_deleted, go_on = asyncio.Event(), threading.Event()

    def delete_slowly(unit: Unit) -> int:
        count = unit.privacy.delete(ANN)
        loop.call_soon_threadsafe(has_deleted.set)
        assert go_on.wait(10)
        return count

    deleting = asyncio.create_task(first.write(delete_slowly))
    await has_deleted.wait()
    finding = asyncio.create_task(
        second.write(lambda unit: unit.sessions.get("session1", lock=True))
    )
    await asyncio.to_thread(postgres.until_somebody_waits, postgres_url)
    go_on.set()
    assert await deleting == 1
    assert await finding is None
    await first.close()
    await second.close()
