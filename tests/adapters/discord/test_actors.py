"""Who asks, and where: what the core is told of the person behind an event."""

from __future__ import annotations

import pytest

from bot.core.command import Actor, Permission, Say
from bot.core.intents import Run, encode
from tests.adapters.discord.conftest import Start
from tests.adapters.effects import SECRET, Told, view
from tests.fakes.discord.errors import NotOfferedError
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import User


@pytest.fixture
async def told(start: Start) -> Told:
    """A command that remembers who used it."""
    told = Told(Say(view(SECRET)))
    await start(told.command)
    return told


def known(actor: Actor) -> tuple[str, str | None, str | None, bool]:
    return actor.name, actor.community, actor.channel, actor.manager


async def test_in_a_server_it_is_the_community(server: FakeDiscord, ada: User, told: Told) -> None:
    await server.slash(ada, "tell")
    (actor,) = told.actors
    assert actor.key == f"discord:{ada.id}"
    assert actor.reachable
    home = server.home
    assert known(actor) == ("Ada", f"discord:{home.id}", str(home.general.id), False)


async def test_in_direct_messages_there_is_no_channel_and_nothing_to_manage(
    server: FakeDiscord, told: Told
) -> None:
    boss = server.user("Boss", admin=True)
    await server.slash(boss, "tell", where=server.dm_with(boss))
    await server.dm(boss, "/tell")
    assert [known(actor) for actor in told.actors] == [("Boss", None, None, False)] * 2


async def test_a_group_is_a_channel_of_no_community(server: FakeDiscord, told: Told) -> None:
    eve = server.user("Eve", installs_app=True)
    group = server.private_channel(eve)
    await server.slash(eve, "tell", where=group)
    assert known(told.actors[0]) == ("Eve", None, str(group.id), False)


async def test_those_who_manage_a_server_are_known(server: FakeDiscord, told: Told) -> None:
    boss = server.user("Boss", admin=True)
    asked = await server.slash(boss, "compare", {"first": "mle", "second": "ai engineer"})
    await server.raw_interaction(server.click_payload(boss, asked, encode(Run("tell"))))
    assert told.actors[0].manager


async def test_a_name_is_made_safe(server: FakeDiscord, told: Told) -> None:
    await server.slash(server.user("A\u202eda\n" + "x" * 100), "tell")
    assert told.actors[0].name == "A da " + "x" * 55


async def test_what_is_for_managers_is_offered_to_them_and_in_servers_alone(
    server: FakeDiscord, ada: User, start: Start
) -> None:
    told = Told(Say(view(SECRET)), permission=Permission.MANAGERS)
    await start(told.command)
    boss = server.user("Boss", admin=True)
    assert SECRET in (await server.slash(boss, "tell")).text
    with pytest.raises(NotOfferedError):
        await server.slash(ada, "tell")
    with pytest.raises(NotOfferedError):
        await server.slash(boss, "tell", where=server.dm_with(boss))
    asked = await server.slash(ada, "compare", {"first": "mle", "second": "ai engineer"})
    press = server.click_payload(ada, asked, encode(Run("tell")))
    assert "those who run the place" in (await server.raw_interaction(press)).text
    assert len(told.actors) == 1


@pytest.mark.parametrize("permission", Permission)
async def test_only_what_is_for_managers_is_hidden_from_others(
    server: FakeDiscord, start: Start, permission: Permission
) -> None:
    await start(Told(Say(view(SECRET)), permission=permission).command)
    declared = server.state.commands.named("tell")
    hidden = declared["default_member_permissions"] is not None
    assert hidden is (permission is Permission.MANAGERS)
    assert (declared["contexts"] == [0]) is (permission is not Permission.ANYBODY)
