"""The loopback Discord, told by the real discord.py: what works there, and what it refuses."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands, ui

from tests.fakes.discord import command_limits, limits
from tests.fakes.discord.errors import InteractionFailedError, NotOfferedError
from tests.fakes.discord.payloads import COMPONENTS_V2
from tests.fakes.discord.replies import Kind
from tests.fakes.discord.server import TOKEN, FakeDiscord
from tests.fakes.discord.sessions import Intent
from tests.fakes.discord.world import Permission

NOBODY = discord.AllowedMentions.none()
NO_MENTIONS: dict[str, Any] = {"allowed_mentions": {"parse": []}}
Launch = Callable[..., Awaitable["Bot"]]


class Question(ui.LayoutView):
    """A quiz question: text, two buttons and a menu."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Container(ui.TextDisplay("Which role trains models?")))
        row: ui.ActionRow[Question] = ui.ActionRow()
        for label in ("Form", "Slow", "Broken"):
            row.add_item(ui.Button(label=label, custom_id=label.lower()))
        self.add_item(row)
        menu: ui.Select[Question] = ui.Select(custom_id="menu", max_values=2)
        for value in ("mlops", "analyst", "researcher"):
            menu.add_option(label=value.title(), value=value)
        self.add_item(ui.ActionRow(menu))


class Profile(ui.Modal, title="Your profile"):
    name: ui.Label["Profile"] = ui.Label(text="Name", component=ui.TextInput(custom_id="name"))
    level: ui.Label["Profile"] = ui.Label(
        text="Level",
        component=ui.Select(
            custom_id="level", options=[discord.SelectOption(label="Junior", value="junior")]
        ),
    )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        assert isinstance(self.name.component, ui.TextInput)
        assert isinstance(self.level.component, ui.Select)
        said = f"{self.name.component.value} is {self.level.component.values[0]}"
        await interaction.response.send_message(said, ephemeral=True)


class Bot(discord.AutoShardedClient):
    """A small bot with one of everything."""

    def __init__(self, intents: discord.Intents, **options: Any) -> None:
        super().__init__(intents=intents, allowed_mentions=NOBODY, **options)
        self.tree = app_commands.CommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        self.seen: list[int] = []
        self.running: asyncio.Task[None] | None = None
        commands: list[app_commands.Command[Any, ..., Any]] = [compare, count, slow, ask, quiet]
        for command in commands:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once: the library would wait 5 s before every identify but the first."""

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot:
            await message.channel.send(f"You said: {message.content}")

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        data: Any = interaction.data
        match data.get("custom_id"):
            case "form":
                await interaction.response.send_modal(Profile())
            case "slow":
                await interaction.response.defer()
                await interaction.edit_original_response(view=ui.LayoutView())
            case "menu":
                chosen = ", ".join(data["values"])
                await interaction.response.edit_message(view=_text(f"Chosen: {chosen}"))


def _text(text: str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    return view


@app_commands.command(description="Compare two roles")
async def compare(interaction: discord.Interaction[Any], first: str, second: str = "any") -> None:
    await interaction.response.send_message(view=_text(f"{first} and {second}"))


@compare.autocomplete("first")
async def roles(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    known = ("ai-engineer", "ml-engineer")
    return [app_commands.Choice(name=r, value=r) for r in known if r.startswith(typed)]


@app_commands.command(description="Count something")
async def count(interaction: discord.Interaction[Any], number: int, who: discord.User) -> None:
    assert isinstance(interaction.client, Bot)
    interaction.client.seen.append(number)
    await interaction.response.send_message(f"{who.display_name}: {number}", ephemeral=True)


@app_commands.command(description="Think, then answer")
async def slow(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.edit_original_response(content="Done thinking")
    await interaction.followup.send("And one more thing", ephemeral=True)


@app_commands.command(description="Ask a question")
async def ask(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_message(view=Question())


@app_commands.command(description="Say nothing")
async def quiet(interaction: discord.Interaction[Any]) -> None:
    """Leaves the person without an answer."""


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    server = FakeDiscord()
    await server.start()
    monkeypatch.setattr(discord.http.Route, "BASE", server.api_base)
    default = yarl.URL(server.gateway_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", default)
    yield server
    await server.stop()


@pytest.fixture
async def launch(server: FakeDiscord) -> AsyncIterator[Launch]:
    bots: list[Bot] = []

    async def start(*, guilds: bool = False, dms: bool = True, **options: Any) -> Bot:
        intents = discord.Intents.none()
        intents.guilds, intents.dm_messages = guilds, dms
        bot = Bot(intents, **options)
        bots.append(bot)
        bot.running = asyncio.create_task(bot.start(server.token))
        await server.connected()
        return bot

    yield start
    for bot in bots:
        await bot.close()
        if bot.running is not None:
            await bot.running


@pytest.fixture
async def bot(launch: Launch) -> Bot:
    return await launch()


@pytest.fixture
async def rest(server: FakeDiscord) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that says what it likes, as the bot."""
    headers = {"Authorization": f"Bot {server.token}"}
    async with aiohttp.ClientSession(server.api_base + "/", headers=headers) as session:
        yield session


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No OpenAPI: what is refused then is refused by our own rules."""
    monkeypatch.delenv("DISCORD_OPENAPI", raising=False)


def _clean(server: FakeDiscord) -> None:
    assert server.violations == []
    assert server.unrouted == []


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
        _clean(server)

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
        _clean(server)

    async def test_options_arrive_typed_and_ephemeral_answers_stay_private(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        ada, ben = server.user("Ada"), server.user("Ben")
        reply = await server.slash(ada, "count", {"number": 7, "who": ben})
        assert reply.ephemeral
        assert reply.text == "Ben: 7"
        assert server.messages(server.home) == []
        _clean(server)

    async def test_a_deferred_answer_is_edited_and_followed_up(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        reply = await server.slash(server.user("Ada"), "slow")
        assert (reply.kind, reply.ephemeral) == (Kind.DEFERRED, True)
        assert reply.shown.loading
        assert (await reply.finished()).text == "Done thinking"
        assert not reply.now().loading
        assert (await reply.followup()).text == "And one more thing"
        _clean(server)

    async def test_autocomplete_offers_choices(self, server: FakeDiscord, bot: Bot) -> None:
        reply = await server.autocomplete(
            server.user("Ada"), "compare", {"first": "ai"}, focused="first"
        )
        assert [choice.value for choice in reply.choices] == ["ai-engineer"]
        _clean(server)

    async def test_it_works_in_dms_in_group_dms_and_where_only_users_have_the_app(
        self, server: FakeDiscord, bot: Bot
    ) -> None:
        ada = server.user("Ada", installs_app=True)
        elsewhere = server.guild("Elsewhere", installed=False)
        group = server.private_channel(ada, server.user("Ben"))
        for where in (server.dm_with(ada), group, elsewhere):
            reply = await server.slash(ada, "compare", {"first": "a"}, where=where)
            assert reply.text == "a and any"
        _clean(server)

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
        _clean(server)

    async def test_a_menu_updates_its_message(self, server: FakeDiscord, bot: Bot) -> None:
        ada = server.user("Ada")
        question = await server.slash(ada, "ask")
        reply = await server.choose(ada, question, "menu", ["mlops", "analyst"])
        assert reply.kind is Kind.UPDATE
        assert question.now().text == "Chosen: mlops, analyst"
        _clean(server)

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
        _clean(server)

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
        _clean(server)

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
        _clean(server)

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
        _clean(server)

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


def _text_display(text: str = "x") -> dict[str, Any]:
    return {"type": 10, "content": text}


def _row(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(children)}


def _button(**changed: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go", **changed}


def _option(value: str = "a", **changed: Any) -> dict[str, Any]:
    return {"label": value, "value": value, **changed}


def _select(*options: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "menu", "options": list(options), **changed}


def _v2(*components: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {"components": list(components), "flags": COMPONENTS_V2, **NO_MENTIONS, **changed}


BAD_MESSAGES: dict[str, dict[str, Any]] = {
    "content with V2": _v2(_text_display(), content="hi"),
    "embeds with V2": _v2(_text_display(), embeds=[{"title": "hi"}]),
    "V2 component without the flag": {"components": [_text_display()], **NO_MENTIONS},
    "nothing at all": {**NO_MENTIONS},
    "long content": {"content": "x" * 2001, **NO_MENTIONS},
    "41 components": _v2(*(_text_display() for _ in range(41))),
    "41 nested components": _v2(
        *({"type": 17, "components": [_text_display() for _ in range(19)]} for _ in range(2)),
        _text_display(),
    ),
    "4,001 characters": _v2(_text_display("x" * 2000), _text_display("x" * 2001)),
    "empty text": _v2(_text_display("")),
    "no custom_id": _v2(_row(_button(custom_id=None))),
    "long custom_id": _v2(_row(_button(custom_id="x" * 101))),
    "same custom_id twice": _v2(_row(_button(), _button())),
    "long button label": _v2(_row(_button(label="x" * 81))),
    "button without label": _v2(_row(_button(label=None))),
    "link without url": _v2(_row(_button(style=5, custom_id=None))),
    "link with custom_id": _v2(_row(_button(style=5, url="https://example.org"))),
    "link to nowhere": _v2(_row(_button(style=5, custom_id=None, url="javascript:alert(1)"))),
    "url on a button": _v2(_row(_button(url="https://example.org"))),
    "six buttons": _v2(_row(*(_button(custom_id=str(n)) for n in range(6)))),
    "two selects": _v2(_row(_select(_option()), _select(_option(), custom_id="other"))),
    "select beside a button": _v2(_row(_button(), _select(_option()))),
    "no options": _v2(_row(_select())),
    "26 options": _v2(_row(_select(*(_option(str(n)) for n in range(26))))),
    "same option twice": _v2(_row(_select(_option(), _option()))),
    "long option label": _v2(_row(_select(_option(label="x" * 101)))),
    "long option value": _v2(_row(_select(_option(value="x" * 101)))),
    "long option description": _v2(_row(_select(_option(description="x" * 101)))),
    "more values than options": _v2(_row(_select(_option(), max_values=2))),
    "long placeholder": _v2(_row(_select(_option(), placeholder="x" * 151))),
    "section without accessory": _v2({"type": 9, "components": [_text_display()]}),
    "section with four texts": _v2(
        {"type": 9, "components": [_text_display()] * 4, "accessory": _button()}
    ),
    "container in a container": _v2(
        {"type": 17, "components": [{"type": 17, "components": [_text_display()]}]}
    ),
    "empty gallery": _v2({"type": 12, "items": []}),
    "unknown upload": _v2({"type": 12, "items": [{"media": {"url": "attachment://no.png"}}]}),
    "unknown component": _v2({"type": 99}),
    "a string for a component": _v2("hello"),  # type: ignore[arg-type]  # that is the point
    "mentions left open": {"content": "hi"},
    "mentions allowed": {"content": "hi", "allowed_mentions": {"parse": ["everyone"]}},
}

GOOD_MESSAGES: dict[str, dict[str, Any]] = {
    "plain": {"content": "x" * 2000, **NO_MENTIONS},
    "40 components": _v2(*(_text_display() for _ in range(40))),
    "4,000 characters": _v2(_text_display("x" * 4000)),
    "link": _v2(_row(_button(style=5, custom_id=None, url="https://example.org"))),
    "five buttons": _v2(_row(*(_button(custom_id=str(n) * 100) for n in range(5)))),
    "25 options": _v2(_row(_select(*(_option(str(n)) for n in range(25)), max_values=25))),
    "section": _v2({"type": 9, "components": [_text_display()] * 3, "accessory": _button()}),
}


def _form(*components: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {"custom_id": "form", "title": "Form", "components": list(components), **changed}


def _label(component: dict[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    field = component or {"type": 4, "custom_id": "name", "style": 1}
    return {"type": 18, "label": "Name", "component": field, **changed}


BAD_FORMS: dict[str, dict[str, Any]] = {
    "long title": _form(_label(), title="x" * 46),
    "no title": _form(_label(), title=""),
    "long label": _form(_label(label="x" * 46)),
    "long description": _form(_label(description="x" * 101)),
    "six fields": _form(*(_label({"type": 4, "custom_id": str(n), "style": 1}) for n in range(6))),
    "no fields": _form(),
    "same id twice": _form(_label(), _label()),
    "long input": _form(_label({"type": 4, "custom_id": "a", "style": 1, "max_length": 4001})),
    "one radio button": _form(_label({"type": 21, "custom_id": "a", "options": [_option()]})),
    "button in a form": _form(_label(_button())),
}


def _command(**changed: Any) -> dict[str, Any]:
    return {"name": "compare", "description": "Compare", "type": 1, **changed}


def _argument(name: str = "first", **changed: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "A role", **changed}


BAD_COMMANDS: dict[str, list[dict[str, Any]]] = {
    "long name": [_command(name="x" * 33)],
    "upper-case name": [_command(name="Compare")],
    "name with a space": [_command(name="com pare")],
    "long description": [_command(description="x" * 101)],
    "no description": [_command(description="")],
    "26 options": [_command(options=[_argument(f"o{n}") for n in range(26)])],
    "26 choices": [
        _command(
            options=[_argument(choices=[{"name": str(n), "value": str(n)} for n in range(26)])]
        )
    ],
    "long choice": [_command(options=[_argument(choices=[{"name": "x" * 101, "value": "x"}])])],
    "choices and autocomplete": [
        _command(options=[_argument(choices=[{"name": "a", "value": "a"}], autocomplete=True)])
    ],
    "same option twice": [_command(options=[_argument(), _argument()])],
    "required after optional": [_command(options=[_argument(), _argument("b", required=True)])],
    "same name twice": [_command(), _command()],
    "101 commands": [_command(name=f"c{n}") for n in range(101)],
    "over 8,000 characters": [
        _command(
            options=[
                _argument(
                    f"o{n}", choices=[{"name": f"{c:090}", "value": f"{c:090}"} for c in range(25)]
                )
                for n in range(2)
            ]
        )
    ],
}


class TestLimits:
    """Every broken rule is refused with Discord's error tree, and recorded in words."""

    @pytest.mark.usefixtures("unchecked")
    @pytest.mark.parametrize("body", BAD_MESSAGES.values(), ids=BAD_MESSAGES)
    async def test_of_messages(
        self, server: FakeDiscord, rest: aiohttp.ClientSession, body: dict[str, Any]
    ) -> None:
        url = f"channels/{server.home.general.id}/messages"
        async with rest.post(url, json=body) as response:
            answer = await response.json()
        assert response.status == 400
        assert answer["code"] == (50035 if "errors" in answer else 50006)
        assert server.violations
        assert server.messages(server.home) == []

    @pytest.mark.parametrize("body", GOOD_MESSAGES.values(), ids=GOOD_MESSAGES)
    async def test_messages_may_go_up_to_them(
        self, server: FakeDiscord, bot: Bot, rest: aiohttp.ClientSession, body: dict[str, Any]
    ) -> None:
        url = f"channels/{server.home.general.id}/messages"
        async with rest.post(url, json=body) as response:
            assert response.status == 200, await response.text()
        _clean(server)

    @pytest.mark.usefixtures("unchecked")
    @pytest.mark.parametrize("data", BAD_FORMS.values(), ids=BAD_FORMS)
    async def test_of_forms(
        self,
        server: FakeDiscord,
        bot: Bot,
        rest: aiohttp.ClientSession,
        data: dict[str, Any],
    ) -> None:
        payload = server.slash_payload(server.user("Ada"), "quiet")
        using = asyncio.create_task(server.raw_interaction(payload))
        await bot.wait_for("interaction", timeout=2)
        url = f"interactions/{payload['id']}/{payload['token']}/callback"
        async with rest.post(url, json={"type": 9, "data": data}) as response:
            answer = await response.json()
        assert (response.status, answer["code"]) == (400, 50035)
        assert "data" in answer["errors"]
        assert server.violations
        async with rest.post(url, json={"type": 9, "data": _form(_label())}) as response:
            assert response.status == 204
        assert (await using).kind is Kind.MODAL

    @pytest.mark.usefixtures("unchecked")
    @pytest.mark.parametrize("body", BAD_COMMANDS.values(), ids=BAD_COMMANDS)
    async def test_of_commands(
        self, server: FakeDiscord, rest: aiohttp.ClientSession, body: list[dict[str, Any]]
    ) -> None:
        url = f"applications/{server.state.world.bot.id}/commands"
        async with rest.put(url, json=body) as response:
            answer = await response.json()
        assert (response.status, answer["code"]) == (400, 50035)
        assert answer["errors"]
        assert server.violations
        assert server.state.commands.syncs == 0

    @pytest.mark.parametrize(
        "choices",
        [
            [{"name": str(n), "value": str(n)} for n in range(26)],
            [{"name": "x" * 101, "value": "x"}],
            [{"name": "", "value": "x"}],
        ],
    )
    def test_of_autocomplete(self, choices: list[dict[str, Any]]) -> None:
        assert limits.choices({"choices": choices})
        assert limits.choices({"choices": choices[:1]}) == [] or len(choices) == 1

    def test_the_longest_localisation_counts(self) -> None:
        command = _command(description_localizations={"de": "x" * 90})
        assert command_limits.size(command) == len("compare") + 90

    async def test_the_errors_are_nested_as_discord_nests_them(
        self, server: FakeDiscord, rest: aiohttp.ClientSession
    ) -> None:
        url = f"channels/{server.home.general.id}/messages"
        async with rest.post(url, json=_v2(_row(_button(label="x" * 81)))) as response:
            errors = (await response.json())["errors"]
        (error,) = errors["components"]["0"]["components"]["0"]["label"]["_errors"]
        assert set(error) == {"code", "message"}

    async def test_mentions_may_be_left_open_where_that_is_allowed(
        self, server: FakeDiscord, rest: aiohttp.ClientSession
    ) -> None:
        server.state.require_no_mentions = False
        url = f"channels/{server.home.general.id}/messages"
        async with rest.post(url, json={"content": "hi"}) as response:
            assert response.status == 200


class TestOpenApi:
    @pytest.fixture(autouse=True)
    def described(self) -> None:
        if not os.environ.get("DISCORD_OPENAPI"):
            if os.environ.get("CI") == "true":
                pytest.fail("CI has to set DISCORD_OPENAPI")
            pytest.skip("DISCORD_OPENAPI is not set")

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("POST", "channels/{channel}/messages", {"content": 5, **NO_MENTIONS}),
            ("POST", "channels/{channel}/messages", _v2({"type": 17, "accent_color": -1})),
            ("POST", "users/@me/channels", {"recipient_id": "somebody"}),
            ("PUT", "applications/{application}/commands", [{"description": "nameless"}]),
        ],
    )
    async def test_a_body_that_does_not_fit_is_refused_and_recorded(
        self,
        server: FakeDiscord,
        rest: aiohttp.ClientSession,
        method: str,
        path: str,
        body: Any,
    ) -> None:
        url = path.format(channel=server.home.general.id, application=server.state.world.bot.id)
        async with rest.request(method, url, json=body) as response:
            assert (response.status, (await response.json())["code"]) == (400, 50035)
        assert "OPENAPI" in server.violations[0]

    async def test_ids_may_be_integers(
        self, server: FakeDiscord, rest: aiohttp.ClientSession
    ) -> None:
        body = {"recipient_id": server.user("Ada").id}
        async with rest.post("users/@me/channels", json=body) as response:
            assert response.status == 200
        _clean(server)


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
        _clean(server)

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
