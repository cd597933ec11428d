"""Direct messages, posts and forms of questions, where there is one place for all of it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.adapters.terminal.complete import LineCompleter
from bot.adapters.terminal.session import Session
from bot.core.command import Attachment, Permission, Post, Say
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import Catalogue
from bot.core.dispatch import Dispatcher
from bot.core.intents import Run
from bot.core.subscriptions import Place
from bot.core.views import Button
from tests.adapters.effects import (
    CARD,
    FILE,
    POSTED,
    SECRET,
    SENT,
    TYPE,
    Asking,
    Told,
    direct,
    view,
)


@pytest.fixture
def asking(catalogue: Catalogue) -> Asking:
    return Asking(catalogue)


@pytest.fixture
async def chat(asking: Asking) -> Session:
    """A chat in which a question has just opened its form."""
    chat = Session(asking, interactive=True)
    await said(chat, "/quietly")
    question = await said(chat, "1")
    assert question.startswith("Question 4: answer\n")
    assert "Your answer?" in question
    return chat


async def said(session: Session, line: str) -> str:
    answer = await session.answer(line)
    assert answer is not None
    return answer


def telling(catalogue: Catalogue, *told: Told) -> Session:
    return Session(Dispatcher(catalogue, {**COMMANDS, **{t.name: t.command for t in told}}))


async def test_a_direct_message_is_simply_the_answer(catalogue: Catalogue) -> None:
    answer = await said(telling(catalogue, direct()), "/tell")
    assert SECRET in answer
    assert SENT not in answer


async def test_a_file_is_printed_below(catalogue: Catalogue) -> None:
    hostile = Attachment("da\x1b[2Jta.json", "\x1b[31m{}\x07\n")
    session = telling(catalogue, direct(FILE), direct(hostile, "hostile"))
    answer = await said(session, "/tell")
    assert answer.index(SECRET) < answer.index("data.json:") < answer.index("Zoë & <@U1>")
    assert (await said(session, "/hostile")).endswith("data.json:\n\n{}\n")


async def test_a_post_is_shown_with_the_word_about_it_and_all_of_its_choices(
    catalogue: Catalogue,
) -> None:
    told = Told(
        Post(
            Place("terminal", "", "C1"),
            view(CARD, Button("Take it", Run("help"))),
            view(POSTED, Button("Roles", Run("roles")), title="Shared"),
            view("Refused."),
        )
    )
    session = telling(catalogue, told)
    answer = await said(session, "/tell")
    assert answer.index(CARD) < answer.index("Shared") < answer.index(POSTED)
    assert "2) Roles" in answer
    assert (await said(session, "2")).startswith("The roles")


async def test_the_person_at_the_terminal_may_do_everything_there(catalogue: Catalogue) -> None:
    told = Told(Say(view(SECRET)), permission=Permission.MANAGERS)
    assert SECRET in await said(telling(catalogue, told), "/tell")
    (actor,) = told.actors
    assert (actor.key, actor.community, actor.channel) == (
        "terminal:local",
        "terminal:local",
        None,
    )
    assert actor.name
    assert not actor.reachable


async def test_a_question_is_asked_field_by_field(chat: Session, asking: Asking) -> None:
    listed = await said(chat, "1")  # a number is an answer where nothing can be chosen
    assert "1) The answer is wrong" in listed
    assert "2) It is out of date" in listed
    optional = await said(chat, "2")
    assert "An empty line leaves it out." in optional
    assert "Right." in await said(chat, "My words")
    assert asking.values == {"answer": "1", "reason": "old", "details": "My words"}
    assert asking.sent[0].intent == TYPE
    assert asking.sent[0].private
    assert chat.asked is None


@pytest.mark.parametrize("typed", ["it is OUT of date", "old"])
async def test_one_of_a_few_may_be_typed_and_the_rest_left_out(
    chat: Session, asking: Asking, typed: str
) -> None:
    await said(chat, "42")
    again = await said(chat, "something else")
    assert "2) It is out of date" in again
    await said(chat, typed)
    assert "Right." in await said(chat, "")
    assert asking.values == {"answer": "42", "reason": "old"}


async def test_an_empty_line_at_what_is_required_cancels(chat: Session, asking: Asking) -> None:
    await said(chat, "42")
    assert (await said(chat, "")).startswith("Cancelled")
    assert chat.asked is None
    assert asking.sent == []


async def test_a_command_leaves_a_question(chat: Session, asking: Asking) -> None:
    assert (await said(chat, "/roles")).startswith("The roles")
    assert asking.sent == []


async def test_one_of_a_few_is_completed(chat: Session) -> None:
    assert completed(chat, "4") == []
    await said(chat, "42")
    assert completed(chat, "it is") == ["old"]
    assert completed(chat, "") == ["wrong", "old"]


async def test_from_a_pipe_a_question_says_how_it_is_answered(asking: Asking) -> None:
    piped = Session(asking)
    await said(piped, "/quietly")
    assert "Press it where a form can open." in await said(piped, "1")
    assert piped.asked is None


def completed(session: Session, line: str) -> list[str]:
    offers: Iterable[object] = LineCompleter(session).get_completions(
        Document(line), CompleteEvent(completion_requested=True)
    )
    return [str(getattr(offer, "text", "")) for offer in offers]
