"""A quiz that is pressed twice, from two devices, by others, days later, and after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.core.command import Command
from bot.core.content.catalogue import Catalogue, index
from bot.core.content.quizzes import Item
from tests.conformance.playing import (
    Fan,
    answer,
    begin,
    item_of,
    onward,
    option,
    to_the_result,
)
from tests.conformance.seen import Chat, Platform, Seen
from tests.conformance.small import MODELS, ROLE, TABLES, TOPIC, pack, small, with_packs


@pytest.fixture(scope="module")
def catalogue(catalogue: Catalogue) -> Catalogue:
    return small(catalogue)


@pytest.fixture
def fan(catalogue: Catalogue) -> Fan:
    return Fan(catalogue, "data-analyst")


async def continued(platform: Platform) -> Seen:
    """Where the quiz stands that was touched last."""
    said = await platform.command("quiz", {"what": "continue"})
    return await platform.delivered(said)


async def test_with_closed_messages_the_quiz_goes_on_privately_in_place(
    chat: Chat, fan: Fan
) -> None:
    chat.closes_messages()
    first = await chat.command("quiz", {"what": "fit"})
    assert first.private
    assert "question 1 of 12" in first.words
    result = await fan.finishes(chat, first)
    assert result.private
    assert result.message == first.message
    assert "a clear pull data analyst" in result.words
    assert chat.direct() == []
    assert chat.posted() == []


async def test_asked_for_in_the_own_messages_it_is_simply_there(chat: Chat) -> None:
    said = await chat.in_messages().command("quiz", {"what": TOPIC})
    assert "question 1 of 5" in said.words
    result, _ = await to_the_result(chat, said)
    assert result.message == said.message
    assert chat.direct() == []


@pytest.mark.parametrize("words", ["/quiz sql", "quiz me on SQL"])
async def test_a_quiz_can_be_asked_for_in_plain_writing(platform: Platform, words: str) -> None:
    said = await platform.write(words)
    assert "question 1 of 5" in said.words
    assert "question 2 of 5" in (await onward(platform, await answer(platform, said))).words


async def test_a_button_of_a_question_that_is_answered_shows_where_the_quiz_stands(
    chat: Chat,
) -> None:
    _, first = await begin(chat, "fit")
    second = await chat.press(first, "A")
    third = await chat.press(second, "A")
    for label in ("B", "Skip"):
        assert (await chat.press(first, label)).words == third.words
    assert "question 2 of 12" in (await chat.press(third, "Back")).words
    assert "question 2 of 12" in (await chat.press(third, "Back")).words


async def test_an_answer_cannot_be_taken_back(chat: Chat) -> None:
    _, first = await begin(chat, TOPIC)
    wrong = await answer(chat, first, right=False)
    assert (await answer(chat, first, right=True)).words == wrong.words
    assert (await chat.press(first, "I don't know")).words == wrong.words
    result, _ = await to_the_result(chat, await onward(chat, wrong))
    assert "your result 4 of 5" in result.words


async def test_a_quiz_that_has_ended_stays_ended(chat: Chat) -> None:
    _, first = await begin(chat, TOPIC)
    result, _ = await to_the_result(chat, first)
    for label in ("I don't know", "Pause", "Stop"):
        assert (await chat.press(first, label)).words == result.words


async def test_pressed_twice_at_once_is_one_answer(chat: Chat) -> None:
    _, first = await begin(chat, TOPIC)
    label = option(first, item_of_text(first))
    one, other = await asyncio.gather(chat.press(first, label), chat.press(first, label))
    assert one.words == other.words
    assert one.words.startswith("right")
    twice = await asyncio.gather(*(chat.press(one, "Next question") for _ in range(2)))
    assert all("question 2 of 5" in seen.words for seen in twice)
    result, asked = await to_the_result(chat, twice[0])
    assert "your result 5 of 5" in result.words
    assert len(asked) == 4


def item_of_text(seen: Seen) -> str:
    """The right answer to a question with one."""
    return next(
        item.right[0].text
        for item in TABLES
        if item.id == item_of(seen).id and item.format == "single"
    )


async def test_two_answers_at_once_are_the_one_that_was_first(chat: Chat) -> None:
    _, first = await begin(chat, TOPIC)
    both = await asyncio.gather(answer(chat, first, right=True), answer(chat, first, right=False))
    assert both[0].words == both[1].words


async def test_begun_twice_at_once_it_is_one_quiz(chat: Chat) -> None:
    await asyncio.gather(*(chat.command("quiz", {"what": "fit"}) for _ in range(2)))
    assert [seen.words.partition("question 1 of 12")[1] for seen in chat.direct()] == [
        "question 1 of 12",
        "question 1 of 12",
    ]
    menu = await chat.command("quiz")
    assert len([label for label in menu.labels if label.startswith("Role fit, ")]) == 1


async def test_two_devices_go_on_with_one_quiz(chat: Chat) -> None:
    _, phone = await begin(chat, TOPIC)
    desk = await continued(chat)
    assert "continuing where you left off" in desk.words
    assert desk.message != phone.message
    at_phone = await onward(chat, await answer(chat, phone))
    assert "question 2 of 5" in at_phone.words
    at_desk = await answer(chat, desk)
    assert at_desk.words == at_phone.words
    assert at_desk.message == desk.message
    result, asked = await to_the_result(chat, at_desk)
    assert len(asked) == 4
    assert (await chat.press(at_phone, "I don't know")).words == result.words


@pytest.mark.parametrize("label", ["A", "Skip", "Stop"])
async def test_somebody_else_cannot_press(chat: Chat, label: str) -> None:
    _, question = await begin(chat, "fit")
    ben = chat.somebody("Ben")
    own = await ben.command("help")
    said = await ben.forge(own, chat.identity(question, label))
    assert said.private
    assert "this is somebody else s quiz" in said.words
    assert "free friday" not in said.words
    assert "quizzes" in (await ben.press(said, "My own quiz")).words
    assert "question 2 of 12" in (await chat.press(question, "A")).words


async def test_somebody_else_cannot_open_the_form(chat: Chat) -> None:
    _, question = await begin(chat, ROLE)
    while "Type the answer" not in question.labels:
        question = await onward(chat, await answer(chat, question))
    ben = chat.somebody("Ben")
    said = await ben.forge(await ben.command("help"), chat.identity(question, "Type the answer"))
    assert said.form is None
    assert "this is somebody else s quiz" in said.words


async def test_a_quiz_that_never_was_is_not_there(chat: Chat) -> None:
    seen = await chat.command("help")
    said = await chat.forge(seen, "s:nosuchquiz:0:stop")
    assert "this quiz is not there any more" in said.words
    assert "All quizzes" in said.labels


async def test_an_option_that_never_was_is_out_of_date(chat: Chat) -> None:
    _, question = await begin(chat, TOPIC)
    session = chat.identity(question, "Stop").split(":")[1]
    assert "out of date" in (await chat.forge(question, f"a:{session}:0:9")).words
    assert "question 1 of 5" in (await continued(chat)).words


async def test_a_quiz_goes_on_after_a_restart(
    platform: Platform, catalogue: Catalogue, commands: Mapping[str, Command]
) -> None:
    _, first = await begin(platform, TOPIC)
    second = await onward(platform, await answer(platform, first))
    await platform.restart(catalogue, commands)
    seen = await continued(platform)
    assert "continuing where you left off" in seen.words
    assert item_of(seen) == item_of(second)
    result, _ = await to_the_result(platform, seen)
    assert "your result 5 of 5" in result.words


async def test_a_button_from_before_a_restart_goes_on(
    chat: Chat, catalogue: Catalogue, commands: Mapping[str, Command]
) -> None:
    _, first = await begin(chat, "fit")
    await chat.restart(catalogue, commands)
    assert "question 2 of 12" in (await chat.press(first, "A")).words


async def test_a_quiz_waits_for_days(platform: Platform) -> None:
    _, first = await begin(platform, TOPIC)
    explained = await answer(platform, first)
    platform.behind.passes(days=6, hours=23)
    await platform.tick()
    assert "question 2 of 5" in (await onward(platform, explained)).words


@pytest.mark.parametrize("round_first", [True, False], ids=["closed by itself", "when pressed"])
async def test_after_a_week_a_quiz_is_closed_kindly(chat: Chat, round_first: bool) -> None:
    _, first = await begin(chat, TOPIC)
    chat.behind.passes(days=7, hours=1)
    if round_first:
        await chat.tick()
    assert chat.direct() == []
    said = await answer(chat, first)
    assert "this quiz rested for more than 7 days so i closed it" in said.words
    again = await chat.delivered(await chat.press(said, "Begin again"))
    assert "question 1 of 5" in again.words
    assert "continuing" not in again.words


async def test_after_a_week_there_is_nothing_to_go_on_with(platform: Platform) -> None:
    await begin(platform, TOPIC)
    platform.behind.passes(days=8)
    for options in ({}, {"what": "continue"}):
        menu = await platform.command("quiz", options)
        assert "Which role fits me?" in menu.labels
        assert "go on where you left off" not in menu.words
    _, seen = await begin(platform, TOPIC)
    assert "continuing" not in seen.words


async def test_a_quiz_is_paused_and_goes_on(platform: Platform) -> None:
    _, first = await begin(platform, TOPIC)
    second = await onward(platform, await answer(platform, first))
    paused = await platform.press(second, "Pause")
    assert paused.words.startswith("paused")
    assert "1 answered all of it is kept it stays open for 7 days" in paused.words
    assert (await platform.press(paused, "Continue")).words == second.words


async def test_an_explanation_is_paused_and_goes_on(platform: Platform) -> None:
    _, first = await begin(platform, TOPIC)
    explained = await answer(platform, first)
    paused = await platform.press(explained, "Pause")
    assert (await platform.press(paused, "Continue")).words == explained.words


async def test_a_quiz_is_stopped_and_begun_again(platform: Platform) -> None:
    _, first = await begin(platform, "fit")
    second = await platform.press(first, "A")
    stopped = await platform.press(second, "Stop")
    assert stopped.words.startswith("stopped")
    assert {"Begin again", "All quizzes", "Delete my answers"} == set(stopped.labels)
    again = await platform.delivered(await platform.press(stopped, "Begin again"))
    assert "question 1 of 12" in again.words
    assert "continuing" not in again.words


async def test_several_quizzes_are_open_at_once(platform: Platform) -> None:
    await begin(platform, "fit")
    _, seen = await begin(platform, TOPIC)
    await onward(platform, await answer(platform, seen))
    menu = await platform.command("quiz")
    assert {"Role fit, 1 of 12", "SQL, 2 of 5"} < set(menu.labels)
    fit = await platform.delivered(await platform.press(menu, "Role fit, 1 of 12"))
    assert "question 1 of 12" in fit.words


def edited(catalogue: Catalogue, items: tuple[Item, ...]) -> Catalogue:
    return with_packs(catalogue, pack("models", "Models", MODELS), pack("new", "New", items))


async def test_a_question_that_was_reworded_is_explained_as_it_was_asked(
    platform: Platform, catalogue: Catalogue, commands: Mapping[str, Command]
) -> None:
    await begin(platform, TOPIC)
    reworded = tuple(replace_stem(item) for item in TABLES)
    await platform.restart(edited(catalogue, reworded), commands)
    seen = await continued(platform)
    assert "reworded" not in seen.words
    explained = await answer(platform, seen)
    assert "right" in explained.words
    assert "reworded" not in explained.words
    assert "reworded" in (await onward(platform, explained)).words


def replace_stem(item: Item) -> Item:
    return item.model_copy(update={"stem": f"Reworded: {item.stem}"})


async def test_a_question_that_was_removed_is_still_counted(
    platform: Platform, catalogue: Catalogue, commands: Mapping[str, Command]
) -> None:
    _, first = await begin(platform, TOPIC)
    gone = item_of(first)
    rest = tuple(item for item in TABLES if item.id != gone.id)
    await platform.restart(edited(catalogue, rest), commands)
    seen = await continued(platform)
    assert item_of(seen) == gone
    result, asked = await to_the_result(platform, seen, lambda item: item.id != gone.id)
    assert asked[0] == gone.id
    assert gone.id not in asked[1:]
    assert "your result 4 of 5" in result.words
    assert Seen(gone.stem).words in result.words


async def test_a_topic_that_loses_its_questions_ends_with_what_was_asked(
    platform: Platform, catalogue: Catalogue, commands: Mapping[str, Command]
) -> None:
    await begin(platform, TOPIC)
    await platform.restart(with_packs(catalogue, pack("models", "Models", MODELS)), commands)
    seen = await continued(platform)
    result, asked = await to_the_result(platform, seen)
    assert len(asked) == 1
    assert "your result 1 of 1" in result.words


async def test_an_edited_role_fit_quiz_goes_on_as_it_began(
    platform: Platform, catalogue: Catalogue, commands: Mapping[str, Command], fan: Fan
) -> None:
    _, first = await begin(platform, "fit")
    await platform.press(first, fan.choice(first))
    content = catalogue.content
    others = content.fit.model_copy(update={"items": content.fit.items[3:]})
    await platform.restart(index(replace(content, fit=others)), commands)
    result = await fan.finishes(platform, await continued(platform))
    assert "a clear pull data analyst" in result.words
    assert len(fan.said) == 12
