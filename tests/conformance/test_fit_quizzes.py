"""The quizzes in which nothing is right or wrong: which role fits, and two roles head to head."""

from __future__ import annotations

import pytest

from bot.core.content.catalogue import Catalogue
from tests.conformance.playing import Fan, begin
from tests.conformance.seen import Chat, Platform, Seen, words

LIKES = "data-analyst"


@pytest.fixture
def fan(catalogue: Catalogue) -> Fan:
    return Fan(catalogue, LIKES)


async def shown_again(platform: Platform) -> Seen:
    """The latest result, as somebody comes back to it."""
    progress = await platform.command("progress")
    return await platform.delivered(await platform.press(progress, "See it again"))


async def test_a_quiz_asked_for_among_others_arrives_in_private(chat: Chat) -> None:
    said, question = await begin(chat, "fit")
    assert said.private
    assert "in a direct message where only you can see it" in said.words
    assert "question" not in said.words
    assert "question 1 of 12" in question.words
    assert question.private
    assert chat.posted() == []


async def test_the_whole_role_fit_quiz(platform: Platform, fan: Fan) -> None:
    _, first = await begin(platform, "fit")
    assert "there are no right answers" in first.words
    assert {"Skip", "Pause", "Stop"} < set(first.labels)
    assert "Back" not in first.labels

    second = await platform.press(first, fan.choice(first))
    assert "question 2 of 12" in second.words
    back = await platform.press(second, "Back")
    assert "question 1 of 12" in back.words
    again = await platform.press(back, fan.choice(back, unlike=True))
    never = fan.said[-1]
    third = await platform.press(again, "Skip")
    assert "question 3 of 12" in third.words
    fourth = await platform.press(third, fan.choice(third))
    assert "question 4 of 12" in fourth.words
    assert {seen.message for seen in (second, back, third, fourth)} == {first.message}

    result = await fan.finishes(platform, fourth)
    assert result.message == first.message
    assert "a clear pull data analyst" in result.words
    assert "because you chose for data analyst" in result.words
    quoted = result.words.partition("because you chose")[2]
    assert sum(words(text) in quoted for text in fan.said) >= 3
    assert words(never) in result.words.partition("what speaks against it")[2]
    assert "the usual way in as data analyst" in result.words
    assert "a starting point not a verdict" in result.words
    assert "%" not in result.text.partition("Because you chose")[0]


async def test_a_result_leads_on(platform: Platform, fan: Fan) -> None:
    _, first = await begin(platform, "fit")
    result = await fan.finishes(platform, first)
    compared = await platform.press(result, "Compare the first two")
    assert compared.words.startswith("data analyst and")
    assert compared.private
    skills = await platform.press(await shown_again(platform), "Skills I would need")
    assert "visualisation and bi" in skills.words
    quiz = await platform.press(await shown_again(platform), "Quiz me on data analyst")
    assert "question 1 of 10" in (await platform.delivered(quiz)).words


async def test_questions_about_means_add_notes_and_change_no_ranking(
    platform: Platform, fan: Fan
) -> None:
    _, first = await begin(platform, "fit")
    result = await fan.finishes(platform, first)
    coding = await platform.press(result, "Is it realistic for me?")
    assert "about the way in 1 of 2" in coding.words
    assert "it does not change which roles fit you" in coding.words
    studying = await platform.press(coding, "A")
    assert "about the way in 2 of 2" in studying.words
    after = await platform.press(studying, "C")
    assert "with your means" in after.words
    assert "start with python and sql" in after.words
    assert "engineering and analyst roles judge work over degrees" in after.words
    assert "Is it realistic for me?" not in after.labels
    ranking = result.words.partition("because you chose")[0]
    assert after.words.startswith(ranking)
    assert after.message == result.message


async def test_answers_are_deleted_only_after_asking(platform: Platform, fan: Fan) -> None:
    _, first = await begin(platform, "fit")
    result = await fan.finishes(platform, first)
    asked = await platform.press(result, "Delete my answers")
    assert "cannot come back" in asked.words
    kept = await platform.press(asked, "Keep them")
    assert kept.words == result.words
    gone = await platform.press(await platform.press(kept, "Delete my answers"), "Delete them")
    assert "the answers of this quiz are gone" in gone.words
    assert "nothing yet" in (await platform.command("progress")).words


async def test_a_quiz_that_is_skipped_too_often_still_ends_in_a_result(
    platform: Platform, fan: Fan
) -> None:
    _, seen = await begin(platform, "fit")
    skips = 0
    while "Skip" in seen.labels:
        seen = await platform.press(seen, "Skip")
        skips += 1
    assert skips > 2
    result = await fan.finishes(platform, seen)
    assert "your result" in result.words
    assert "data analyst" in result.words


async def test_two_roles_head_to_head(platform: Platform, fan: Fan) -> None:
    _, first = await begin(platform, "data analyst", "ML hardware engineer")
    assert "question 1 of 7" in first.words
    assert "about a minute" in first.words
    result = await fan.finishes(platform, first)
    assert "a clear pull towards data analyst" in result.words
    assert "what set it apart from ml hardware engineer" in result.words
    assert "See it again" in (await platform.command("progress")).labels


async def test_two_roles_are_chosen_from_the_menu(platform: Platform) -> None:
    menu = await platform.command("quiz")
    assert "short private and without a clock" in menu.words
    first = await platform.press(menu, "Two roles head to head")
    assert "which is the first role" in first.words
    second = await platform.press(first, "Data analyst")
    assert "which role do you hold against data analyst" in second.words
    assert "Data analyst" not in second.labels
    quiz = await platform.delivered(await platform.press(second, "Data engineer"))
    assert "question 1 of 7" in quiz.words
    again = await platform.command("quiz")
    assert "Data analyst and data engineer, 1 of 7" in again.labels


async def test_the_menu_begins_a_quiz(platform: Platform) -> None:
    menu = await platform.command("quiz")
    quiz = await platform.delivered(await platform.press(menu, "Which role fits me?"))
    assert "question 1 of 12" in quiz.words


@pytest.mark.parametrize("rival", ["data analyst", "head to head"])
async def test_a_role_needs_another_one_to_be_held_against(platform: Platform, rival: str) -> None:
    asked = await platform.command("quiz", {"what": "data analyst", "against": rival})
    assert "which role do you hold against data analyst" in asked.words


async def test_a_skill_cannot_be_held_against_a_role(platform: Platform) -> None:
    said = await platform.command("quiz", {"what": "sql", "against": "data analyst"})
    assert "only two roles can be held against each other" in said.words
    assert "which is the first role" in (await platform.press(said, "Choose two")).words


async def test_an_unknown_topic_is_asked_back(platform: Platform) -> None:
    said = await platform.command("quiz", {"what": "underwater basket weaving"})
    assert said.private
    assert "i don t know" in said.words
    assert "underwater basket weaving" in said.words


async def test_a_placement_needs_a_role(platform: Platform) -> None:
    said = await platform.command("quiz", {"what": "rag", "against": "placement"})
    assert "a placement needs a role" in said.words
    (label,) = (label for label in said.labels if label.startswith("Questions on"))
    quiz = await platform.delivered(await platform.press(said, label))
    assert "question 1 of 5" in quiz.words
