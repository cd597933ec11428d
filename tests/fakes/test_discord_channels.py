"""The loopback Discord's channels, threads and nonces, as the real discord.py meets them."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import NONCE_SECONDS, Channel, Permission
from tests.fakes.discord_bot import Bot, clean

A_MINUTE_LESS = NONCE_SECONDS - 60


def place(bot: Bot, channel: Channel) -> discord.PartialMessageable:
    return bot.get_partial_messageable(channel.id)


class TestNonces:
    async def test_a_repeat_after_a_lost_answer_finds_the_message(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        channel = place(bot, server.home.general)
        server.lose_answer("POST", "/channels/*/messages")
        with pytest.raises(aiohttp.ClientConnectionError):
            await channel.send("issue 1", nonce="issue-1")
        server.advance(A_MINUTE_LESS)
        again = await channel.send("issue 1", nonce="issue-1")
        assert [m.id for m in server.messages(server.home)] == [again.id]

    async def test_they_are_forgotten_after_some_minutes(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        channel = place(bot, server.home.general)
        first = await channel.send("issue 1", nonce="issue-1")
        server.advance(NONCE_SECONDS)
        assert (await channel.send("issue 1", nonce="issue-1")).id != first.id

    async def test_only_those_that_are_enforced_count(
        self, server: FakeDiscord, rest: aiohttp.ClientSession
    ) -> None:
        url = f"channels/{server.home.general.id}/messages"
        body = {"content": "hello", "nonce": "one", "allowed_mentions": {"parse": []}}
        for enforced in (False, True, True):
            async with rest.post(url, json=body | {"enforce_nonce": enforced}) as response:
                assert (await response.json())["nonce"] == "one"
        assert len(server.messages(server.home)) == 2

    async def test_another_channel_has_its_own(self, server: FakeDiscord, bot: Bot) -> None:
        town = server.guild("Town")
        for where in (town.general, server.home.general):
            await place(bot, where).send("issue 1", nonce="issue-1")
        assert len(server.messages(town)) == len(server.messages(server.home)) == 1

    @pytest.mark.parametrize("tells", [False, True])
    async def test_the_history_has_them_where_the_server_says_so(
        self, server: FakeDiscord, bot: Bot, tells: bool
    ) -> None:
        server.state.tells_nonces = tells
        channel = place(bot, server.home.general)
        assert (await channel.send("one", nonce="first")).nonce == "first"
        await channel.send("two", nonce="second")
        latest = [message.nonce async for message in channel.history(limit=2)]
        assert latest == (["second", "first"] if tells else [None, None])


class TestThreads:
    async def test_a_thread_is_a_channel_of_its_own(self, server: FakeDiscord, bot: Bot) -> None:
        thread = server.thread("Reading group", server.home.general)
        await place(bot, thread).send("issue 1")
        assert [m.text for m in server.messages(thread)] == ["issue 1"]
        assert server.messages(server.home) == []
        clean(server)

    @pytest.mark.parametrize("locked", [False, True])
    async def test_it_says_what_it_is(
        self, server: FakeDiscord, rest: aiohttp.ClientSession, locked: bool
    ) -> None:
        thread = server.thread("Reading group", server.home.general)
        server.archive(thread)
        if locked:
            server.lock(thread)
        async with rest.get(f"channels/{thread.id}") as response:
            shown = await response.json()
        assert (shown["type"], shown["parent_id"]) == (11, str(server.home.general.id))
        metadata = shown["thread_metadata"]
        assert (metadata["archived"], metadata["locked"]) == (True, locked)

    async def test_a_message_wakes_it_up(self, server: FakeDiscord, bot: Bot) -> None:
        thread = server.thread("Reading group", server.home.general)
        server.archive(thread)
        await place(bot, thread).send("issue 1")
        assert thread.id not in server.state.world.archived

    @pytest.mark.parametrize(("archived", "code"), [(True, 50083), (False, 160005)])
    async def test_a_locked_one_takes_nothing(
        self, server: FakeDiscord, bot: Bot, archived: bool, code: int
    ) -> None:
        thread = server.thread("Reading group", server.home.general)
        server.lock(thread)
        if archived:
            server.archive(thread)
        with pytest.raises(discord.HTTPException) as refused:
            await place(bot, thread).send("issue 1")
        assert refused.value.code == code
        assert server.messages(thread) == []

    async def test_it_needs_a_permission_of_its_own(self, server: FakeDiscord, bot: Bot) -> None:
        general = server.home.general
        thread = server.thread("Reading group", general)
        server.deny(general, Permission.SEND_MESSAGES_IN_THREADS)
        await place(bot, general).send("issue 1")
        with pytest.raises(discord.Forbidden) as refused:
            await place(bot, thread).send("issue 1")
        assert refused.value.code == 50013


class TestPublishing:
    async def test_ten_an_hour(self, server: FakeDiscord, bot: Bot) -> None:
        town = server.guild("Town", announcements=("news",))
        channel = place(bot, town.channel("news"))
        messages = [await channel.send(f"issue {number}") for number in range(11)]
        for message in messages[:10]:
            await message.publish()
        bot.http.max_ratelimit_timeout = 30.0
        with pytest.raises(discord.RateLimited) as refused:
            await messages[10].publish()
        assert 3500 < refused.value.retry_after <= 3600
        (last,) = [m async for m in channel.history(limit=1)]
        assert not last.flags.crossposted

    async def test_the_hour_ends(self, server: FakeDiscord, rest: aiohttp.ClientSession) -> None:
        news = server.guild("Town", announcements=("news",)).channel("news")
        statuses = []
        for number in range(12):
            if number == 11:
                server.advance(3600)
            body = {"content": "issue", "allowed_mentions": {"parse": []}}
            async with rest.post(f"channels/{news.id}/messages", json=body) as response:
                message = (await response.json())["id"]
            url = f"channels/{news.id}/messages/{message}/crosspost"
            async with rest.post(url) as response:
                statuses.append(response.status)
        assert statuses == [*[200] * 10, 429, 200]

    async def test_once_for_each_message_and_only_with_the_right(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        news = server.guild("Town", announcements=("news",)).channel("news")
        first, second = [await place(bot, news).send("issue") for _ in range(2)]
        await first.publish()
        with pytest.raises(discord.HTTPException) as twice:
            await first.publish()
        server.deny(news, Permission.SEND_MESSAGES)
        with pytest.raises(discord.Forbidden) as refused:
            await second.publish()
        assert (twice.value.code, refused.value.code) == (40033, 50013)

    async def test_it_may_hang(self, server: FakeDiscord, bot: Bot) -> None:
        news = server.guild("Town", announcements=("news",)).channel("news")
        message = await place(bot, news).send("issue")
        on_and_on = asyncio.Event()
        server.delay("POST", "/channels/*/messages/*/crosspost", on_and_on)
        publishing = asyncio.create_task(message.publish())
        await place(bot, news).send("the next one does not wait for it")
        assert not publishing.done()
        on_and_on.set()
        await publishing


class TestRolesAndHistory:
    async def test_roles_are_listed(self, server: FakeDiscord, rest: aiohttp.ClientSession) -> None:
        town = server.state.world.add_guild("Town", roles=3)
        async with rest.get(f"guilds/{town.id}/roles") as response:
            names = [role["name"] for role in await response.json()]
        assert names == ["@everyone", "role-1", "role-2"]
        async with rest.get("guilds/1/roles") as response:
            assert (await response.json())["code"] == 10004

    async def test_only_the_roles_that_may_be_called_are_called(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        called = discord.AllowedMentions(everyone=False, users=False, roles=[discord.Object(id=17)])
        await place(bot, server.home.general).send("<@&17> <@&18>", allowed_mentions=called)
        (message,) = server.messages(server.home)
        assert message.payload["mention_roles"] == ["17"]
        clean(server)

    async def test_without_the_permission_the_history_is_empty(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        channel = place(bot, server.home.general)
        await channel.send("issue 1")
        server.deny(server.home.general, Permission.READ_MESSAGE_HISTORY)
        assert [message async for message in channel.history()] == []
