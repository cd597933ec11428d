"""What the bot keeps and sends by itself: reminders, reports, a person's data; and failures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import pytest
from typer.testing import CliRunner

from bot.core.command import Command
from bot.core.content.catalogue import Catalogue
from bot.core.ports import Reason
from bot.maintainers import reports
from tests.conformance.playing import Fan, answer, begin, item_of, onward, to_the_result
from tests.conformance.seen import Chat, Platform, Seen
from tests.conformance.small import ITEMS, ROLE, TOPIC, small


@pytest.fixture(scope="module")
def catalogue(catalogue: Catalogue) -> Catalogue:
    return small(catalogue)


async def test_a_paused_quiz_is_remembered_once_a_day_later(chat: Chat) -> None:
    _, first = await begin(chat, TOPIC)
    second = await onward(chat, await answer(chat, first))
    paused = await chat.press(second, "Pause")
    said = await chat.press(paused, "Remind me tomorrow")
    assert "i will write to you once in a day" in said.words
    await chat.tick()
    assert chat.direct() == []
    chat.behind.passes(days=1)
    await chat.tick()
    (reminder,) = chat.direct()
    assert "your quiz is waiting where you left it" in reminder.words
    for _ in range(2):
        chat.behind.passes(days=1)
        await chat.tick()
    assert chat.direct() == []
    seen = await chat.press(reminder, "Continue")
    assert seen.words == second.words


@pytest.mark.parametrize("how", ["finished", "stopped", "deleted"])
async def test_there_is_no_reminder_of_a_quiz_that_is_over(chat: Chat, how: str) -> None:
    _, first = await begin(chat, TOPIC)
    paused = await chat.press(first, "Pause")
    said = await chat.press(paused, "Remind me tomorrow")
    seen = await chat.press(said, "Continue now")
    match how:
        case "finished":
            await to_the_result(chat, seen)
        case "stopped":
            await chat.press(seen, "Stop")
        case _:
            stopped = await chat.press(seen, "Stop")
            await chat.press(await chat.press(stopped, "Delete my answers"), "Delete them")
    chat.behind.passes(days=2)
    await chat.tick()
    assert chat.direct() == []


async def test_there_is_no_reminder_of_a_fit_quiz_that_has_its_result(
    chat: Chat, catalogue: Catalogue
) -> None:
    _, first = await begin(chat, "fit")
    said = await chat.press(await chat.press(first, "Pause"), "Remind me tomorrow")
    fan = Fan(catalogue, "data-analyst")
    result = await fan.finishes(chat, await chat.press(said, "Continue now"))
    assert "your result" in result.words
    chat.behind.passes(days=2)
    await chat.tick()
    assert chat.direct() == []


async def test_a_reminder_is_asked_for_twice_and_comes_once(chat: Chat) -> None:
    _, first = await begin(chat, TOPIC)
    paused = await chat.press(first, "Pause")
    for _ in range(2):
        await chat.press(paused, "Remind me tomorrow")
    chat.behind.passes(days=1)
    await asyncio.gather(chat.tick(), chat.tick())
    assert len(chat.direct()) == 1


async def test_reviews_are_remembered_once_when_they_are_due(chat: Chat) -> None:
    _, first = await begin(chat, TOPIC)
    result, _ = await to_the_result(chat, first, lambda _: False)
    said = await chat.press(result, "Remind me to review")
    assert "i will write to you once when reviews are due" in said.words
    await chat.tick()
    assert chat.direct() == []
    chat.behind.passes(days=3)
    for _ in range(2):
        await chat.tick()
    (reminder,) = chat.direct()
    assert "5 questions are due for review" in reminder.words
    review = await chat.delivered(await chat.press(reminder, "Review"))
    assert "question 1 of 5" in review.words


async def test_who_reviewed_in_the_meantime_is_not_reminded(chat: Chat) -> None:
    _, first = await begin(chat, TOPIC)
    result, _ = await to_the_result(chat, first, lambda _: False)
    await chat.press(result, "Remind me to review")
    chat.behind.passes(days=3)
    _, review = await begin(chat, "review")
    await to_the_result(chat, review)
    await chat.tick()
    assert chat.direct() == []


async def test_who_cannot_be_written_to_is_told_so(platform: Platform) -> None:
    _, first = await begin(platform, TOPIC)
    said = await platform.press(await platform.press(first, "Pause"), "Remind me tomorrow")
    expected = "i will write to you once" if platform.public else "i cannot write to you by myself"
    assert expected in said.words


async def reported(platform: Platform, explained: Seen) -> Seen:
    form = await platform.press(explained, "Report this question")
    assert form.form is not None
    return await platform.fill(
        form, {"reason": "The answer is wrong", "details": "It is @everyone <b>2</b>, not 1."}
    )


async def test_a_question_is_reported_once(platform: Platform) -> None:
    _, first = await begin(platform, TOPIC)
    item = item_of(first).id
    said = await reported(platform, await answer(platform, first))
    assert said.private
    assert said.words.startswith("thank you")
    again = await platform.delivered(await platform.command("quiz", {"what": "continue"}))
    twice = await reported(platform, again)
    assert "i have your report already" in twice.words
    (waiting,) = await platform.behind.store.read(lambda unit: unit.reports.open())
    assert waiting.item == item
    assert waiting.reason is Reason.WRONG
    assert waiting.text == "It is @everyone <b>2</b>, not 1."


async def test_a_report_does_not_disturb_the_quiz(platform: Platform) -> None:
    _, first = await begin(platform, TOPIC)
    explained = await answer(platform, first)
    said = await reported(platform, explained)
    assert not platform.public or said.message != explained.message
    assert "question 2 of 5" in (await onward(platform, explained)).words


async def test_who_reported_hears_once_what_became_of_it(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = await begin(chat, TOPIC)
    stem = ITEMS[item_of(first).id].stem
    await reported(chat, await answer(chat, first))
    for _ in range(2):
        await chat.tick_with_reports()
    (for_all,) = chat.posted()
    assert "report 1" in for_all.words
    assert Seen(stem).words in for_all.words
    assert "the answer is wrong" in for_all.words
    assert "ada" not in for_all.words.split()
    assert chat.direct() == []

    monkeypatch.setenv("DATABASE_URL", chat.behind.address)
    arguments = ["settle", "1", "--as", "fixed", "--note", "You were right."]
    settled = await asyncio.to_thread(CliRunner().invoke, reports, arguments)
    assert settled.exit_code == 0, settled.output
    chat.behind.catches_up()
    for _ in range(2):
        await chat.tick()
    (heard,) = chat.direct()
    assert "the question you reported was changed" in heard.words
    assert Seen(stem).words in heard.words
    assert "they say you were right" in heard.words


async def exported(platform: Platform) -> Seen:
    privacy = await platform.command("privacy")
    said = await platform.press(privacy, "Send me all of it")
    return await platform.delivered(said)


async def test_everything_that_is_kept_comes_as_a_file(platform: Platform) -> None:
    _, first = await begin(platform, TOPIC)
    item = item_of(first).id
    explained = await answer(platform, first)
    await reported(platform, explained)
    sent = await exported(platform)
    assert "this is everything that i keep about you" in sent.words
    data = json.loads(await platform.file(sent))
    (kept,) = data["answers"]
    assert kept["item"] == item
    assert kept["score"] == 1.0
    (session,) = data["sessions"]
    assert session["kind"] == "knowledge"
    (report,) = data["reports"]
    assert report["item"] == item


async def test_of_somebody_new_nothing_is_kept(platform: Platform) -> None:
    await platform.command("compare", {"first": "AI engineer", "second": "ML engineer"})
    assert "i keep nothing about you" in (await exported(platform)).words


async def test_everything_is_deleted_only_after_asking(platform: Platform) -> None:
    _, first = await begin(platform, TOPIC)
    await answer(platform, first)
    asked = await platform.press(await platform.command("privacy"), "Delete all of it")
    assert "they cannot come back" in asked.words
    kept = await platform.press(asked, "Keep everything")
    assert "this is what i keep about you" in kept.words
    asked = await platform.press(await platform.command("privacy"), "Delete all of it")
    gone = await platform.press(asked, "Delete everything")
    assert "all of it is gone" in gone.words
    assert "i keep nothing about you" in (await exported(platform)).words
    assert "nothing yet" in (await platform.command("progress")).words


async def test_buttons_of_a_quiz_that_was_deleted_say_so(chat: Chat) -> None:
    _, first = await begin(chat, TOPIC)
    explained = await answer(chat, first)
    asked = await chat.press(await chat.command("privacy"), "Delete all of it")
    await chat.press(asked, "Delete everything")
    for label in ("Next question", "Pause", "Report this question", "Stop"):
        said = await chat.press(explained, label)
        assert "this quiz is not there any more" in said.words
        assert said.labels == ("All quizzes",)
    assert "go on where you left off" not in (await chat.command("quiz")).words


async def test_deleting_leaves_what_others_did(chat: Chat) -> None:
    ben = chat.somebody("Ben")
    _, his = await begin(ben, TOPIC)
    await answer(ben, his)
    asked = await chat.press(await chat.command("privacy"), "Delete all of it")
    assert "there was nothing to delete" in (await chat.press(asked, "Delete everything")).words
    assert "this is everything that i keep about you" in (await exported(ben)).words


async def test_while_the_store_fails_nothing_is_lost(platform: Platform) -> None:
    _, first = await begin(platform, "fit")
    with platform.behind.broken():
        for seen in (
            await platform.press(first, "A"),
            await platform.command("quiz", {"what": TOPIC}),
        ):
            assert seen.private
            assert "i could not save that just now" in seen.words
            assert "nothing of what you did before is lost" in seen.words
        shown = await platform.command("role", {"role": "data analyst"})
        assert "skills that define it" in shown.words
    seen = await platform.delivered(await platform.command("quiz", {"what": "fit"}))
    assert "question 2 of 12" in (await platform.press(seen, "A")).words


async def test_what_was_pressed_in_vain_is_pressed_again(platform: Platform) -> None:
    _, first = await begin(platform, TOPIC)
    with platform.behind.broken():
        await platform.press(first, "I don't know")
    again = await platform.press(first, "I don't know")
    assert again.words.startswith("here is the answer")


async def test_a_store_that_is_closed_opens_with_the_next_start(
    platform: Platform, catalogue: Catalogue, commands: Mapping[str, Command]
) -> None:
    _, first = await begin(platform, TOPIC)
    await platform.behind.close()
    said = await platform.press(first, "I don't know")
    assert "i could not save that just now" in said.words
    await platform.restart(catalogue, commands)
    seen = await platform.delivered(await platform.command("quiz", {"what": "continue"}))
    assert "question 1 of 5" in seen.words


async def test_typing_while_the_store_fails_is_answered(platform: Platform) -> None:
    _, seen = await begin(platform, ROLE)
    while "Type the answer" not in seen.labels:
        seen = await onward(platform, await answer(platform, seen))
    form = await platform.press(seen, "Type the answer")
    with platform.behind.broken():
        said = await platform.fill(form, {"answer": "60"})
        assert "i could not save that just now" in said.words
    assert (await answer(platform, seen)).words.startswith("right")


async def test_a_fan_who_reads_on_after_a_failure_gets_the_same_result(
    chat: Chat, catalogue: Catalogue
) -> None:
    fan = Fan(catalogue, "data-analyst")
    _, seen = await begin(chat, "fit")
    for _ in range(5):
        label = fan.choice(seen)
        with chat.behind.broken():
            await chat.press(seen, label)
        seen = await chat.press(seen, label)
    result = await fan.finishes(chat, seen)
    assert "a clear pull data analyst" in result.words
    assert len(fan.said) == 12
