"""Communities that the bot was removed from: they are found within a day, and all of them goes."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.core.desk import Desk
from bot.core.ports import Unit
from bot.jobs.housekeeping import MOST, look_after
from bot.jobs.tick import Work
from bot.store.database import Database
from tests.jobs.contexts import context
from tests.jobs.messengers import Recorder
from tests.store.samples import ANN, DAY, NOW, a_delivery, a_subscription


async def subscribed(store: Database, *communities: str) -> None:
    def work(unit: Unit) -> None:
        for number, community in enumerate(communities):
            made = a_subscription(community=community, channel=f"{community} {number}")
            unit.newsletters.plan([a_delivery(unit.newsletters.add(made))])

    await store.write(work)


def work_of(store: Database, discord: Recorder, now: dt.datetime = NOW) -> Work:
    return Work(Desk(store, lambda: now), context, {"discord": discord})


async def test_every_community_is_asked_about_once_a_day(database: Database) -> None:
    many = [f"discord:{number:03}" for number in range(2 * MOST + 3)]
    await subscribed(database, *many, many[0])
    discord = Recorder()
    for _ in range(5):
        await look_after(work_of(database, discord))
    assert discord.asked == many
    await look_after(work_of(database, discord, NOW + DAY))
    assert discord.asked == many + many[:MOST]


async def test_what_is_kept_about_a_community_that_is_left_goes(database: Database) -> None:
    await subscribed(database, "discord:1", "discord:2")

    def more(unit: Unit) -> None:
        for community in ("discord:1", "discord:2"):
            unit.newsletters.managed(community, ANN, NOW)
            unit.communities.switch_pack(community, "a-pack", on=False)
            unit.communities.join(community, ANN, "Ann", NOW)

    await database.write(more)
    assert await look_after(work_of(database, Recorder(left={"discord:1"}))) == 1
    assert await database.read(lambda unit: kept_of("discord:1", unit)) == [False] * 4
    assert await database.read(lambda unit: kept_of("discord:2", unit)) == [True] * 4


def kept_of(community: str, unit: Unit) -> list[bool]:
    return [
        bool(unit.newsletters.of(community)),
        bool(unit.newsletters.managers(community)),
        bool(unit.communities.packs_off(community)),
        unit.communities.is_member(community, ANN),
    ]


@pytest.mark.parametrize("times", [1, 3])
async def test_where_there_is_nobody_nothing_is_asked(database: Database, times: int) -> None:
    discord = Recorder()
    for _ in range(times):
        assert await look_after(work_of(database, discord)) == 0
    assert discord.asked == []
