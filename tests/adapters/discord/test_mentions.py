"""A role that is told of every issue, and nobody else, ever."""

from __future__ import annotations

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.packing import MAX_COMPONENTS, MAX_TEXT
from bot.adapters.discord.pages import calling, pages
from bot.core.intents import BrowseRoles
from bot.core.messenger import Delivery, Receipt
from bot.core.views import Actions, Block, Button, Prose, Text, View
from tests.adapters.discord.places import MESSAGES, place
from tests.adapters.effects import CARD, view
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel

SENT = Receipt(Delivery.SENT)
ROLE = 10**18
CALL = f"<@&{ROLE}>"


async def sent(
    server: FakeDiscord, bot: DiscordAdapter, mention: str, words: View
) -> list[dict[str, object]]:
    """What is said about mentions with each message of a post."""
    assert await bot.post(place(server.home.general, mention), words, "1") == SENT
    return [request.body["allowed_mentions"] for request in await server.asked("POST", MESSAGES)]


def called(server: FakeDiscord, where: Channel) -> list[list[str]]:
    return [message.payload["mention_roles"] for message in server.messages(where)]


async def test_the_role_stands_above_and_is_called(
    server: FakeDiscord, bot: DiscordAdapter
) -> None:
    (allowed,) = await sent(server, bot, str(ROLE), view(CARD))
    assert allowed == {"parse": [], "roles": [ROLE]}
    (message,) = server.messages(server.home)
    assert message.text.startswith(f"{CALL}\n## Title")
    assert called(server, server.home.general) == [[str(ROLE)]]


async def test_of_several_messages_only_the_first_calls(
    server: FakeDiscord, bot: DiscordAdapter
) -> None:
    words = tuple(Prose((Text(f"{number} word " * 300),)) for number in range(5))
    first, *others = await sent(server, bot, str(ROLE), View("Long", words, "Long."))
    assert first == {"parse": [], "roles": [ROLE]}
    assert others == [{"parse": []}] * len(others)
    assert others


async def test_a_view_that_pretends_to_call_calls_nobody(
    server: FakeDiscord, bot: DiscordAdapter
) -> None:
    pretended = view(f"{CALL} @everyone <@&5>")
    assert await sent(server, bot, "", pretended) == [{"parse": []}]
    assert called(server, server.home.general) == [[]]


@pytest.mark.parametrize("which", ["the server's own", "not a role", "²"])
async def test_the_role_of_everybody_is_never_called(
    server: FakeDiscord, bot: DiscordAdapter, which: str
) -> None:
    mention = str(server.home.id) if which == "the server's own" else which
    assert await sent(server, bot, mention, view(CARD)) == [{"parse": []}]
    assert server.messages(server.home)[0].text.startswith("## Title")


async def test_what_was_rendered_is_kept_as_it_is() -> None:
    shared = view(CARD)
    (plain,), (first,), (second,) = (
        pages(shared),
        calling(pages(shared), 1),
        calling(pages(shared), 2),
    )
    rendered = plain.to_components()
    for page, words in ((first, "<@&1>"), (second, "<@&2>")):
        call, *rest = page.to_components()
        assert call["content"] == words
        assert all(one is other for one, other in zip(rest, rendered, strict=True))


def full_of_text(room: int) -> tuple[Block, ...]:
    """Paragraphs that leave so much of a message's text."""
    others = len("## T\n") + 2 * len("\n\n") + 2_000
    lengths = (1_000, 1_000, MAX_TEXT - others - room)
    return tuple(Prose((Text("a" * length),)) for length in lengths)


def full_of_buttons(room: int) -> tuple[Block, ...]:
    """Buttons that leave one more component, or none, beside the title."""
    last = MAX_COMPONENTS - 1 - 6 * 6 - 1 - room
    return (Actions(tuple(Button(str(n), BrowseRoles(n)) for n in range(6 * 5 + last))),)


@pytest.mark.parametrize(
    ("blocks", "apart"),
    [
        (full_of_text(len(CALL)), False),
        (full_of_text(len(CALL) - 1), True),
        (full_of_text(0), True),
        (full_of_buttons(1), False),
        (full_of_buttons(0), True),
    ],
)
async def test_a_message_that_is_full_has_the_role_in_one_before_it(
    server: FakeDiscord, bot: DiscordAdapter, blocks: tuple[Block, ...], *, apart: bool
) -> None:
    full = View("T", blocks, "Full.")
    assert len(pages(full)) == 1
    allowed = await sent(server, bot, str(ROLE), full)
    assert allowed == [{"parse": [], "roles": [ROLE]}, *([{"parse": []}] if apart else [])]
    first, *others = server.messages(server.home)
    assert first.text.startswith(CALL)
    assert [message.text[:4] for message in others] == (["## T"] if apart else [])
