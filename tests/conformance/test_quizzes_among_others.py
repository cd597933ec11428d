"""What others see of a quiz, which is nothing unless somebody wishes it: cards, boards, packs."""

from __future__ import annotations

import pytest

from bot.core.content.catalogue import Catalogue
from bot.core.intents import Run, SwitchPack, encode
from tests.conformance.on_discord import OnDiscord
from tests.conformance.playing import Fan, answer, begin, onward, to_the_result
from tests.conformance.seen import Chat, Platform, Seen, words
from tests.conformance.small import ROLE, TABLES, TOPIC, small

TABLE_IDS = frozenset(item.id for item in TABLES)


@pytest.fixture(scope="module")
def catalogue(catalogue: Catalogue) -> Catalogue:
    return small(catalogue)


@pytest.fixture
def fan(catalogue: Catalogue) -> Fan:
    return Fan(catalogue, "data-analyst")


def is_card(card: Seen, fan: Fan) -> bool:
    """Whether this shows the verdict, and no answer."""
    assert not any(words(text) in card.words for text in fan.said)
    assert "because you chose" not in card.words
    assert card.labels == ("Take it yourself",)
    return "took the role fit quiz" in card.words and "a clear pull data analyst" in card.words


async def test_a_result_is_shared_from_the_messages_where_the_quiz_began(
    chat: Chat, fan: Fan
) -> None:
    _, first = await begin(chat, "fit")
    result = await fan.finishes(chat, first)
    assert chat.posted() == []
    said = await chat.press(result, "Share the result")
    assert "it is in the channel where you began the quiz" in said.words
    (card,) = chat.posted()
    assert card.words.startswith("ada took")
    assert is_card(card, fan)
    ben = chat.somebody("Ben")
    own = await ben.delivered(await ben.press(card, "Take it yourself"))
    assert "question 1 of 12" in own.words


async def test_where_the_bot_may_not_post_it_says_how_to_share(chat: Chat, fan: Fan) -> None:
    _, first = await begin(chat, "fit")
    result = await fan.finishes(chat, first)
    chat.refuses_posts()
    said = await chat.press(result, "Share the result")
    assert "type share in the channel where you want it" in said.words
    assert "a clear pull data analyst" in said.words
    assert chat.posted() == []
    card = await chat.command("share")
    assert not card.private
    assert is_card(card, fan)


async def test_a_quiz_begun_in_the_messages_says_how_to_share(chat: Chat) -> None:
    first = await chat.in_messages().command("quiz", {"what": TOPIC})
    result, _ = await to_the_result(chat, first)
    said = await chat.press(result, "Share the result")
    assert "type share in the channel where you want it" in said.words
    assert chat.posted() == []


async def test_with_closed_messages_a_result_is_shared_in_place(chat: Chat, fan: Fan) -> None:
    chat.closes_messages()
    result = await fan.finishes(chat, await chat.command("quiz", {"what": "fit"}))
    card = await chat.press(result, "Share the result")
    assert not card.private
    assert is_card(card, fan)


async def test_the_latest_result_is_shared_with_a_command(platform: Platform) -> None:
    nothing = await platform.command("share")
    assert nothing.private
    assert "you have no result to share yet" in nothing.words
    _, first = await begin(platform, TOPIC)
    await to_the_result(platform, first, lambda item: item.id != "table-0")
    card = await platform.command("share")
    assert card.private is not platform.public
    assert "took a quiz" in card.words
    assert "of 5 on sql" in card.words
    assert "which word" not in card.words


async def test_an_open_quiz_is_no_result_to_share(platform: Platform) -> None:
    await begin(platform, "fit")
    assert "you have no result to share yet" in (await platform.command("share")).words


async def test_the_board_shows_those_who_join(platform: Platform) -> None:
    board = await platform.command("leaderboard")
    assert board.private is not platform.public
    assert "nobody is on it yet this week" in board.words
    joined = await platform.press(board, "Join")
    assert joined.private
    assert "you are on the leaderboard" in joined.words
    assert "nobody is on it" in (await platform.command("leaderboard")).words
    _, first = await begin(platform, TOPIC)
    explained = await answer(platform, first, right=False)
    await to_the_result(platform, await onward(platform, explained))
    board = await platform.command("leaderboard")
    assert "4 of 5 answers" in board.words
    left = await platform.press(board, "Leave")
    assert "your name is not shown any more" in left.words
    assert "nobody is on it" in (await platform.command("leaderboard")).words


async def test_only_first_attempts_of_this_week_count(platform: Platform) -> None:
    await platform.press(await platform.command("leaderboard"), "Join")
    _, first = await begin(platform, TOPIC)
    await to_the_result(platform, first, lambda _: False)
    platform.behind.passes(days=3)
    _, review = await begin(platform, "review")
    result, _ = await to_the_result(platform, review)
    assert "your result 5 of 5" in result.words
    assert "0 of 5 answers" in (await platform.command("leaderboard")).words
    platform.behind.passes(days=4)
    assert "nobody is on it" in (await platform.command("leaderboard")).words


async def test_only_those_who_join_are_shown_and_the_best_come_first(chat: Chat) -> None:
    board = await chat.command("leaderboard")
    ben, cleo = chat.somebody("Ben"), chat.somebody("Cleo")
    await chat.press(board, "Join")
    await ben.press(board, "Join")
    for person, right in ((chat, False), (ben, True), (cleo, True)):
        _, question = await begin(person, TOPIC)
        await answer(person, question, right=right)
    shown = (await chat.command("leaderboard")).words
    assert shown.index("ben 1 of 1 answer") < shown.index("ada 0 of 1 answer")
    assert "cleo" not in shown


async def test_another_server_has_a_board_of_its_own(discord: OnDiscord) -> None:
    await discord.press(await discord.command("leaderboard"), "Join")
    _, question = await begin(discord, TOPIC)
    await answer(discord, question)
    elsewhere = discord.in_another_server()
    board = await elsewhere.command("leaderboard")
    assert "nobody is on it" in board.words
    await elsewhere.press(board, "Join")
    assert "nobody is on it" in (await elsewhere.command("leaderboard")).words
    assert "ada 1 of 1 answer" in (await discord.command("leaderboard")).words


async def test_in_the_messages_there_is_no_board(discord: OnDiscord) -> None:
    said = await discord.in_messages().command("leaderboard")
    assert "please ask for it in one" in said.words


async def switched(manager: Chat, name: str, *, off: bool) -> Seen:
    """The packs after one was switched; it stands in one of two selects alone."""
    packs = await manager.command("packs")
    assert f"{words(name)} {'on' if off else 'off'} questions" in packs.words
    return await manager.press(packs, name)


async def test_questions_of_a_pack_that_is_off_do_not_come(chat: Chat) -> None:
    manager = chat.somebody("Mo", manager=True)
    _, before = await begin(chat, TOPIC)
    after = await switched(manager, "Tables", off=True)
    assert "tables off questions" in after.words
    said = await chat.somebody("Ben").command("quiz", {"what": TOPIC})
    assert "there are no questions on sql here" in said.words
    _, placement = await begin(chat, ROLE, "placement")
    _, asked = await to_the_result(chat, placement)
    assert not TABLE_IDS & set(asked)
    result, asked = await to_the_result(chat, before)
    assert len(asked) == 1, "an open quiz keeps what it asked, and asks no more of these"
    assert "your result 1 of 1" in result.words


async def test_a_pack_is_switched_on_again(chat: Chat) -> None:
    manager = chat.somebody("Mo", manager=True)
    await switched(manager, "Tables", off=True)
    assert "tables on questions" in (await switched(manager, "Tables", off=False)).words
    _, question = await begin(chat, TOPIC)
    assert "question 1 of 5" in question.words


async def test_a_pack_that_is_off_here_is_on_elsewhere(discord: OnDiscord) -> None:
    await switched(discord.somebody("Mo", manager=True), "Tables", off=True)
    _, question = await begin(discord.in_another_server(), TOPIC)
    assert "question 1 of 5" in question.words


@pytest.mark.parametrize("intent", [Run("packs"), SwitchPack("tables", on=False)])
async def test_only_managers_choose_packs(chat: Chat, intent: Run | SwitchPack) -> None:
    said = await chat.forge(await chat.command("help"), encode(intent))
    assert said.private
    assert "only people who may manage this server or workspace can do this" in said.words
    packs = await chat.somebody("Mo", manager=True).command("packs")
    assert "tables on questions" in packs.words


async def test_packs_are_chosen_where_they_are_used(platform: Platform) -> None:
    said = await platform.write("/packs")
    if platform.public:
        assert "only people who may manage this server or workspace can do this" in said.words
    else:
        off = await platform.press(said, "Tables")
        assert "tables off questions" in off.words
