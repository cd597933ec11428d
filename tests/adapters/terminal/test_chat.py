"""The chat with prompt_toolkit itself, typed into by a pipe; and lines from a pipe."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.adapters.terminal.chat import answer_lines, converse
from bot.adapters.terminal.complete import LineCompleter
from bot.adapters.terminal.session import Session
from bot.core.dispatch import Dispatcher

CTRL_C, CTRL_D, ENTER = "\x03", "\x04", "\r"


@pytest.fixture
def keyboard() -> Iterator[PipeInput]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


async def talk(dispatcher: Dispatcher, keyboard: PipeInput, *lines: str, end: str) -> list[str]:
    """The titles of the answers to some lines."""
    answers: list[str] = []
    for line in lines:
        keyboard.send_text(line + ENTER)
    keyboard.send_text(end)
    await asyncio.wait_for(converse(Session(dispatcher, interactive=True), answers.append), 20)
    return [answer.strip().split("\n", 1)[0] for answer in answers]


@pytest.mark.parametrize("end", [CTRL_C, CTRL_D, "quit" + ENTER])
async def test_a_person_chats_until_they_leave(
    dispatcher: Dispatcher, keyboard: PipeInput, end: str
) -> None:
    titles = await talk(dispatcher, keyboard, "/help", "", "/roles", end=end)
    assert titles == ["What I can do", "The roles"]


async def test_a_form_is_filled_in_line_by_line(
    dispatcher: Dispatcher, keyboard: PipeInput
) -> None:
    titles = await talk(dispatcher, keyboard, "/compare", "mle", "ai engineer", end=CTRL_D)
    assert titles[:2] == ["/compare: first", "/compare: second"]
    assert titles[2].casefold() == "ml engineer and ai engineer"


def completed(session: Session, line: str) -> list[str]:
    """The whole lines that a line can be completed to."""
    offers = LineCompleter(session).get_completions(Document(line), CompleteEvent())
    return [line[: len(line) + offer.start_position] + offer.text for offer in offers]


@pytest.mark.parametrize(
    ("line", "offer"),
    [
        ("/", "/help"),
        ("/comp", "/compare"),
        ("/compare ", "/compare ai-engineer"),
        ("/compare ml eng", "/compare ml-engineer"),
        ("/compare ai-engineer ", "/compare ai-engineer ml-engineer"),
        ("/compare ai engineer ml e", "/compare ai engineer ml-engineer"),
        ("/compare ai engineer vs ml e", "/compare ai engineer vs ml-engineer"),
        ("/compare ai engineer, ", "/compare ai engineer, data-analyst"),
        ("/pay data scientist ", "/pay data scientist GB"),
        ("/pay data-scientist united k", "/pay data-scientist GB"),
        ("/skills ml-engineer str", "/skills ml-engineer 3"),
        ("/HELP pa", "/HELP path"),
    ],
)
def test_commands_and_their_options_are_completed(
    dispatcher: Dispatcher, line: str, offer: str
) -> None:
    assert offer in completed(Session(dispatcher), line)


@pytest.mark.parametrize("line", ["", "what is an ml eng", "/roles ", "/ask what", "/nonsense "])
def test_where_nothing_is_known_nothing_is_offered(dispatcher: Dispatcher, line: str) -> None:
    assert completed(Session(dispatcher), line) == []


async def test_the_field_of_a_form_is_completed(dispatcher: Dispatcher) -> None:
    session = Session(dispatcher, interactive=True)
    await session.answer("/compare")
    assert "ml-engineer" in completed(session, "ml")


def test_a_pipe_gets_an_answer_for_each_line(dispatcher: Dispatcher) -> None:
    answers: list[str] = []
    answer_lines(
        Session(dispatcher), ["/help\n", "\n", "/roles\n", "quit\n", "/help\n"], answers.append
    )
    assert [answer.split("\n", 1)[0] for answer in answers] == ["What I can do", "The roles"]


def test_ctrl_c_ends_waiting_for_a_line(dispatcher: Dispatcher) -> None:
    def lines() -> Iterator[str]:
        yield "/help"
        signal.raise_signal(signal.SIGINT)
        yield "/roles"

    answers: list[str] = []
    # Whoever starts the tests in the background may have told them to ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            answer_lines(Session(dispatcher), lines(), answers.append)
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(answers) == 1
