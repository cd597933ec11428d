"""Sessions come back exactly as they were kept, and nobody has the same quiz open twice."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.ports import StoreError, Unit
from bot.core.quiz import session as moves
from bot.core.quiz.session import Asked, Kind, Phase, Session
from bot.store.database import Database
from tests.store.samples import ANN, BEN, DAY, MINUTE, NOW, a_session, asking, keep_answer

numbers = itertools.count()

zones = st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-5, minutes=-30))])
times = st.builds(
    lambda zone, since: (NOW + since).astimezone(zone),
    zones,
    st.timedeltas(dt.timedelta(-9999), dt.timedelta(9999)),
)
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
responses = st.none() | st.lists(st.integers(0, 30), max_size=6).map(tuple) | st.text(max_size=30)
questions = st.builds(
    Asked, words, words, times, responses, st.none() | st.floats(0, 1), st.booleans()
)
whole_sessions = st.builds(
    Session,
    id=st.just(""),
    person=words,
    kind=st.sampled_from(Kind),
    topic=st.lists(words, max_size=3).map(tuple),
    seed=st.integers(0, 2**63 - 1),
    content=words,
    length=st.integers(0, 100),
    started=times,
    updated=times,
    phase=st.sampled_from(sorted(set(Phase) - moves.OPEN)),
    asked=st.lists(questions, max_size=5).map(tuple),
    means=st.dictionaries(words, st.integers(0, 9), max_size=3),
    community=st.none() | words,
    channel=st.none() | words,
)


@given(session=whole_sessions)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_session_comes_back_as_it_was(database: Database, session: Session) -> None:
    session = replace(session, id=f"s{next(numbers)}")
    assert await database.write(lambda unit: unit.sessions.add(session))
    kept = await database.read(lambda unit: unit.sessions.get(session.id))
    assert kept == session
    assert kept.started.tzinfo is dt.UTC
    assert all(asked.at.utcoffset() == dt.timedelta() for asked in kept.asked)


async def test_answers_keep_their_kind(database: Database) -> None:
    def asked(response: tuple[int, ...] | str | None) -> Asked:
        return Asked("rag-1", "v1", NOW, response)

    every = tuple(map(asked, [(), (0,), (3, 1, 12), "", "12", "[1]", "\0 \ud800 ☃", None]))
    await database.write(lambda unit: unit.sessions.add(a_session(asked=every)))
    kept = await database.read(lambda unit: unit.sessions.get("session1"))
    assert kept is not None
    assert kept.asked == every


async def test_what_is_saved_is_the_new_state(database: Database) -> None:
    begun = asking()
    answered = moves.answer(begun, 0, (2,), 0.5, NOW + MINUTE)
    longer = moves.with_length(moves.finish(answered, NOW + DAY), 12)
    longer = replace(longer, means={"travel": 2})
    await database.write(lambda unit: unit.sessions.add(begun))
    await database.write(lambda unit: unit.sessions.save(longer))
    assert await database.read(lambda unit: unit.sessions.get("session1", lock=False)) == longer


async def test_there_is_no_session_that_nobody_began(database: Database) -> None:
    assert await database.read(lambda unit: unit.sessions.get("nothing")) is None
    assert await database.write(lambda unit: unit.sessions.get("nothing", lock=True)) is None


async def test_the_same_quiz_is_open_once_and_the_unit_goes_on(database: Database) -> None:
    added = await database.write(
        lambda unit: [
            unit.sessions.add(a_session("first")),
            unit.sessions.add(a_session("again")),
            unit.sessions.add(a_session("of-ben", BEN)),
            unit.sessions.add(a_session("fit", kind=Kind.FIT)),
            unit.sessions.add(a_session("topic", topic=("ml-engineer", "rag"))),
        ]
    )
    assert added == [True, False, True, True, True]
    kept = await database.read(lambda unit: unit.sessions.open(ANN))
    assert {session.id for session in kept} == {"first", "fit", "topic"}


async def test_a_quiz_may_be_begun_again_when_it_has_ended(database: Database) -> None:
    first = a_session("first")
    await database.write(lambda unit: unit.sessions.add(first))
    await database.write(lambda unit: unit.sessions.save(moves.stop(first, NOW)))
    assert await database.write(lambda unit: unit.sessions.add(a_session("second")))


async def test_two_sessions_never_share_an_id(database: Database) -> None:
    await database.write(lambda unit: unit.sessions.add(a_session("same")))
    with pytest.raises(StoreError):
        await database.write(lambda unit: unit.sessions.add(a_session("same", BEN)))
    kept = await database.read(lambda unit: unit.sessions.get("same"))
    assert kept is not None
    assert kept.person == ANN


async def test_open_sessions_come_latest_first_in_every_open_phase(database: Database) -> None:
    phases = dict(zip(Phase, itertools.count(), strict=False))
    sessions = [
        a_session(phase.value, topic=(phase.value,), phase=phase, updated=NOW + age * MINUTE)
        for phase, age in phases.items()
    ]
    await database.write(lambda unit: [unit.sessions.add(session) for session in sessions])
    found = await database.read(lambda unit: unit.sessions.open(ANN))
    assert [session.phase for session in found] == [
        phase for phase in reversed(Phase) if phase in moves.OPEN
    ]
    assert await database.read(lambda unit: unit.sessions.open(BEN)) == ()


async def test_ended_sessions_are_those_with_a_result(database: Database) -> None:
    def done(number: int, **given: Any) -> Session:
        usual: dict[str, Any] = {"phase": Phase.DONE, "updated": NOW + number * MINUTE}
        return a_session(f"s{number}", **(usual | given))

    sessions = [
        done(1),
        done(2, kind=Kind.REVIEW),
        done(3),
        done(4, kind=Kind.FIT),
        done(5, phase=Phase.STOPPED),
        done(6, phase=Phase.EXPIRED),
        done(7, person=BEN),
    ]
    await database.write(lambda unit: [unit.sessions.add(session) for session in sessions])
    kinds = (Kind.KNOWLEDGE, Kind.REVIEW)
    found = await database.read(lambda unit: unit.sessions.ended(ANN, kinds, 5))
    assert [session.id for session in found] == ["s3", "s2", "s1"]
    latest = await database.read(lambda unit: unit.sessions.ended(ANN, kinds, 1))
    assert [session.id for session in latest] == ["s3"]


async def test_resting_sessions_are_the_open_ones_left_alone_longest(database: Database) -> None:
    sessions = [
        a_session(f"s{days}", topic=(str(days),), updated=NOW - days * DAY) for days in range(5)
    ]
    ended = a_session("ended", phase=Phase.DONE, updated=NOW - 9 * DAY)
    await database.write(lambda unit: [unit.sessions.add(s) for s in [*sessions, ended]])
    found = await database.read(lambda unit: unit.sessions.resting(NOW - 2 * DAY, 10))
    assert [session.id for session in found] == ["s4", "s3"]
    assert len(await database.read(lambda unit: unit.sessions.resting(NOW, 3))) == 3


async def test_forgetting_a_session_forgets_its_answers_only(database: Database) -> None:
    def play(unit: Unit) -> None:
        for identity, item in (("gone", "rag-1"), ("kept", "rag-2")):
            session = asking(identity, topic=(identity,))
            unit.sessions.add(session)
            keep_answer(unit, session, item=item)

    await database.write(play)
    await database.write(lambda unit: unit.sessions.delete("gone"))
    assert await database.read(lambda unit: unit.sessions.get("gone")) is None
    left = await database.read(lambda unit: list(unit.learning.first_attempts()))
    assert [attempt.item for attempt in left] == ["rag-2"]


async def test_a_text_is_kept_once_under_its_hash(database: Database) -> None:
    await database.write(lambda unit: unit.sessions.keep("hash", "the text\n☃"))
    await database.write(lambda unit: unit.sessions.keep("hash", "another text"))
    assert await database.read(lambda unit: unit.sessions.kept("hash")) == "the text\n☃"
    assert await database.read(lambda unit: unit.sessions.kept("other")) is None
