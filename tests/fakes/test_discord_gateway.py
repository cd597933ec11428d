"""The loopback Discord when things go wrong: faults, lost connections, broken rules."""

import asyncio

import aiohttp
import discord
import pytest

from tests.fakes.discord.errors import InteractionFailedError
from tests.fakes.discord.replies import Kind
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.sessions import Intent
from tests.fakes.discord_bot import NO_MENTIONS, Bot, Launch, clean


class TestFaults:
    async def test_a_429_is_tried_again(self, server: FakeDiscord, bot: Bot) -> None:
        server.fail("POST", "/channels/*/messages", status=429, retry_after=0.05)
        await bot.get_partial_messageable(server.home.general.id).send("hello")
        assert [r.status for r in await server.asked("POST", "/channels/*/messages")] == [429, 200]
        assert len(server.messages(server.home)) == 1

    async def test_a_global_429_on_a_webhook_is_tried_again(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        server.fail("PATCH", "/webhooks/**", status=429, retry_after=0.05, whole_bot=True)
        reply = await server.slash(server.user("Ada"), "slow")
        assert (await reply.finished()).text == "Done thinking"

    async def test_a_502_is_tried_again(self, server: FakeDiscord, bot: Bot) -> None:
        server.fail("POST", "/channels/*/messages", status=502)
        await bot.get_partial_messageable(server.home.general.id).send("hello")
        assert [r.status for r in await server.asked("POST", "/channels/*/messages")] == [502, 200]

    async def test_a_refusal_has_the_code_that_was_asked_for(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        server.fail("POST", "/users/@me/channels", status=400, code=40003)
        with pytest.raises(discord.HTTPException) as refused:
            await bot.create_dm(discord.Object(server.user("Ada").id))
        assert refused.value.code == 40003

    async def test_a_slow_answer_waits_for_its_event(self, server: FakeDiscord, bot: Bot) -> None:
        release = asyncio.Event()
        server.delay("POST", "/channels/*/messages", release)
        sending = asyncio.create_task(
            bot.get_partial_messageable(server.home.general.id).send("hello")
        )
        await (await bot.fetch_user(server.user("Ada").id)).create_dm()
        assert not sending.done()
        release.set()
        assert (await sending).content == "hello"

    async def test_an_answer_can_be_lost_after_the_deed(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        server.lose_answer("POST", "/channels/*/messages")
        with pytest.raises(aiohttp.ClientError):
            await bot.get_partial_messageable(server.home.general.id).send("hello")
        assert len(server.messages(server.home)) == 1


class TestGateway:
    async def test_it_records_who_identified_and_how(
        self, server: FakeDiscord, launch: Launch
    ) -> None:
        bot = await launch(guilds=True)
        (identify,) = server.gateway.identifies
        assert identify.intents == Intent.GUILDS | Intent.DIRECT_MESSAGES
        assert identify.compressed
        await server.slash(server.user("Ada"), "compare", {"first": "a"})
        guild = bot.get_guild(server.home.id)
        assert guild is not None
        assert [channel.name for channel in guild.channels] == ["general"]

    async def test_without_the_guilds_intent_no_server_is_sent(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        await server.slash(server.user("Ada"), "compare", {"first": "a"})
        guild = bot.get_guild(server.home.id)
        assert guild is not None
        assert guild.unavailable
        assert list(guild.channels) == []

    async def test_a_wrong_token_is_turned_away_twice(
        self, server: FakeDiscord, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = discord.AutoShardedClient(intents=discord.Intents.none())
        with pytest.raises(discord.LoginFailure):
            await client.start("not-the-token")
        await client.close()
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(server.gateway_url) as socket,
        ):
            await socket.receive_json()
            await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 0}})
            await socket.receive()
            assert socket.close_code == 4004

    async def test_privileged_intents_must_be_granted(self, server: FakeDiscord) -> None:
        intents = discord.Intents.none()
        intents.members = True
        client = discord.AutoShardedClient(intents=intents)
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(server.token)

    @pytest.mark.parametrize("how", ["dropped", "asked to reconnect", "invalid but resumable"])
    async def test_no_event_is_lost_over_a_resume(
        self, server: FakeDiscord, bot: Bot, how: str
    ) -> None:
        ada = server.user("Ada")
        await server.slash(ada, "count", {"number": 0, "who": ada})
        match how:
            case "dropped":
                await server.gateway.drop()
            case "asked to reconnect":
                await server.gateway.reconnect()
            case _:
                await server.gateway.invalidate(resumable=True)
        replies = await asyncio.gather(
            *(server.slash(ada, "count", {"number": number, "who": ada}) for number in range(1, 6))
        )
        await server.resumed()
        assert all(reply.kind is Kind.MESSAGE for reply in replies)
        assert bot.seen == [0, 1, 2, 3, 4, 5]
        assert server.gateway.resumes[0].replayed >= 1
        assert len(server.gateway.identifies) == 1
        clean(server)

    async def test_after_an_invalid_session_the_bot_identifies_anew(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        await server.gateway.invalidate(resumable=False)
        await server.connected()
        assert len(server.gateway.identifies) == 2
        assert server.gateway.resumes == []
        reply = await server.slash(server.user("Ada"), "compare", {"first": "a"})
        assert reply.kind is Kind.MESSAGE

    async def test_a_socket_without_acknowledgements_is_given_up_and_resumed(
        self, launch: Launch, server: FakeDiscord
    ) -> None:
        server.gateway.interval = 0.05
        await launch(heartbeat_timeout=0.3)
        await server.state.world.changes.wait_for(
            lambda: server.gateway.heartbeats > 2, "three heartbeats", 2
        )
        assert server.gateway.resumes == []
        server.gateway.acknowledges = False
        await server.resumed()
        server.gateway.acknowledges = True
        reply = await server.slash(server.user("Ada"), "compare", {"first": "a"})
        assert reply.kind is Kind.MESSAGE


class TestInteractionRules:
    async def test_an_expired_interaction_is_unknown(self, server: FakeDiscord, bot: Bot) -> None:
        with pytest.raises(InteractionFailedError):
            await server.slash(
                server.user("Ada"),
                "count",
                {
                    "number": 1,
                    "who": server.user("Ben"),
                },
                patience=0,
            )
        (late,) = await server.asked("POST", "/interactions/*/*/callback", status=404)
        assert late.body["type"] == 4

    async def test_silence_fails_like_discord(self, server: FakeDiscord, bot: Bot) -> None:
        with pytest.raises(InteractionFailedError, match="This interaction failed"):
            await server.slash(server.user("Ada"), "quiet", patience=0.05)

    async def test_the_second_response_is_refused(
        self, server: FakeDiscord, bot: Bot, rest: aiohttp.ClientSession
    ) -> None:
        exchange = (await server.slash(server.user("Ada"), "compare", {"first": "a"})).exchange
        url = f"interactions/{exchange.id}/{exchange.token}/callback"
        async with rest.post(url, json={"type": 5}) as response:
            assert (response.status, (await response.json())["code"]) == (400, 40060)
        async with rest.post("interactions/1/x/callback", json={"type": 5}) as response:
            assert (response.status, (await response.json())["code"]) == (404, 10062)

    async def test_a_follow_up_needs_a_first_response_and_a_live_token(
        self, server: FakeDiscord, bot: Bot, rest: aiohttp.ClientSession
    ) -> None:
        ada = server.user("Ada")
        payload = server.slash_payload(ada, "quiet")
        with pytest.raises(InteractionFailedError):
            await server.raw_interaction(payload, patience=0.02)
        body = {"content": "hi", **NO_MENTIONS}
        url = f"webhooks/{payload['application_id']}/{payload['token']}"
        async with rest.post(url, json=body) as response:
            assert (response.status, (await response.json())["code"]) == (404, 10015)
        reply = await server.slash(ada, "compare", {"first": "a"})
        server.expire(reply)
        url = f"webhooks/{payload['application_id']}/{reply.exchange.token}"
        async with rest.post(url, json=body) as response:
            assert (response.status, (await response.json())["code"]) == (401, 50027)

    async def test_user_installs_get_five_follow_ups(
        self, server: FakeDiscord, bot: Bot, rest: aiohttp.ClientSession
    ) -> None:
        elsewhere = server.guild("Elsewhere", installed=False)
        reply = await server.slash(server.user("Ada"), "compare", {"first": "a"}, where=elsewhere)
        url = f"webhooks/{server.state.world.bot.id}/{reply.exchange.token}"
        statuses = []
        for _ in range(6):
            async with rest.post(url, json={"content": "hi", **NO_MENTIONS}) as response:
                statuses.append(response.status)
        assert statuses == [200] * 5 + [400]
