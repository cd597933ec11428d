"""What is for one person's eyes goes into their conversation with the bot, or stays private."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from bot.core.command import Attachment
from bot.core.content.catalogue import Catalogue
from tests.adapters.effects import FILE, SECRET, SENT, Told, direct
from tests.adapters.slack.running import Bot, Transport, dispatcher_with, running
from tests.adapters.slack.test_clicks import message_with_button
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.sights import File, Message
from tests.fakes.slack.workspace import Person

POST = "chat.postMessage"
THE_FILE = (File(FILE.name, FILE.text),)
LONG = Attachment("long.json", "".join(f"line {n} of many\n" for n in range(6_000)))


@pytest.fixture
def ada(slack: SlackServer) -> Person:
    return slack.person("Ada")


@pytest.fixture
def told(
    slack: SlackServer, catalogue: Catalogue
) -> Callable[..., AbstractAsyncContextManager[Bot]]:
    """Starts the bot with a command that has this effect."""

    def start(
        told: Told, transport: Transport = "http", defer_after: float = 2.0
    ) -> AbstractAsyncContextManager[Bot]:
        dispatcher = dispatcher_with(catalogue, told.command)
        return running(slack, dispatcher, transport, defer_after=defer_after)

    return start


@pytest.fixture
async def plain(told: Callable[..., AbstractAsyncContextManager[Bot]]) -> AsyncIterator[Bot]:
    """The bot with a direct message that is only words."""
    async with told(direct()) as bot:
        yield bot


@pytest.fixture
async def with_file(told: Callable[..., AbstractAsyncContextManager[Bot]]) -> AsyncIterator[Bot]:
    """The bot with a direct message that has a file."""
    async with told(direct(FILE)) as bot:
        yield bot


def in_dm(slack: SlackServer, person: Person) -> list[Message]:
    """What the bot has said in the person's conversation with it, for good."""
    found = slack.history(person)
    return [m for m in found if m.author == slack.bot_user_id and m.only_for is None]


def read(messages: list[Message]) -> str:
    return "\n".join(message.shown for message in messages)


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_it_arrives_as_a_direct_message_and_a_note_says_so(
    slack: SlackServer,
    ada: Person,
    told: Callable[..., AbstractAsyncContextManager[Bot]],
    transport: Transport,
) -> None:
    async with told(direct(), transport):
        (note,) = [m for m in (await slack.slash(ada, "/tell")).messages if m.channel != ada.dm]
    assert note.only_for == ada.id
    assert SENT in note.shown
    (message,) = in_dm(slack, ada)
    assert SECRET in message.shown


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize(
    "error",
    ["messages_tab_disabled", "cannot_dm_bot", "user_not_found", "restricted_action"],
)
async def test_where_no_message_can_arrive_it_is_said_privately_in_place(
    slack: SlackServer, ada: Person, error: str
) -> None:
    slack.fail(POST, error=error)
    (message,) = (await slack.slash(ada, "/tell")).messages
    assert message.only_for == ada.id
    assert SECRET in message.shown
    assert in_dm(slack, ada) == []


@pytest.mark.usefixtures("plain")
async def test_slack_being_down_means_saying_it_in_place(slack: SlackServer, ada: Person) -> None:
    slack.fail(POST, status=500)
    (message,) = (await slack.slash(ada, "/tell")).messages
    assert SECRET in message.shown


@pytest.mark.usefixtures("plain")
async def test_what_may_have_arrived_is_not_said_twice(
    slack: SlackServer, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fail(POST, cut=True)
    answer = await slack.slash(ada, "/tell")
    assert SENT in answer.shown
    assert len(in_dm(slack, ada)) == 1
    assert "a message was not confirmed" in caplog.text


@pytest.mark.usefixtures("plain")
async def test_a_press_on_a_public_message_answers_in_the_conversation(
    slack: SlackServer, ada: Person
) -> None:
    public = slack.workspace.post(slack.general.id, message_with_button("r:tell"))
    answer = await slack.click(ada, public, "Press")
    notes = [m for m in answer.messages if m.only_for == ada.id]
    assert SENT in read(notes)
    assert SECRET in read(in_dm(slack, ada))


async def test_a_message_that_takes_long_to_send_does_not_let_the_command_fail(
    slack: SlackServer, ada: Person, told: Callable[..., AbstractAsyncContextManager[Bot]]
) -> None:
    async with told(direct(), defer_after=0.05):
        go_on = asyncio.Event()
        slack.fail(POST, hold=go_on)
        answer = await slack.slash(ada, "/tell")
        assert answer.failure is None
        assert answer.messages == ()
        go_on.set()
        secret, note = await answer.message(0), await answer.message(1)
    assert SECRET in secret.shown
    assert SENT in note.shown


@pytest.mark.usefixtures("plain")
async def test_in_the_own_conversation_it_is_simply_the_answer_and_stays(
    slack: SlackServer, ada: Person
) -> None:
    for act in (slack.slash(ada, "/tell", channel=ada), slack.dm(ada, "/tell")):
        (message,) = (await act).messages
        assert SECRET in message.shown
        assert message.visibility == "in_channel"
    (pressed,) = (
        await slack.click(ada, slack.workspace.post(ada.dm, message_with_button("r:tell")), "Press")
    ).messages
    assert pressed.visibility == "in_channel"
    assert len(in_dm(slack, ada)) == 4


@pytest.mark.usefixtures("plain")
async def test_from_the_home_tab_there_is_only_the_conversation(
    slack: SlackServer, ada: Person
) -> None:
    home = await slack.open_home(ada)
    home.json["blocks"][-1] = message_with_button("r:tell")["blocks"][0]
    home.json["blocks"][-1]["block_id"] = "pressed"
    answer = await slack.click(ada, home, "Press")
    assert SECRET in (await answer.message()).shown
    assert len(in_dm(slack, ada)) == 1


@pytest.mark.usefixtures("plain")
async def test_the_conversation_of_two_people_is_not_the_bots_own(
    slack: SlackServer, ada: Person
) -> None:
    theirs = slack.dm_of(slack.person("Bob"))
    assert theirs.members is not None
    theirs.members.add(ada.id)
    answer = await slack.slash(ada, "/tell", channel=theirs)
    assert SENT in answer.shown
    assert SECRET in read(in_dm(slack, ada))


@pytest.mark.usefixtures("with_file")
async def test_a_file_comes_below_the_message(slack: SlackServer, ada: Person) -> None:
    assert SENT in (await slack.slash(ada, "/tell")).shown
    message, file = in_dm(slack, ada)
    assert SECRET in message.shown
    assert file.files == THE_FILE


@pytest.mark.usefixtures("with_file")
async def test_a_file_in_the_own_conversation_comes_below_the_message_too(
    slack: SlackServer, ada: Person
) -> None:
    typed = await slack.slash(ada, "/tell", channel=ada)
    assert SECRET in (await typed.message(0)).shown
    assert (await typed.message(1)).files == THE_FILE
    written = await slack.dm(ada, "/tell")
    assert SECRET in (await written.message(0)).shown
    assert (await written.message(1)).files == THE_FILE
    assert [m.files for m in in_dm(slack, ada)] == [(), THE_FILE] * 2


@pytest.mark.usefixtures("with_file")
@pytest.mark.parametrize("how", ["no scope", "cannot ask", "cannot finish"])
async def test_where_files_cannot_be_sent_the_text_is_written_out(
    slack: SlackServer, ada: Person, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    match how:
        case "no scope":
            slack.scopes.discard("files:write")
        case "cannot ask":
            slack.fail("conversations.open", error="missing_scope")
        case _:
            slack.fail("files.completeUploadExternal", error="channel_not_found")
    if how == "cannot ask":
        slack.fail(POST, cut=True)
    await slack.slash(ada, "/tell")
    said = in_dm(slack, ada)
    assert [message.files for message in said] == [()] * len(said)
    assert "Zoë & <@U1>" in read(said)
    assert [r for r in caplog.records if r.levelname == "WARNING"]


async def test_a_long_file_is_written_out_in_as_many_messages_as_it_needs(
    slack: SlackServer, ada: Person, told: Callable[..., AbstractAsyncContextManager[Bot]]
) -> None:
    slack.scopes.discard("files:write")
    async with told(direct(LONG)):
        await slack.slash(ada, "/tell")
    said = in_dm(slack, ada)
    assert len(said) > 5
    assert "".join(read(said).split()).endswith("line5999ofmany")


async def test_in_place_as_much_of_a_file_is_said_as_fits(
    slack: SlackServer, ada: Person, told: Callable[..., AbstractAsyncContextManager[Bot]]
) -> None:
    slack.close_dms(ada)
    async with told(direct(FILE)):
        answer = await slack.slash(ada, "/tell")
        assert SECRET in (await answer.message(0)).shown
        assert "Zoë & <@U1>" in (await answer.message(1)).shown
    async with told(direct(LONG)):
        answer = await slack.slash(ada, "/tell")
        last = await answer.message(4)
    shown = [m for m in slack.history(slack.general) if m.only_for == ada.id]
    assert "line 0 of many" in read(shown)
    assert shown[-1] == last
    assert "This is only the beginning" in last.shown
    assert in_dm(slack, ada) == []
