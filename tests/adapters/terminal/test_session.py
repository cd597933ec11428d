"""A chat in the terminal, line by line."""

from __future__ import annotations

import re

import pytest

from bot.adapters.terminal.session import Session
from bot.core.dispatch import Dispatcher


@pytest.fixture
def chat(dispatcher: Dispatcher) -> Session:
    return Session(dispatcher, interactive=True)


@pytest.fixture
def piped(dispatcher: Dispatcher) -> Session:
    return Session(dispatcher)


async def said(session: Session, line: str) -> str:
    answer = await session.answer(line)
    assert answer is not None
    return answer


def title(answer: str) -> str:
    return answer.split("\n", 1)[0].casefold()


def number_of(label: str, answer: str) -> str:
    found = re.search(rf"(\d+)\) {re.escape(label)}", answer)
    assert found, f"{label} is not offered in:\n{answer}"
    return found[1]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/compare ai-engineer ml-engineer", "AI engineer and ML engineer"),
        ("/Compare ai engineer vs ml engineer", "AI engineer and ML engineer"),
        ("  /pay data scientist in the UK  ", "Pay: data scientist"),
        ("difference between AI engineer and ML engineer?", "AI engineer and ML engineer"),
        ("help", "What I can do"),
        ("/", "What I can do"),
        ("/roles", "The roles"),
        ("/compere a b", "Unknown command"),
        ("/compare ai-engineer quantum-wizard", "Unknown role"),
        ("what is the weather", "I am not sure what you mean"),
        ("7", "There is no choice 7"),
    ],
)
async def test_every_line_is_answered(piped: Session, line: str, expected: str) -> None:
    assert title(await said(piped, line)).startswith(expected.casefold())


async def test_an_empty_line_says_nothing_and_quit_ends(piped: Session) -> None:
    assert await said(piped, "   ") == ""
    for line in ("quit", "exit", " /QUIT "):
        assert await piped.answer(line) is None


async def test_a_number_presses_a_button_of_the_last_answer(piped: Session) -> None:
    compared = await said(piped, "/compare ai-engineer ml-engineer")
    swapped = await said(piped, number_of("Swap", compared))
    assert title(swapped) == "ml engineer and ai engineer"
    skills = await said(piped, f"{number_of('Skills', swapped)})")
    assert title(skills) == "skills: ml engineer and ai engineer"
    assert title(await said(piped, "999")) == "there is no choice 999"


async def test_a_note_leaves_what_was_offered_before_it(chat: Session) -> None:
    compared = await said(chat, "/compare ai-engineer ml-engineer")
    assert title(await said(chat, "999")) == "there is no choice 999"
    await said(chat, "/compare")
    assert title(await said(chat, "")) == "cancelled"
    swapped = await said(chat, number_of("Swap", compared))
    assert title(swapped) == "ml engineer and ai engineer"


async def test_a_number_chooses_from_a_select(piped: Session) -> None:
    roles = await said(piped, "/roles")
    assert title(await said(piped, number_of("Data analyst", roles))) == "data analyst"


async def test_did_you_mean_is_one_number_away(piped: Session) -> None:
    offered = await said(piped, "/compare data ml-engineer")
    compared = await said(piped, number_of("Data scientist", offered))
    assert title(compared) == "data scientist and ml engineer"


async def test_in_a_chat_what_is_missing_is_asked_for_one_by_one(chat: Session) -> None:
    assert title(await said(chat, "/compare")) == "/compare: first"
    assert title(await said(chat, "mle")) == "/compare: second"
    assert title(await said(chat, "data analyst")) == "ml engineer and data analyst"
    assert chat.asked is None


async def test_what_is_asked_for_can_be_chosen_by_number(chat: Session) -> None:
    question = await said(chat, "/path ai-engineer")
    assert title(question) == "/path: goal"
    answer = await said(chat, number_of("Research scientist", question))
    assert title(answer) == "from ai engineer to research scientist"


async def test_a_value_that_means_nothing_loses_nothing(chat: Session) -> None:
    await said(chat, "/compare ai-engineer")
    assert title(await said(chat, "quantum wizard")) == "unknown role"
    assert chat.asked
    assert chat.asked.option.name == "second"
    assert title(await said(chat, "mle")) == "ai engineer and ml engineer"


async def test_an_ambiguous_value_can_be_put_right_by_number(chat: Session) -> None:
    await said(chat, "/compare ai-engineer")
    offered = await said(chat, "data")
    answer = await said(chat, number_of("Data engineer", offered))
    assert title(answer) == "ai engineer and data engineer"
    assert chat.asked is None


async def test_an_empty_line_cancels_a_form(chat: Session) -> None:
    await said(chat, "/compare")
    assert title(await said(chat, "")) == "cancelled"
    assert chat.asked is None
    assert await said(chat, "") == ""


async def test_a_command_leaves_a_form(chat: Session) -> None:
    await said(chat, "/compare")
    assert title(await said(chat, "/roles")) == "the roles"
    assert chat.asked is None


async def test_from_a_pipe_what_is_missing_is_said(piped: Session) -> None:
    answer = await said(piped, "/compare ai-engineer")
    assert title(answer) == "/compare needs a little more"
    assert piped.asked is None
    assert title(await said(piped, number_of("Fill it in", answer))) == title(answer)


async def test_pages_are_turned_by_number(piped: Session, dispatcher: Dispatcher) -> None:
    answer = await said(piped, "/help compare")
    assert title(await said(piped, number_of("All commands", answer))) == "what i can do"
