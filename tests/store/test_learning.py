"""What answers teach is kept at once, and counted once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.ports import Card, Known, Seen, StoreError, Unit
from bot.core.quiz.adaptive import Rating
from bot.core.quiz.session import ask
from bot.core.quiz.statistics import Attempt
from bot.store.database import Database
from bot.store.learning import BATCH, LATEST
from tests.store.samples import (
    ANN,
    BEN,
    DAY,
    MINUTE,
    NOW,
    STATE,
    a_card,
    a_session,
    an_answer,
    asking,
    keep_answer,
)


async def test_before_the_first_answer_nothing_is_known(database: Database) -> None:
    known = await database.read(lambda unit: unit.learning.known(ANN, "rag-1", "llm"))
    assert known == Known(Rating(), None, None)


async def test_an_answer_changes_all_that_is_known(database: Database) -> None:
    card = Card(STATE, NOW + DAY, NOW, quick=True)

    def play(unit: Unit) -> None:
        session = asking()
        unit.sessions.add(session)
        unit.learning.record(an_answer(session), Rating(0.4, 1), -1.0, -0.25, card)

    await database.write(play)
    known = await database.read(lambda unit: unit.learning.known(ANN, "rag-1", "llm"))
    assert known == Known(Rating(0.4, 1), Rating(-1.25, 1), card)
    others = await database.read(lambda unit: unit.learning.known(BEN, "rag-1", "llm"))
    assert others == Known(Rating(), Rating(-1.25, 1), None)
    elsewhere = await database.read(lambda unit: unit.learning.known(ANN, "rag-2", "ops"))
    assert elsewhere == Known(Rating(), None, None)


async def test_another_answer_replaces_the_ability_and_the_card(database: Database) -> None:
    later = Card("{}", NOW + 9 * DAY, NOW + DAY, quick=False)

    def play(unit: Unit) -> None:
        session = asking()
        unit.sessions.add(session)
        keep_answer(unit, session)
        again = replace(an_answer(session, first=False), position=1)
        unit.learning.record(again, Rating(0.9, 2), 0.5, 0.0, later)

    await database.write(play)
    known = await database.read(lambda unit: unit.learning.known(ANN, "rag-1", "llm"))
    assert known == Known(Rating(0.9, 2), Rating(0.5, 1), later)


async def test_only_first_attempts_count_for_the_difficulty(database: Database) -> None:
    def play(unit: Unit) -> None:
        for number, first in enumerate([False, True, True, False]):
            session = asking(f"s{number}", f"person {number}")
            unit.sessions.add(session)
            keep_answer(unit, session, item="rag-9", first=first, change=0.5)

    await database.write(play)
    found = await database.read(lambda unit: unit.learning.difficulties())
    assert found == {"rag-9": Rating(1.0, 2)}


async def test_a_first_attempt_counts_also_where_it_moves_nothing(database: Database) -> None:
    def play(unit: Unit) -> None:
        session = asking()
        unit.sessions.add(session)
        unit.learning.record(an_answer(session), Rating(), 1.0, 0.0, a_card())

    await database.write(play)
    found = await database.read(lambda unit: unit.learning.difficulties())
    assert found == {"rag-1": Rating(1.0, 1)}


async def test_a_question_is_answered_once(database: Database) -> None:
    def play(unit: Unit) -> None:
        unit.sessions.add(asking())
        keep_answer(unit, asking())

    await database.write(play)
    with pytest.raises(StoreError, match="refuses a row"):
        await database.write(lambda unit: keep_answer(unit, asking(), change=5.0))
    assert await database.read(lambda unit: unit.learning.difficulties()) == {
        "rag-1": Rating(0.5, 1)
    }


async def test_an_answer_needs_its_session(database: Database) -> None:
    with pytest.raises(StoreError):
        await database.write(lambda unit: keep_answer(unit, asking("nowhere")))
    assert await database.read(lambda unit: unit.learning.abilities(ANN)) == {}


async def test_abilities_are_by_person_and_group(database: Database) -> None:
    def play(unit: Unit) -> None:
        for person, group, item in [(ANN, "llm", "a"), (ANN, "ops", "b"), (BEN, "llm", "a")]:
            session = asking(f"{person} {group}", person, topic=(group,))
            unit.sessions.add(session)
            kept = an_answer(session, group=group, item=item)
            unit.learning.record(kept, Rating(len(group) / 10, 1), 0.0, 0.0, a_card())

    await database.write(play)
    assert await database.read(lambda unit: unit.learning.abilities(ANN)) == {
        "llm": Rating(0.3, 1),
        "ops": Rating(0.3, 1),
    }
    assert await database.read(lambda unit: unit.learning.abilities("nobody")) == {}


async def test_what_is_due_comes_longest_due_first(database: Database) -> None:
    due = {"late": NOW - 3 * DAY, "now": NOW, "later": NOW + MINUTE, "early": NOW - 5 * DAY}

    def play(unit: Unit) -> None:
        for item, when in due.items():
            session = asking(item, topic=(item,))
            unit.sessions.add(session)
            keep_answer(unit, session, item=item, card=a_card(when))

    await database.write(play)
    found = await database.read(lambda unit: unit.learning.due(ANN, NOW))
    assert found == ("early", "late", "now")
    assert await database.read(lambda unit: unit.learning.due(BEN, NOW)) == ()
    seen = await database.read(lambda unit: unit.learning.seen(ANN))
    assert seen == {item: Seen(NOW, when) for item, when in due.items()}


async def test_the_usual_seconds_are_those_of_the_latest_answers(database: Database) -> None:
    def play(unit: Unit) -> None:
        session = a_session()
        unit.sessions.add(session)
        for number in range(LATEST + 5):
            kept = an_answer(session, seconds=float(number), at=NOW + number * MINUTE)
            kept = replace(kept, position=number, item=f"item {number}")
            unit.learning.record(kept, Rating(), 0.0, 0.0, a_card())

    await database.write(play)
    found = await database.read(lambda unit: unit.learning.usual_seconds(ANN))
    assert found == tuple(float(number) for number in range(LATEST + 4, 4, -1))
    assert await database.read(lambda unit: unit.learning.usual_seconds(BEN)) == ()


async def test_first_attempts_are_read_in_parts_and_all_of_them(database: Database) -> None:
    many = BATCH * 2 + 3

    def play(unit: Unit) -> None:
        session = a_session()
        unit.sessions.add(session)
        for number in range(many):
            kept = an_answer(session, first=number % 2 == 0, chosen=(number, 12), score=0.5)
            kept = replace(kept, position=number)
            unit.learning.record(kept, Rating(), 0.0, 0.0, a_card())

    await database.write(play)
    found = await database.read(lambda unit: set(unit.learning.first_attempts()))
    assert found == {Attempt("rag-1", 0.5, 0.25, (number, 12)) for number in range(0, many, 2)}
    # Whoever stops in the middle leaves nothing behind that the next one trips over.
    some = await database.read(lambda unit: next(unit.learning.first_attempts()))
    assert some in found


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match="a time needs a zone"):
        await database.write(lambda unit: unit.sessions.add(a_session(started=naive)))
    with pytest.raises(ValueError, match="a time needs a zone"):
        await database.write(lambda unit: unit.sessions.add(ask(a_session(), "i", "v", naive)))
    assert await database.read(lambda unit: unit.sessions.open(ANN)) == ()
