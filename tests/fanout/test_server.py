"""The server of the fan-out: what it stores, loses on purpose, and says about it afterwards."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.bench.measure import fetch, running
from tests.fanout.faults import INACTIVE, PASSING, Fault, Plan, Way, Weather, plans
from tests.fanout.places import DISCORD, SLACK, Layout, Place, token
from tests.fanout.server import FanoutServer, Options
from tests.fanout.tally import ChannelTally, read

SMALL = Layout(discord=300, slack=300, workspaces=10)
ONE_FAULT = Weather(for_good=0.0, passing=1.0, inactive=0.0, most=1)
STORMY = Weather(for_good=0.5, passing=0.5, inactive=0.3)


@dataclass(frozen=True, slots=True)
class World:
    """A server, and a client that posts to its channels."""

    server: FanoutServer
    session: aiohttp.ClientSession
    plans: dict[str, Plan]

    async def post(self, place: Place, nonce: str = "one") -> tuple[int, Any]:
        """The status and the answer, which is None where it is no JSON."""
        addresses: Any = self.server.addresses()
        if place.platform == DISCORD:
            url = f"{addresses['discord']['api_base']}/channels/{place.channel}/messages"
            body = {"content": "issue 1", "nonce": nonce, "enforce_nonce": True}
            headers = {}
        else:
            url = f"{addresses['slack']['api_base']}chat.postMessage"
            body = {"text": "issue 1", "channel": place.channel}
            headers = {"Authorization": f"Bearer {token(int(place.community[1:]))}"}
        async with self.session.post(url, json=body, headers=headers) as response:
            is_json = response.content_type == "application/json"
            return response.status, await response.json() if is_json else None

    def first(self, platform: str, fault: Fault | None = None) -> Place:
        """A channel of this platform; with `fault` it begins with that one."""
        return next(
            place
            for place in SMALL.places()
            if place.platform == platform
            and (fault is None or fault in self.plans[place.channel].first[:1])
        )

    async def tally(self, place: Place) -> ChannelTally:
        """What the server says about a channel."""
        return read(await self.look("/tally")).channels[place.channel]

    async def look(self, path: str) -> Any:
        async with self.session.get(f"{self.server.control}{path}") as response:
            return await response.json()

    async def control(self, path: str) -> Any:
        async with self.session.post(f"{self.server.control}{path}") as response:
            return await response.json()


Make = Callable[[Weather], Awaitable[World]]


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    made: list[World] = []

    async def start(weather: Weather) -> World:
        server = FanoutServer(Options(SMALL, seed=1, weather=weather))
        await server.start()
        world = World(server, aiohttp.ClientSession(), plans(SMALL, 1, weather))
        made.append(world)
        return world

    yield start
    for world in made:
        await world.session.close()
        await world.server.stop()


@pytest.fixture
async def calm(make: Make) -> World:
    return await make(Weather(0, 0, 0))


@pytest.fixture
async def faulty(make: Make) -> World:
    return await make(ONE_FAULT)


async def test_a_message_is_there_once_for_its_nonce(calm: World) -> None:
    place = calm.first(DISCORD)
    answers = [await calm.post(place, nonce) for nonce in ("one", "one", "two")]
    ids = [answer["id"] for _, answer in answers]
    assert ids[0] == ids[1] != ids[2]
    seen = await calm.tally(place)
    assert [message.nonce for message in seen.messages] == ["one", "two"]
    assert len({message.mark for message in seen.messages}) == 1
    assert (seen.requests, seen.met) == (3, ())


async def test_the_latest_messages_come_first_and_without_their_nonces(calm: World) -> None:
    place = calm.first(DISCORD)
    sent = [(await calm.post(place, nonce))[1]["id"] for nonce in ("one", "two", "three")]
    addresses: Any = calm.server.addresses()
    url = f"{addresses['discord']['api_base']}/channels/{place.channel}/messages?limit=2"
    async with calm.session.get(url) as response:
        found = await response.json()
    assert [message["id"] for message in found] == [sent[2], sent[1]]
    assert not any("nonce" in message for message in found)


async def test_slack_keeps_what_comes_twice(calm: World) -> None:
    place = calm.first(SLACK)
    for _ in range(2):
        status, answer = await calm.post(place)
        assert (status, answer["ok"]) == (200, True)
    seen = await calm.tally(place)
    assert len(seen.messages) == 2
    assert len({message.mark for message in seen.messages}) == 1


@pytest.mark.parametrize("platform", [DISCORD, SLACK])
async def test_each_fault_answers_and_stores_as_it_says(faulty: World, platform: str) -> None:
    for fault in dict.fromkeys(PASSING[platform]):
        place = faulty.first(platform, fault)
        asked = asyncio.create_task(faulty.post(place))
        if fault.way in {Way.HELD_BEFORE, Way.HELD_AFTER}:
            while not (await faulty.tally(place)).requests:
                assert not asked.done()
            asked.cancel()
            await asyncio.wait({asked})
        elif fault.way in {Way.CUT_BEFORE, Way.CUT_AFTER}:
            with pytest.raises(aiohttp.ClientConnectionError):
                await asked
        else:
            status, answer = await asked
            assert status == fault.status
            assert answer is None or platform == DISCORD or answer["error"] == fault.error
        seen = await faulty.tally(place)
        assert len(seen.messages) == int(fault.stores)
        assert [(met.what, met.unclear) for met in seen.met] == [(str(fault), fault.is_unclear)]
        status, _ = await faulty.post(place)
        assert status == 200
        again = await faulty.tally(place)
        assert len(again.messages) == 1 + (platform == SLACK and fault.stores)


async def test_a_limit_says_how_long_it_lasts(faulty: World) -> None:
    limited = next(fault for fault in PASSING[DISCORD] if fault.retry_after == 0.3)
    _, answer = await faulty.post(faulty.first(DISCORD, limited))
    assert (answer["retry_after"], answer["global"]) == (0.3, False)


async def test_what_is_refused_for_good_never_gets_through(make: Make) -> None:
    world = await make(STORMY)
    refused = [one for one in SMALL.places() if world.plans[one.channel].always]
    assert {one.platform for one in refused} == {DISCORD, SLACK}
    for place in refused[::10]:
        for _ in range(2):
            fault = world.plans[place.channel].always
            status, answer = await world.post(place)
            assert fault is not None
            assert status == fault.status
            assert fault.error in {answer.get("error"), str(answer.get("code"))}
    tally = world.server.tally()
    assert not any(one.messages for one in tally.channels.values() if one.for_good)
    assert str(INACTIVE) in {one.for_good for one in tally.channels.values()}


async def test_a_token_opens_its_own_workspace_only(calm: World) -> None:
    mine, other = [one for one in SMALL.places() if one.platform == SLACK][:2]
    _, answer = await calm.post(Place(SLACK, mine.community, other.channel))
    assert answer["error"] == "channel_not_found"
    assert calm.server.tally().strange[SLACK] == (f"{mine.community} posts to {other.channel}",)


async def test_answers_are_held_back_until_they_are_let_out(calm: World) -> None:
    places = [one for one in SMALL.places() if one.community == calm.first(SLACK).community][:3]
    await calm.post(places[0])
    await calm.control("/hold?after=1")
    asked = [asyncio.create_task(calm.post(place)) for place in places[1:]]
    assert (await calm.look("/held"))["reached"]
    assert (await calm.look("/reached?requests=3"))["reached"]
    assert not any(one.done() for one in asked)
    assert all([(await calm.tally(place)).messages for place in places])
    await calm.control("/release")
    assert {status for status, _ in await asyncio.gather(*asked)} == {200}
    assert calm.server.tally().workspaces[places[0].community].in_flight == 2


async def test_all_is_forgotten_on_demand(faulty: World) -> None:
    place = faulty.first(SLACK, Fault(Way.BROKEN_AFTER, 200, "internal_error"))
    before = await faulty.tally(place)
    await faulty.post(place)
    assert (await faulty.tally(place)).planned == ()
    await faulty.control("/reset")
    assert await faulty.tally(place) == before
    assert before.planned == ("broken after 200 internal_error",)


def test_it_serves_as_a_process_of_its_own() -> None:
    arguments = ("--discord", "2", "--slack", "3", "--workspaces", "2", "--faults", "on")
    with running("tests.fanout.server", *arguments) as program:
        addresses = program.first_line()
        tally = read(json.loads(fetch(f"{addresses['control']}/tally")))
    assert len(tally.channels) == 5
    assert list(tally.workspaces) == ["T00000000", "T00000001"]
