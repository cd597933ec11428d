"""The quizzes in which answers are right or not: rounds, placements and reviews."""

from __future__ import annotations

import pytest

from bot.core.content.catalogue import Catalogue
from tests.conformance.playing import answer, begin, item_of, onward, option, to_the_result, typed
from tests.conformance.seen import Platform, Seen
from tests.conformance.small import MODELS, ROLE, TABLES, TOPIC, WHY, small


@pytest.fixture(scope="module")
def catalogue(catalogue: Catalogue) -> Catalogue:
    return small(catalogue)


async def until(platform: Platform, wanted: str) -> Seen:
    """The question with this id in a quiz on the role; those before it are answered right."""
    _, seen = await begin(platform, ROLE)
    while item_of(seen).id != wanted:
        seen = await onward(platform, await answer(platform, seen))
    return seen


async def test_the_whole_knowledge_quiz(platform: Platform) -> None:
    said, seen = await begin(platform, ROLE)
    assert said.private
    first = seen
    for number in range(1, len(MODELS) + 1):
        assert f"question {number} of {len(MODELS)}" in seen.words
        right = number > 2
        explained = await answer(platform, seen, right=right)
        assert explained.message == first.message
        assert explained.words.startswith("right" if right else "not right")
        assert f"why {Seen(WHY).words}" in explained.words
        assert "Report this question" in explained.labels
        seen = await onward(platform, explained)
    assert seen.message == first.message
    assert f"your result {len(MODELS) - 2} of {len(MODELS)}" in seen.words
    assert "by skill" in seen.words
    assert "what you missed" in seen.words
    assert "what comes back for review" in seen.words
    assert {"Another round", "Remind me to review", "Share the result"} < set(seen.labels)
    progress = await platform.command("progress")
    assert f"ml engineer {len(MODELS) - 2} of {len(MODELS)} 2 march 2026" in progress.words
    assert "mathematics and statistics" in progress.words
    assert "nothing is due" in progress.words


async def test_the_result_says_what_was_missed_and_what_to_read(platform: Platform) -> None:
    _, seen = await begin(platform, ROLE)
    result, _ = await to_the_result(platform, seen, lambda item: item.id != "metric")
    missed = result.words.partition("what you missed")[2]
    assert "asked which measure suits a rare class" in missed
    assert "right recall" in missed
    assert "alarms" not in missed
    bars = result.words.partition("by skill")[2].partition("what you missed")[0]
    assert "1 of 2" in bars
    assert "2 of 2" in bars
    read = await platform.press(result, "Classical ML (trees, boosting, linear)")
    assert "classical ml" in read.words
    assert "who needs it most" in read.words


async def test_one_choice_is_one_press(platform: Platform) -> None:
    seen = await until(platform, "metric")
    assert "Submit" not in seen.labels
    explained = await platform.press(seen, option(seen, "Accuracy"))
    assert explained.words.startswith("not right")
    assert "not right your answer accuracy" in explained.words
    assert "right recall this is how it is meant" in explained.words


async def test_true_stands_before_false_and_the_source_is_named(platform: Platform) -> None:
    seen = await until(platform, "outlier")
    assert {"A: True", "B: False"} < set(seen.labels)
    explained = await platform.press(seen, "A: True")
    assert "source" in explained.words
    assert "levels.fyi" in explained.text.casefold()


async def test_several_options_are_picked_dropped_and_submitted(platform: Platform) -> None:
    seen = await until(platform, "registry")
    assert "pick all that are right then press submit" in seen.words
    assert "Submit" not in seen.labels
    label = option(seen, "Salaries")
    picked = await platform.press(seen, label)
    assert f"picked {label[0].casefold()}" in picked.words
    dropped = await platform.press(picked, f"Drop {label[0]}")
    assert "Submit" not in dropped.labels
    seen = dropped
    for text in ("Versions", "Approvals"):
        seen = await platform.press(seen, option(seen, text))
    explained = await platform.press(seen, "Submit")
    assert explained.words.startswith("right")


async def test_one_of_two_right_options_is_partly_right(platform: Platform) -> None:
    seen = await until(platform, "registry")
    seen = await platform.press(seen, option(seen, "Versions"))
    explained = await platform.press(seen, "Submit")
    assert explained.words.startswith("partly right 50%")


async def test_an_order_is_pressed_begun_again_and_submitted(platform: Platform) -> None:
    seen = await until(platform, "life")
    wrong = await platform.press(seen, option(seen, "Deploy"))
    assert "your order so far" in wrong.words
    assert not any(label.endswith("Deploy") for label in wrong.labels)
    assert "Submit" not in wrong.labels
    seen = await platform.press(wrong, "Start again")
    for text in ("Train", "Evaluate", "Deploy"):
        seen = await platform.press(seen, option(seen, text))
    explained = await platform.press(seen, "Submit")
    assert explained.words.startswith("right")
    assert "your order train evaluate deploy" in explained.words


@pytest.mark.parametrize("number", ["60", "60 %", "sixty is 60", "60.0"])
async def test_a_number_is_typed_in_many_ways(platform: Platform, number: str) -> None:
    seen = await until(platform, "precision")
    assert "type a number in" in seen.words
    explained = await typed(platform, seen, number)
    assert explained.words.startswith("right")
    assert "the right answer 60" in explained.words


@pytest.mark.parametrize("nonsense", ["twelve-ish", "between 50 and 60", "🙂"])
async def test_what_is_no_number_is_asked_again_and_not_counted(
    platform: Platform, nonsense: str
) -> None:
    seen = await until(platform, "precision")
    again = await typed(platform, seen, nonsense)
    assert again.message == seen.message
    assert "that is not an answer yet" in again.words
    assert "nothing is counted yet" in again.words
    assert "of 50 alarms 30 were real" in again.words
    assert (await typed(platform, again, "60")).words.startswith("right")


async def test_a_word_is_typed(platform: Platform) -> None:
    explained = await typed(platform, await until(platform, "by-heart"), " Over-Fitting. ")
    assert explained.words.startswith("right")


async def test_hostile_words_are_an_answer_like_any_other(platform: Platform) -> None:
    hostile = "@everyone <@1> <!channel> [x](https://evil.example) **b**"
    explained = await typed(platform, await until(platform, "by-heart"), hostile)
    assert explained.words.startswith("not right")
    assert "the right answer overfitting" in explained.words


async def test_a_situation_is_told_before_it_is_asked_about(platform: Platform) -> None:
    seen = await until(platform, "slow")
    told, _, _ = seen.words.partition("where do you look first")
    assert "a service has been slow since monday" in told


async def test_not_knowing_is_an_answer(platform: Platform) -> None:
    _, seen = await begin(platform, TOPIC)
    explained = await platform.press(seen, "I don't know")
    assert explained.words.startswith("here is the answer")
    assert Seen(WHY).words in explained.words
    assert "your answer" not in explained.words
    result, _ = await to_the_result(platform, await onward(platform, explained))
    assert "your result 4 of 5" in result.words


async def test_another_round_asks_what_was_not_asked_yet(platform: Platform) -> None:
    _, seen = await begin(platform, TOPIC)
    result, first = await to_the_result(platform, seen)
    assert "your result 5 of 5" in result.words
    assert "nothing was missed" in result.words
    again = await platform.delivered(await platform.press(result, "Another round"))
    _, second = await to_the_result(platform, again)
    assert len(set(first)) == len(first)
    assert set(first) | set(second) == {item.id for item in TABLES}
    assert not set(first) & set(second[: len(TABLES) - len(first)])


async def test_a_placement_finds_a_level_in_every_group(platform: Platform) -> None:
    _, seen = await begin(platform, ROLE, "placement")
    assert "question 1 of 12" in seen.words
    result, asked = await to_the_result(platform, seen, lambda item: item.skill != TOPIC)
    assert len(asked) == 12
    levels = result.words.partition("your level")[2].partition("by skill")[0]
    assert "programming and software craft aware" in levels
    assert "mathematics and statistics strong" in levels
    assert "machine learning strong" in levels


async def test_what_is_due_comes_back_days_later(platform: Platform) -> None:
    _, seen = await begin(platform, TOPIC)
    _, asked = await to_the_result(platform, seen, lambda _: False)
    early = await platform.command("quiz", {"what": "review"})
    assert "nothing is due" in early.words
    assert "All quizzes" in early.labels
    platform.behind.passes(days=3)
    progress = await platform.command("progress")
    assert "5 questions are due" in progress.words
    menu = await platform.command("quiz")
    assert "Review what is due (5)" in menu.labels
    review = await platform.delivered(await platform.press(menu, "Review what is due (5)"))
    assert "question 1 of 5" in review.words
    result, repeated = await to_the_result(platform, review)
    assert "your result 5 of 5" in result.words
    assert sorted(repeated) == sorted(asked)
    later = await platform.command("quiz", {"what": "review"})
    assert "nothing is due" in later.words


async def test_a_topic_without_questions_says_so(platform: Platform) -> None:
    said = await platform.command("quiz", {"what": "kubernetes"})
    assert "there are no questions on kubernetes and scheduling here" in said.words
    assert "what do i know" in (await platform.press(said, "All quizzes")).words
