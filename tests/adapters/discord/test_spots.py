"""Channels as people act in them, and what they choose with Discord's own menus."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.discord.controls import Component, meaning
from bot.adapters.discord.render import render
from bot.adapters.discord.spots import picked
from bot.core.command import Click, Effect, Say, Spot
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from bot.core.intents import Intent, decode, encode
from bot.core.manager_intents import Act, ManageSubscription
from bot.core.views import Action, Actions, Button, Pick, Picker, View
from tests.adapters.discord.conftest import Start
from tests.adapters.effects import SECRET, Told, view
from tests.fakes.discord import limits
from tests.fakes.discord.errors import NotOfferedError
from tests.fakes.discord.replies import Reply
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel, Permission, User
from tests.strategies import LABELS, buttons, intents, selects

EDIT = ManageSubscription(7, Act.EDIT)
LACKS_ALL = ("View Channel", "Send Messages")


@pytest.fixture
async def told(start: Start) -> Told:
    told = Told(Say(view(SECRET)))
    await start(told.command)
    return told


async def spot(server: FakeDiscord, told: Told, person: User, where: Channel) -> Spot | None:
    await server.slash(person, "tell", where=where)
    return told.actors[-1].spot


async def test_a_channel_says_its_name_and_that_the_bot_may_post(
    server: FakeDiscord, ada: User, told: Told
) -> None:
    there = server.home.general
    assert await spot(server, told, ada, there) == Spot(str(there.id), "general")


async def test_an_announcement_channel_says_that_it_is_one(
    server: FakeDiscord, ada: User, told: Told
) -> None:
    news = server.guild("Readers", announcements=("news",)).channel("news")
    assert await spot(server, told, ada, news) == Spot(str(news.id), "news", announcement=True)


@pytest.mark.parametrize("permission", [Permission.MANAGE_CHANNELS, Permission.ADMINISTRATOR])
async def test_who_manages_one_channel_manages_no_other(
    server: FakeDiscord, ada: User, told: Told, permission: Permission
) -> None:
    own, other = server.guild("Club", channels=("general", "jobs")).channels
    server.permit(ada, own, permission)
    assert await spot(server, told, ada, own) == Spot(str(own.id), "general", manages=True)
    assert await spot(server, told, ada, other) == Spot(str(other.id), "jobs")
    assert not told.actors[-1].manager


@pytest.mark.parametrize(
    ("denied", "missing"),
    [
        (Permission.VIEW_CHANNEL, ("View Channel",)),
        (Permission.SEND_MESSAGES, ("Send Messages",)),
        (Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES, LACKS_ALL),
        (Permission.SEND_MESSAGES_IN_THREADS, ()),
        (Permission.READ_MESSAGE_HISTORY, ()),
    ],
)
async def test_what_the_bot_lacks_to_post_is_named(
    server: FakeDiscord, ada: User, told: Told, denied: Permission, missing: tuple[str, ...]
) -> None:
    there = server.home.general
    server.deny(there, denied)
    found = await spot(server, told, ada, there)
    assert found is not None
    assert found.missing == missing


@pytest.mark.parametrize(
    ("denied", "missing"),
    [
        (Permission.SEND_MESSAGES, ()),
        (Permission.SEND_MESSAGES_IN_THREADS, ("Send Messages in Threads",)),
    ],
)
async def test_a_thread_has_a_permission_of_its_own(
    server: FakeDiscord, ada: User, told: Told, denied: Permission, missing: tuple[str, ...]
) -> None:
    thread = server.thread("Jobs in June", server.home.general)
    server.deny(server.home.general, denied)
    found = await spot(server, told, ada, thread)
    assert found == Spot(str(thread.id), "Jobs in June", missing=missing)


async def test_where_only_people_have_the_app_the_bot_cannot_post(
    server: FakeDiscord, told: Told
) -> None:
    eve = server.user("Eve", installs_app=True)
    there = server.guild("Theirs", installed=False).general
    found = await spot(server, told, eve, there)
    assert found == Spot(str(there.id), "general", missing=LACKS_ALL)


async def test_outside_servers_there_is_no_channel_to_post_to(
    server: FakeDiscord, told: Told
) -> None:
    eve = server.user("Eve", installs_app=True)
    assert await spot(server, told, eve, server.dm_with(eve)) is None
    assert await spot(server, told, eve, server.private_channel(eve)) is None


class Choosing(Dispatcher):
    """Shows one menu of Discord's own, and remembers what was chosen in it."""

    def __init__(self, catalogue: Catalogue, pick: Pick) -> None:
        picker = Actions((Picker(pick, "Choose one", EDIT), Button("No", EDIT)))
        shown = Told(Say(View("Choose", (picker,), "Choose.")), "choose")
        self.clicks: list[Click] = []
        super().__init__(catalogue, {**COMMANDS, "choose": shown.command})

    async def click(self, click: Click) -> Effect:
        self.clicks.append(click)
        return Say(view("Chosen."))


async def asked(
    server: FakeDiscord, ada: User, start: Start, catalogue: Catalogue, pick: Pick
) -> tuple[Choosing, Reply]:
    choosing = Choosing(catalogue, pick)
    await start(dispatcher=choosing)
    return choosing, await server.slash(ada, "choose")


@pytest.mark.parametrize("manages", [True, False])
async def test_a_channel_is_chosen(
    server: FakeDiscord, ada: User, start: Start, catalogue: Catalogue, *, manages: bool
) -> None:
    news = server.guild("Readers", announcements=("news",)).channel("news")
    if manages:
        server.permit(ada, news, Permission.MANAGE_CHANNELS)
    choosing, menu = await asked(server, ada, start, catalogue, Pick.CHANNEL)
    await server.choose(ada, menu, encode(EDIT), [str(news.id)])
    (click,) = choosing.clicks
    assert click.intent == EDIT
    assert click.picked == Spot(str(news.id), "news", announcement=True, manages=manages)


async def test_only_channels_that_take_messages_are_offered(
    server: FakeDiscord, ada: User, start: Start, catalogue: Catalogue
) -> None:
    choosing, menu = await asked(server, ada, start, catalogue, Pick.CHANNEL)
    for where in (server.home.general, server.thread("Jobs", server.home.general)):
        await server.choose(ada, menu, encode(EDIT), [str(where.id)])
    assert [click.picked and click.picked.name for click in choosing.clicks] == ["general", "Jobs"]
    with pytest.raises(NotOfferedError):
        await server.choose(ada, menu, encode(EDIT), [str(server.dm_with(ada).id)])


async def test_a_role_is_chosen(
    server: FakeDiscord, ada: User, start: Start, catalogue: Catalogue
) -> None:
    choosing, menu = await asked(server, ada, start, catalogue, Pick.ROLE)
    role = str(server.home.id)
    await server.choose(ada, menu, encode(EDIT), [role])
    assert choosing.clicks[0].picked == Spot(role, "@everyone")


async def test_a_person_is_chosen_and_their_name_made_safe(
    server: FakeDiscord, ada: User, start: Start, catalogue: Catalogue
) -> None:
    bob = server.user("B\u202eob\n" + "x" * 100)
    choosing, menu = await asked(server, ada, start, catalogue, Pick.PERSON)
    await server.choose(ada, menu, encode(EDIT), [str(bob.id)])
    assert choosing.clicks[0].picked == Spot(str(bob.id), "B ob " + "x" * 55)


async def test_a_press_beside_the_menu_chooses_nothing(
    server: FakeDiscord, ada: User, start: Start, catalogue: Catalogue
) -> None:
    choosing, menu = await asked(server, ada, start, catalogue, Pick.ROLE)
    await server.click(ada, menu, menu.shown.labelled("No"))
    assert choosing.clicks[0].intent == EDIT
    assert choosing.clicks[0].picked is None


@pytest.mark.parametrize("kind", [5, 6, 8])
def test_a_choice_that_is_told_of_badly_is_still_a_choice(kind: int) -> None:
    chosen = {"component_type": kind, "custom_id": encode(EDIT), "values": ["1"]}
    assert meaning(chosen) == EDIT
    assert picked(chosen) == Spot("1")
    assert picked({**chosen, "resolved": None}) == Spot("1")
    told: Component = {"roles": None, "channels": {}, "users": {"2": {}}}
    assert picked({**chosen, "resolved": told}) == Spot("1")
    assert picked(chosen | {"values": []}) is None


def pickers() -> st.SearchStrategy[Picker]:
    """A menu of any kind; several may well mean the same."""
    return st.builds(Picker, st.sampled_from(Pick), LABELS, intents())


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(pickers(), pickers(), buttons(), selects()), max_size=30))
def test_no_menu_breaks_a_limit_or_loses_what_it_means(items: list[Action]) -> None:
    messages = render(View("Title", (Actions(tuple(items)),), "Fallback"))
    kinds = {5, 6, 8}
    found: list[Intent] = []
    for message in messages:
        body = {**message, "allowed_mentions": {"parse": []}}
        assert limits.message(body, flags=message["flags"]) == []
        for row in message["components"]:
            for menu in row.get("components", ()):
                if menu["type"] in kinds:
                    pressed = {"component_type": menu["type"], "custom_id": menu["custom_id"]}
                    found.append(meaning(pressed | {"values": ["1000000000000000001"]}))
    meant = [decode(encode(item.intent)) for item in items if isinstance(item, Picker)]
    assert found == meant
