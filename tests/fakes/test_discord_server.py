"""The loopback Discord, told by the real discord.py: what works there."""

import asyncio
import io
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from discord import ui

from tests.fakes.discord.errors import InteractionFailedError, NotOfferedError
from tests.fakes.discord.replies import Kind
from tests.fakes.discord.server import TOKEN, FakeDiscord
from tests.fakes.discord.world import Permission
from tests.fakes.discord_bot import Bot, Launch, clean


class TestCommands:
    async def test_the_sync_is_stored_and_counted(self, server: FakeDiscord, bot: Bot) -> None:
        assert server.state.commands.syncs == 1
        assert server.state.commands.named("compare")["options"][0]["autocomplete"] is True
        fetched = await bot.tree.fetch_commands()
        assert {command.name for command in fetched} == {
            "compare",
            "count",
            "slow",
            "ask",
            "quiet",
        }
        clean(server)

    async def test_a_second_sync_keeps_the_ids(self, server: FakeDiscord, bot: Bot) -> None:
        before = server.state.commands.named("compare")["id"]
        await bot.tree.sync()
        assert server.state.commands.syncs == 2
        assert server.state.commands.named("compare")["id"] == before

    async def test_a_slash_command_in_a_server_is_answered_for_all(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        reply = await server.slash(server.user("Ada"), "compare", {"first": "ai", "second": "ml"})
        assert (reply.kind, reply.ephemeral) == (Kind.MESSAGE, False)
        assert reply.text == "ai and ml"
        assert reply.shown.components_v2
        assert server.messages(server.home)[-1].id == reply.shown.id
        clean(server)

    async def test_options_arrive_typed_and_ephemeral_answers_stay_private(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        ada, ben = server.user("Ada"), server.user("Ben")
        reply = await server.slash(ada, "count", {"number": 7, "who": ben})
        assert reply.ephemeral
        assert reply.text == "Ben: 7"
        assert server.messages(server.home) == []
        clean(server)

    async def test_a_deferred_answer_is_edited_and_followed_up(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        reply = await server.slash(server.user("Ada"), "slow")
        assert (reply.kind, reply.ephemeral) == (Kind.DEFERRED, True)
        assert reply.shown.loading
        assert (await reply.finished()).text == "Done thinking"
        assert not reply.now().loading
        assert (await reply.followup()).text == "And one more thing"
        clean(server)

    async def test_autocomplete_offers_choices(self, server: FakeDiscord, bot: Bot) -> None:
        reply = await server.autocomplete(
            server.user("Ada"), "compare", {"first": "ai"}, focused="first"
        )
        assert [choice.value for choice in reply.choices] == ["ai-engineer"]
        clean(server)

    async def test_it_works_in_dms_in_group_dms_and_where_only_users_have_the_app(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        ada = server.user("Ada", installs_app=True)
        elsewhere = server.guild("Elsewhere", installed=False)
        group = server.private_channel(ada, server.user("Ben"))
        for where in (server.dm_with(ada), group, elsewhere):
            reply = await server.slash(ada, "compare", {"first": "a"}, where=where)
            assert reply.text == "a and any"
        clean(server)

    @pytest.mark.parametrize(
        ("command", "options"),
        [
            ("compere", {}),
            ("compare", {}),
            ("compare", {"first": "a", "third": "b"}),
            ("compare", {"first": 1}),
            ("count", {"number": "seven", "who": "Ben"}),
        ],
    )
    async def test_what_discord_would_not_let_people_type_is_not_sent(
        self, server: FakeDiscord, bot: Bot, command: str, options: dict[str, Any]
    ) -> None:
        with pytest.raises(NotOfferedError):
            await server.slash(server.user("Ada"), command, options)

    async def test_several_shards_share_the_servers(
        self, server: FakeDiscord, launch: Launch
    ) -> None:
        server.state.shards = 2
        homes = [server.home, server.guild("Second")]
        bot = await launch()
        assert [identify.shard for identify in server.gateway.identifies] == [(0, 2), (1, 2)]
        for home in homes:
            reply = await server.slash(server.user("Ada"), "compare", {"first": "a"}, where=home)
            assert reply.kind is Kind.MESSAGE
        assert sorted(guild.shard_id for guild in bot.guilds) == [0, 1]


class TestComponents:
    async def test_a_button_opens_a_form_that_can_be_sent(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        ada = server.user("Ada")
        question = await server.slash(ada, "ask")
        form = await server.click(ada, question, question.shown.labelled("Form"))
        assert form.kind is Kind.MODAL
        assert form.modal is not None
        assert form.modal.title == "Your profile"
        answer = await server.submit(ada, form, {"name": "Ada", "level": "junior"})
        assert (answer.text, answer.ephemeral) == ("Ada is junior", True)
        clean(server)

    async def test_a_menu_updates_its_message(self, server: FakeDiscord, bot: Bot) -> None:
        ada = server.user("Ada")
        question = await server.slash(ada, "ask")
        reply = await server.choose(ada, question, "menu", ["mlops", "analyst"])
        assert reply.kind is Kind.UPDATE
        assert question.now().text == "Chosen: mlops, analyst"
        clean(server)

    @pytest.mark.parametrize("values", [[], ["plumber"], ["mlops", "analyst", "researcher"]])
    async def test_a_menu_takes_only_what_it_offers(
        self, server: FakeDiscord, bot: Bot, values: list[str]
    ) -> None:
        ada = server.user("Ada")
        question = await server.slash(ada, "ask")
        with pytest.raises(NotOfferedError):
            await server.choose(ada, question, "menu", values)

    async def test_a_form_insists_on_its_required_fields(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        ada = server.user("Ada")
        form = await server.click(ada, await server.slash(ada, "ask"), "form")
        with pytest.raises(NotOfferedError, match="name"):
            await server.submit(ada, form, {"level": "junior"})

    async def test_a_click_nobody_answers_fails(self, server: FakeDiscord, bot: Bot) -> None:
        ada = server.user("Ada")
        question = await server.slash(ada, "ask")
        with pytest.raises(InteractionFailedError, match="broken"):
            await server.click(ada, question, "broken", patience=0.05)

    async def test_stale_ids_reach_the_bot_through_raw_interactions(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        ada = server.user("Ada")
        question = await server.slash(ada, "ask")
        with pytest.raises(NotOfferedError):
            await server.click(ada, question, "from-last-year")
        payload = server.click_payload(ada, question, "form")
        payload["data"]["custom_id"] = "from-last-year"
        with pytest.raises(InteractionFailedError):
            await server.raw_interaction(payload, patience=0.05)


class TestDirectMessages:
    async def test_the_bot_hears_and_answers(self, server: FakeDiscord, bot: Bot) -> None:
        ada = server.user("Ada")
        assert (await server.dm(ada, "hello")).text == "You said: hello"
        assert (await server.dm(ada, "again")).text == "You said: again"
        clean(server)

    async def test_without_the_intent_it_hears_nothing(
        self, server: FakeDiscord, launch: Launch
    ) -> None:
        await launch(dms=False)
        assert await server.write(server.user("Ada"), "hello") is False

    async def test_the_bot_may_write_first_unless_dms_are_closed(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        open_, closed = server.user("Ada"), server.user("Ben", dm_open=False)
        await (await bot.fetch_user(open_.id)).send("Welcome")
        assert server.messages(server.dm_with(open_))[0].text == "Welcome"
        with pytest.raises(discord.Forbidden) as refused:
            await (await bot.fetch_user(closed.id)).send("Welcome")
        assert refused.value.code == 50007
        assert server.messages(server.dm_with(closed)) == []


class TestChannels:
    async def test_messages_are_listed_edited_and_deleted(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        channel = await bot.fetch_channel(server.home.general.id)
        assert isinstance(channel, discord.TextChannel)
        first, second = await channel.send("one"), await channel.send("two")
        await second.edit(content="deux")
        assert [m.content async for m in channel.history()] == ["deux", "one"]
        await first.delete()
        assert [m.text for m in await server.posted(server.home)] == ["deux"]
        clean(server)

    async def test_the_same_nonce_posts_once(self, server: FakeDiscord, bot: Bot) -> None:
        channel = bot.get_partial_messageable(server.home.general.id)
        first = await channel.send("issue 1", nonce="issue-1")
        again = await channel.send("issue 1", nonce="issue-1")
        assert first.id == again.id
        assert len(server.messages(server.home)) == 1

    async def test_an_upload_keeps_its_name_and_alt_text(
        self, server: FakeDiscord, bot: Bot, tmp_path: Path
    ) -> None:
        chart = tmp_path / "chart.png"
        chart.write_bytes(b"not really a picture")
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://chart.png")))
        file = discord.File(chart, description="Pay by role")
        await bot.get_partial_messageable(server.home.general.id).send(view=view, file=file)
        (message,) = server.messages(server.home)
        assert message.attachments[0]["description"] == "Pay by role"
        assert message.components[0]["items"][0]["media"]["url"].startswith("https://")
        clean(server)

    async def test_a_file_can_be_read_where_the_message_shows_it(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        channel = bot.get_partial_messageable(server.home.general.id)
        for shows in (True, False):
            view = ui.LayoutView(timeout=None)
            view.add_item(ui.TextDisplay("Your data"))
            if shows:
                view.add_item(ui.File("attachment://data.json"))
            await channel.send(view=view, file=discord.File(io.BytesIO(b"{}"), "data.json"))
        first, second = server.messages(server.home)
        assert server.files(first) == {"data.json": "{}"}
        assert server.files(second) == {}
        clean(server)

    @pytest.mark.parametrize(
        ("permission", "code"),
        [
            (Permission.SEND_MESSAGES, 50013),
            (Permission.VIEW_CHANNEL, 50001),
        ],
    )
    async def test_a_missing_permission_is_403(
        self, server: FakeDiscord, bot: Bot, permission: Permission, code: int
    ) -> None:
        server.deny(server.home.general, permission)
        with pytest.raises(discord.Forbidden) as refused:
            await bot.get_partial_messageable(server.home.general.id).send("hello")
        assert refused.value.code == code
        server.allow(server.home.general)
        await bot.get_partial_messageable(server.home.general.id).send("hello")

    async def test_a_server_that_removed_the_bot_is_403(
        self, server: FakeDiscord, launch: Launch
    ) -> None:
        bot = await launch(guilds=True, guild_ready_timeout=0.05)
        await bot.wait_until_ready()
        town = server.guild("Town")
        joined = asyncio.create_task(bot.wait_for("guild_join", timeout=2))
        left = asyncio.create_task(bot.wait_for("guild_remove", timeout=2))
        await server.join(town)
        await joined
        await server.leave(town)
        await left
        with pytest.raises(discord.Forbidden) as refused:
            await bot.get_partial_messageable(town.general.id).send("hello")
        assert refused.value.code == 50001

    async def test_an_unknown_channel_is_404(self, server: FakeDiscord, bot: Bot) -> None:
        with pytest.raises(discord.NotFound) as refused:
            await bot.get_partial_messageable(1).send("hello")
        assert refused.value.code == 10003

    async def test_only_announcement_channels_can_be_published_from(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        town = server.guild("Town", announcements=("news",))
        for channel, published in ((town.channel("news"), True), (town.general, False)):
            message = await bot.get_partial_messageable(channel.id).send("hello")
            with suppress(discord.HTTPException):
                await message.publish()
            assert bool(server.messages(channel)[0].payload["flags"] & 1) is published


class TestServer:
    async def test_unknown_routes_are_recorded(
        self, server: FakeDiscord, rest: aiohttp.ClientSession
    ) -> None:
        async with rest.get("guilds/1/audit-logs") as response:
            assert response.status == 404
        assert server.unrouted == ["GET /api/v10/guilds/1/audit-logs"]

    async def test_answers_look_like_discords(
        self, server: FakeDiscord, rest: aiohttp.ClientSession
    ) -> None:
        async with rest.get("users/@me") as response:
            assert response.headers["Content-Type"] == "application/json"
            assert int(response.headers["X-RateLimit-Remaining"]) > 0
        server.fail("GET", "/users/@me", status=429, retry_after=1.5)
        async with rest.get("users/@me") as response:
            assert response.headers["Via"]
            assert (await response.json())["retry_after"] == 1.5
        async with rest.get("users/@me", headers={"Authorization": "Bot wrong"}) as response:
            assert response.status == 401

    @pytest.mark.parametrize(
        "body",
        [
            b"{not json",
            b"[]",
            b"null",
            b'"x"',
            b'{"flags": "x"}',
            b'{"components": 5}',
            b'{"components": [{"type": 1, "components": "x"}], "allowed_mentions": {"parse": []}}',
            b'{"flags": 32768, "components": [{"type": 17, "components": [{"type": []}]}]}',
        ],
    )
    async def test_hostile_bodies_are_refused(
        self, server: FakeDiscord, rest: aiohttp.ClientSession, body: bytes
    ) -> None:
        url = f"channels/{server.home.general.id}/messages"
        headers = {"Content-Type": "application/json"}
        async with rest.post(url, data=body, headers=headers) as response:
            assert response.status == 400

    async def test_another_process_can_drive_it(self, server: FakeDiscord, bot: Bot) -> None:
        control = f"http://127.0.0.1:{server.port}/_control"
        asked = {
            "command": "compare",
            "options": {"first": "ai"},
            "count": 20,
            "concurrency": 4,
        }
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{control}/connected") as response:
                assert (await response.json())["connected"] is True
            async with session.post(f"{control}/load", json=asked) as response:
                result = await response.json()
            async with session.post(f"{control}/load", json=asked | {"command": "no"}) as response:
                assert response.status == 400
        assert len(result["latencies_ms"]) == 20
        assert result["failures"] == 0
        clean(server)

    async def test_it_runs_by_itself(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.fakes.discord",
            "--guilds",
            "3",
            stdout=asyncio.subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        try:
            line = await asyncio.wait_for(process.stdout.readline(), 10)
            told = json.loads(line)
            headers = {"Authorization": f"Bot {TOKEN}"}
            async with aiohttp.ClientSession(headers=headers) as session:
                async with session.get(f"{told['api_base']}/users/@me/guilds") as response:
                    assert len(await response.json()) == 3
                async with session.get(f"{told['control']}/state") as response:
                    assert (await response.json())["connected"] is False
        finally:
            process.terminate()
            await process.wait()
