"""Packs that are off, and leaderboards of those who chose to be on them."""

from __future__ import annotations

import itertools

from bot.core.ports import Standing, Unit
from bot.store.database import Database
from tests.store.samples import ANN, BEN, DAY, EVE, MINUTE, NOW, SERVER, asking, keep_answer

ELSEWHERE = "slack:T9"

numbers = itertools.count()


def score(unit: Unit, person: str, *scores: float, **given: object) -> None:
    """Answers of a person, each in a session of its own."""
    community = given.pop("community", SERVER)
    for points in scores:
        number = str(next(numbers))
        session = asking(number, person, topic=(number,), community=community)
        unit.sessions.add(session)
        keep_answer(unit, session, item=f"item {number}", score=points, **given)


async def test_packs_are_on_until_they_are_switched_off(database: Database) -> None:
    def switch(unit: Unit) -> None:
        unit.communities.switch_pack(SERVER, "genai", on=False)
        unit.communities.switch_pack(SERVER, "genai", on=False)
        unit.communities.switch_pack(SERVER, "ml", on=False)
        unit.communities.switch_pack(SERVER, "ml", on=True)
        unit.communities.switch_pack(SERVER, "data", on=True)

    await database.write(switch)
    assert await database.read(lambda unit: unit.communities.packs_off(SERVER)) == {"genai"}
    assert await database.read(lambda unit: unit.communities.packs_off(ELSEWHERE)) == frozenset()


async def test_only_those_who_joined_are_shown_under_their_latest_name(database: Database) -> None:
    def play(unit: Unit) -> None:
        score(unit, ANN, 1.0)
        score(unit, BEN, 1.0)
        unit.communities.join(SERVER, ANN, "Ann", NOW)
        unit.communities.join(SERVER, ANN, "Anna ☃", NOW + DAY)
        unit.communities.join(ELSEWHERE, BEN, "Ben", NOW)

    await database.write(play)
    assert await database.read(lambda unit: unit.communities.is_member(SERVER, ANN))
    assert not await database.read(lambda unit: unit.communities.is_member(SERVER, BEN))
    found = await database.read(lambda unit: unit.communities.standings(SERVER, NOW, 10))
    assert found == (Standing("Anna ☃", 1.0, 1),)


async def test_whoever_leaves_is_gone_from_there(database: Database) -> None:
    def play(unit: Unit) -> None:
        score(unit, ANN, 1.0)
        for community in (SERVER, ELSEWHERE):
            unit.communities.join(community, ANN, "Ann", NOW)
        unit.communities.leave(SERVER, ANN)
        unit.communities.leave(SERVER, BEN)

    await database.write(play)
    assert not await database.read(lambda unit: unit.communities.is_member(SERVER, ANN))
    assert await database.read(lambda unit: unit.communities.is_member(ELSEWHERE, ANN))
    assert await database.read(lambda unit: unit.communities.standings(SERVER, NOW, 10)) == ()


async def test_what_counts_are_first_attempts_begun_here_since_then(database: Database) -> None:
    def play(unit: Unit) -> None:
        unit.communities.join(SERVER, ANN, "Ann", NOW)
        score(unit, ANN, 1.0, 0.5)
        score(unit, ANN, 1.0, first=False)
        score(unit, ANN, 1.0, community=ELSEWHERE)
        score(unit, ANN, 1.0, community=None)
        score(unit, ANN, 1.0, at=NOW - MINUTE)
        score(unit, ANN, 0.0, at=NOW + MINUTE)

    await database.write(play)
    found = await database.read(lambda unit: unit.communities.standings(SERVER, NOW, 10))
    assert found == (Standing("Ann", 1.5, 3),)


async def test_the_best_come_first_and_those_who_needed_fewer_answers(database: Database) -> None:
    def play(unit: Unit) -> None:
        people = {"Dora": (1.0,), "Carl": (1.0, 0.0), "Bert": (1.0,), "Alma": (1.0, 0.5)}
        for name, scores in people.items():
            unit.communities.join(SERVER, name.lower(), name, NOW)
            score(unit, name.lower(), *scores)
        unit.communities.join(SERVER, EVE, "Eve", NOW)

    await database.write(play)
    found = await database.read(lambda unit: unit.communities.standings(SERVER, NOW, 10))
    assert found == (
        Standing("Alma", 1.5, 2),
        Standing("Bert", 1.0, 1),
        Standing("Dora", 1.0, 1),
        Standing("Carl", 1.0, 2),
    )
    best = await database.read(lambda unit: unit.communities.standings(SERVER, NOW, 1))
    assert best == found[:1]


async def test_two_people_of_one_name_are_two(database: Database) -> None:
    def play(unit: Unit) -> None:
        for person in (ANN, BEN):
            unit.communities.join(SERVER, person, "Alex", NOW)
            score(unit, person, 1.0)

    await database.write(play)
    found = await database.read(lambda unit: unit.communities.standings(SERVER, NOW, 10))
    assert found == (Standing("Alex", 1.0, 1),) * 2
