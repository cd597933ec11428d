"""Slash commands: every one is offered and answered, with help while typing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.core.command import Visibility
from bot.core.commands import COMMANDS
from tests.fakes.discord.replies import Kind
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import User

pytestmark = pytest.mark.usefixtures("bot")

USES: Mapping[str, Mapping[str, str]] = {
    "compare": {"first": "ai engineer", "second": "MLE"},
    "role": {"role": "prompt engineer"},
    "skills": {"role": "ml-engineer", "level": "3"},
    "path": {"start": "data analyst", "goal": "data scientist"},
    "pay": {"role": "data scientist", "country": "UK"},
    "roles": {},
    "define": {"term": "RAG"},
    "ask": {"question": "difference between AI engineer and ML engineer"},
    "help": {},
    "quiz": {},
    "progress": {},
    "leaderboard": {},
    "share": {},
    "privacy": {},
    "packs": {},
    "newsletter": {},
}

STORED = frozenset({"quiz", "progress", "leaderboard", "share", "packs", "newsletter"})
"""Commands that need a store, and say so privately where there is none."""


@pytest.mark.parametrize("name", COMMANDS)
async def test_every_command_is_answered(server: FakeDiscord, name: str) -> None:
    boss = server.user("Boss", admin=True)
    reply = await server.slash(boss, name, USES[name])
    assert reply.kind is Kind.MESSAGE
    assert reply.shown.components_v2
    assert reply.text.startswith("## ")
    private = COMMANDS[name].visibility is Visibility.PRIVATE or name in STORED
    assert reply.ephemeral == private


async def test_the_comparison_names_both_roles_and_offers_more(
    server: FakeDiscord, ada: User
) -> None:
    reply = await server.slash(ada, "compare", USES["compare"])
    assert reply.text.startswith("## AI engineer and ML engineer\n**AI engineer**: ")
    assert "-# AI engineer first, then ML engineer\n- **" in reply.text
    assert "### Pay\n" in reply.text
    assert reply.shown.labels[:3] == ["Skills", "Pay", "Day to day"]


async def test_the_private_option_keeps_an_answer_from_others(
    server: FakeDiscord, ada: User
) -> None:
    reply = await server.slash(ada, "compare", {**USES["compare"], "private": True})
    assert reply.ephemeral
    assert reply.text.startswith("## AI engineer and ML engineer")


async def test_commands_declare_their_options(server: FakeDiscord) -> None:
    skills = server.state.commands.named("skills")
    role, level, private = skills["options"]
    assert (role["name"], role["required"], role["autocomplete"]) == ("role", True, True)
    assert level["choices"][0] == {"name": "Aware", "value": "1"}
    assert not level["required"]
    assert (private["name"], private["type"], private["required"]) == ("private", 5, False)
    assert "private" not in [o["name"] for o in server.state.commands.named("help")["options"]]


async def test_commands_work_in_servers_in_direct_messages_and_in_group_messages(
    server: FakeDiscord,
) -> None:
    eve = server.user("Eve", installs_app=True)
    elsewhere = server.guild("Without the bot", installed=False)
    places = (server.home, elsewhere, server.dm_with(eve), server.private_channel(eve))
    for place in places:
        reply = await server.slash(eve, "role", {"role": "mle"}, where=place)
        assert reply.text.startswith("## ML engineer")
        assert (await reply.followup()).labels[0] == "Skills"


@pytest.mark.parametrize(
    ("command", "option", "typed", "expected"),
    [
        ("compare", "first", "mlops", "MLOps engineer"),
        ("role", "role", "prompt", "Prompt engineer"),
        ("define", "term", "retrieval", "Retrieval-augmented generation and vector search"),
        ("pay", "country", "united k", "United Kingdom"),
        ("help", "command", "comp", "Compare"),
    ],
)
async def test_typing_is_completed(
    server: FakeDiscord, ada: User, command: str, option: str, typed: str, expected: str
) -> None:
    reply = await server.autocomplete(ada, command, {option: typed}, focused=option)
    assert expected in [choice.name for choice in reply.choices]


async def test_nothing_typed_yet_offers_up_to_25(server: FakeDiscord, ada: User) -> None:
    reply = await server.autocomplete(ada, "define", {"term": ""}, focused="term")
    assert len(reply.choices) == 25


async def test_a_misspelt_role_is_put_right_for_all_to_see(server: FakeDiscord, ada: User) -> None:
    reply = await server.slash(ada, "role", {"role": "mlx enginer"})
    assert reply.ephemeral
    assert "mlx enginer" in reply.text
    answer = await server.click(ada, reply, reply.shown.labelled("ML engineer"))
    assert not answer.ephemeral
    assert answer.text.startswith("## ML engineer")


async def test_hostile_words_are_shown_and_not_obeyed(server: FakeDiscord, ada: User) -> None:
    hostile = "@everyone [x](https://evil.example) <@1>"
    reply = await server.slash(ada, "role", {"role": hostile})
    assert "@everyone" not in reply.text
    assert "https://" not in reply.text
    assert r"\[x](" in reply.text
    assert r"\<@1>" in reply.text


async def test_a_command_of_an_older_version_is_answered(server: FakeDiscord, ada: User) -> None:
    payload = server.slash_payload(ada, "help")
    payload["data"] |= {"name": "comparing", "id": "1"}
    reply = await server.raw_interaction(payload)
    assert reply.ephemeral
    assert "I don't know a command called" in reply.text
    assert "/compare" in reply.shown.labels


async def test_a_required_option_that_discord_does_not_know_yet_is_asked_for(
    server: FakeDiscord, ada: User
) -> None:
    payload = server.slash_payload(ada, "compare", USES["compare"])
    payload["data"]["options"] = [{"name": "first", "type": 3, "value": "mle"}]
    reply = await server.raw_interaction(payload)
    assert reply.kind is Kind.MODAL


async def test_an_option_of_an_older_version_completes_to_nothing(
    server: FakeDiscord, ada: User
) -> None:
    payload = server.slash_payload(ada, "role", {"role": "ml"}, focused="role")
    payload["data"]["options"][0]["name"] = "job"
    assert (await server.raw_interaction(payload)).choices == ()


async def test_completion_that_fails_offers_nothing(
    server: FakeDiscord, ada: User, bot: DiscordAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    broken = server.slash_payload(ada, "role", {"role": "ml"}, focused="role")
    broken["data"]["options"][0]["value"] = 5
    assert (await server.raw_interaction(broken)).choices == ()
    assert "failed to complete an option" in caplog.text
