"""Readers answer the question of an issue, with a store behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.core.command import Actor, Click, Say, Update
from bot.core.content.catalogue import Catalogue, index
from bot.core.content.quizzes import ChoiceItem
from bot.core.desk import Desk
from bot.core.dispatch import Dispatcher
from bot.core.intents import Intent, Run, encode
from bot.core.newsletter.question import order_of
from bot.core.ports import Unit
from bot.core.problems import outdated, try_again
from bot.core.reader_intents import PREVIEWED, OpenQuestion, Vote
from bot.core.subscribing.asking import posted_view
from bot.core.subscriptions import DeliveryState, IssueDelivery, Settlement
from bot.core.views import (
    Actions,
    Bars,
    Block,
    Bold,
    Bullets,
    Button,
    Fields,
    Heading,
    Notice,
    Prose,
    Text,
    View,
    plain,
)
from bot.store.database import Database, database_url
from tests.store.samples import NOW, SERVER, a_delivery, a_subscription

ISSUE, ITEM = "sql-is-not-going-away", "sql-05"

ANN = Actor("discord", "1", community=SERVER, channel="5")
BEN = Actor("discord", "2", community=SERVER, channel="5")


class Channel:
    """A channel that gets issues, and readers in it."""

    def __init__(self, catalogue: Catalogue, store: Database) -> None:
        self.store = store
        self.use(catalogue)

    def use(self, catalogue: Catalogue) -> None:
        """From now on the content is this."""
        self.dispatcher = Dispatcher(catalogue, desk=Desk(self.store, lambda: NOW))

    async def issue(self, day: int, key: str = ISSUE) -> tuple[int, View]:
        """The number of an issue that was posted on a day, and what was posted."""
        context = self.dispatcher.context()

        def work(unit: Unit) -> tuple[int, View]:
            subscription = unit.newsletters.in_channel("discord", "5")
            if subscription is None:
                subscription = unit.newsletters.add(a_subscription())
            date = NOW.date() + dt.timedelta(days=day)
            unit.newsletters.plan([a_delivery(subscription, date=date, issue=key)])
            [delivery] = unit.newsletters.history(subscription.id, 1)
            shown = posted_view(unit, delivery, subscription, context)
            unit.newsletters.take_over("discord", "token")
            [claimed] = unit.newsletters.claim("discord", "token", NOW, 1)
            unit.newsletters.settle([Settlement(claimed, DeliveryState.SENT, "", NOW, NOW)])
            return delivery.id, shown

        return await self.store.write(work)

    async def again(self, identity: int) -> View:
        """What is posted at another try."""
        context = self.dispatcher.context()

        def work(unit: Unit) -> View:
            delivery = unit.newsletters.delivery(identity)
            assert isinstance(delivery, IssueDelivery)
            subscription = unit.newsletters.get(delivery.subscription)
            assert subscription
            return posted_view(unit, delivery, subscription, context)

        return await self.store.write(work)

    async def opens(self, identity: int) -> OpenQuestion:
        """What the button in an issue means."""
        asked = await self.store.read(lambda unit: unit.votes.asked(identity))
        assert asked
        return OpenQuestion(asked.version)

    async def press(self, intent: Intent, actor: Actor = ANN) -> View:
        """What a reader sees, and nobody else."""
        effect = await self.dispatcher.click(Click(intent, actor))
        assert isinstance(effect, Say | Update), effect
        assert isinstance(effect, Update) or effect.visibility.value == "private"
        return effect.view


@pytest_asyncio.fixture
async def channel(catalogue: Catalogue, tmp_path: Path) -> AsyncIterator[Channel]:
    store = Database(database_url(tmp_path, None))
    yield Channel(catalogue, store)
    await store.close()


@pytest.fixture
def item(catalogue: Catalogue) -> ChoiceItem:
    found = catalogue.content.items[ITEM]
    assert isinstance(found, ChoiceItem)
    return found


def words(view: View) -> str:
    return "\n".join([view.title, *(line for block in view.blocks for line in lines(block))])


def lines(block: Block) -> list[str]:
    match block:
        case Heading(text):
            return [text]
        case Prose(spans) | Notice(spans):
            return [plain(spans)]
        case Bullets(items):
            return list(map(plain, items))
        case Fields(pairs):
            return [f"{name}: {plain(value)}" for name, value in pairs]
        case Bars(rows):
            return [f"{bar.name} {bar.words}" for bar in rows]
        case _:
            return []


def buttons(view: View) -> dict[str, Intent]:
    return {
        item.label: item.intent
        for block in view.blocks
        if isinstance(block, Actions)
        for item in block.items
        if isinstance(item, Button)
    }


def fields(view: View) -> Fields:
    [found] = [block for block in view.blocks if isinstance(block, Fields)]
    return found


def without_item(catalogue: Catalogue) -> Catalogue:
    """The content after the question and the issue were taken out."""
    content = catalogue.content
    items = {key: item for key, item in content.items.items() if key != ITEM}
    issues = {key: issue for key, issue in content.issues.items() if key != ISSUE}
    return index(replace(content, version="later", items=items, issues=issues))


def edited(catalogue: Catalogue, item: ChoiceItem) -> Catalogue:
    """The content after the question was rewritten: another right option, in another place."""
    written = item.model_dump()
    first, *others = written["wrong"]
    written["stem"] = "Something else is asked now, is it not?"
    written["right"], written["wrong"] = [{"text": first["text"]}], [*written["right"], *others]
    other = ChoiceItem.model_validate(written)
    content = catalogue.content
    return index(replace(content, version="later", items={**content.items, ITEM: other}))


# Asking


async def test_the_button_below_the_question_opens_it_in_private_in_the_same_order(
    channel: Channel, item: ChoiceItem
) -> None:
    number, posted = await channel.issue(0)
    opens = buttons(posted)["Answer it"]
    assert opens == await channel.opens(number)
    asked = await channel.press(opens)
    assert plain((Text(item.stem),)).replace("`", "") in words(asked)
    assert fields(asked) == fields(posted)
    assert list(buttons(asked).items()) == [
        (letter, Vote(number, place)) for place, letter in enumerate("ABCD")
    ]
    assert "Nobody else sees what you choose" in words(asked)


async def test_an_id_holds_nothing_but_the_place(channel: Channel, item: ChoiceItem) -> None:
    number, _ = await channel.issue(0)
    asked = await channel.press(await channel.opens(number))
    ids = [encode(intent) for intent in buttons(asked).values()]
    assert ids == [f"v:{number}:{place}" for place in range(4)]
    assert order_of(item)[0] != 0


async def test_a_preview_says_that_it_is_one(channel: Channel) -> None:
    for intent in (OpenQuestion(PREVIEWED),):
        assert "This is a preview" in words(await channel.press(intent))


# Answering


async def test_an_answer_is_kept_and_says_nothing_of_right_or_wrong(
    channel: Channel, item: ChoiceItem
) -> None:
    number, _ = await channel.issue(0)
    seen = set()
    for place in range(4):
        said = await channel.press(Vote(number, place))
        option = plain(fields(await channel.press(await channel.opens(number))).pairs[place][1])
        assert f"You chose {'ABCD'[place]}: {option}" in words(said)
        assert "The answer comes with the next issue" in words(said)
        assert buttons(said) == {
            "Change it": await channel.opens(number),
            "Practise this skill": Run("quiz", (item.skill,)),
        }
        seen.add(words(said).replace(option, "").replace(f"chose {'ABCD'[place]}", ""))
    assert len(seen) == 1


async def test_who_has_answered_sees_it_and_can_change_it(channel: Channel) -> None:
    number, _ = await channel.issue(0)
    await channel.press(Vote(number, 2))
    await channel.press(Vote(number, 2))
    again = await channel.press(await channel.opens(number))
    assert "You chose C. Until the next issue you can change it" in words(again)
    await channel.press(buttons(again)["A"])
    assert "You chose A." in words(await channel.press(await channel.opens(number)))
    assert "You chose" not in words(await channel.press(await channel.opens(number), BEN))
    tally = await channel.store.read(lambda unit: unit.votes.tally(number))
    assert sum(tally.values()) == 1


async def test_where_the_store_fails_it_says_so(channel: Channel) -> None:
    number, _ = await channel.issue(0)
    await channel.store.close()
    said = await channel.press(Vote(number, 0))
    assert said.title == try_again().title


@pytest.mark.parametrize(
    "actor",
    [
        replace(ANN, community="discord:guild:78"),
        replace(ANN, community=None),
        replace(ANN, platform="slack", community="slack:/T1"),
    ],
    ids=["another server", "messages", "another platform"],
)
async def test_only_the_community_of_the_issue_may_answer(channel: Channel, actor: Actor) -> None:
    number, _ = await channel.issue(0)
    for intent in (await channel.opens(number), Vote(number, 0)):
        assert (await channel.press(intent, actor)).title == outdated().title
    assert await channel.store.read(lambda unit: unit.votes.tally(number)) == {}


async def test_what_was_never_asked_cannot_be_answered(channel: Channel) -> None:
    number, _ = await channel.issue(0)
    silent, posted = await channel.issue(1, "how-to-read-an-advert")
    assert "Answer it" not in buttons(posted)
    for intent in (
        OpenQuestion("0123456789abcdef"),
        Vote(number + 50, 0),
        Vote(number, 4),
        Vote(number, 9),
        Vote(silent, 0),
    ):
        assert (await channel.press(intent)).title == outdated().title


async def test_a_planned_issue_that_was_not_made_cannot_be_answered(channel: Channel) -> None:
    number, _ = await channel.issue(0)

    def work(unit: Unit) -> int:
        subscription = unit.newsletters.in_channel("discord", "5")
        assert subscription
        date = NOW.date() + dt.timedelta(days=1)
        unit.newsletters.plan([a_delivery(subscription, date=date, issue=ISSUE)])
        [delivery] = unit.newsletters.history(subscription.id, 1)
        return delivery.id

    waiting = await channel.store.write(work)
    assert waiting != number
    assert (await channel.press(Vote(waiting, 0))).title == outdated().title


# The answer


async def test_the_next_issue_begins_with_the_answer(channel: Channel, item: ChoiceItem) -> None:
    number, _ = await channel.issue(0)
    right = order_of(item).index(0)
    for user in range(12):
        place = right if user < 9 else (right + 1) % 4
        await channel.press(Vote(number, place), replace(ANN, user=str(user)))
    _, posted = await channel.issue(7, "prompting-is-a-skill")
    told = words(posted)
    assert told.index("Last time's question") < told.index("In spring 2023")
    assert f"The right answer is {'ABCD'[right]}: {plain(option_of(item))}" in told
    assert "12 people answered:" in told
    assert f"{'ABCD'[right]}, right: " in told
    assert "9 of 12, 75%" in told
    assert "3 of 12, 25%" in told
    assert "Asked on 20 November 2026." in told
    assert told.count("0 of 12, 0%") == 2


def option_of(item: ChoiceItem) -> tuple[Text, ...]:
    return (Text(item.right[0].text.replace("`", "")),)


async def test_after_that_the_old_button_explains_every_option(
    channel: Channel, item: ChoiceItem
) -> None:
    number, _ = await channel.issue(0)
    right = order_of(item).index(0)
    await channel.press(Vote(number, right))
    await channel.press(Vote(number, (right + 1) % 4), BEN)
    await channel.issue(7, "how-to-read-an-advert")
    mine, theirs = (
        await channel.press(await channel.opens(number)),
        await channel.press(Vote(number, right), BEN),
    )
    others = await channel.press(await channel.opens(number), replace(ANN, user="3"))
    assert [view.title for view in (mine, theirs, others)] == [
        "Right",
        "Not right",
        "Here is the answer",
    ]
    for view in (mine, theirs, others):
        assert "2 people answered:" in words(view)
        assert "1 of 2\n" in words(view)
        assert "%" not in words(view)
        assert buttons(view) == {"Practise this skill": Run("quiz", (item.skill,))}
        for option in item.options:
            assert (option.why or "").replace("`", "")[:40] in words(view)
    assert f"{'ABCD'[right]}, right, your answer: " in words(mine)
    assert "not right, your answer: " in words(theirs)
    assert "your answer" not in words(others)


async def test_where_nobody_answered_it_still_gives_the_answer(channel: Channel) -> None:
    number, _ = await channel.issue(0)
    _, posted = await channel.issue(7, "how-to-read-an-advert")
    assert "Nobody answered it." in words(posted)
    assert "The right answer is" in words(posted)
    assert not [block for block in posted.blocks if isinstance(block, Bars)]
    assert "Nobody answered it." in words(await channel.press(await channel.opens(number)))


# The content changes


async def test_what_was_asked_stays_when_the_content_changes(
    channel: Channel, catalogue: Catalogue, item: ChoiceItem
) -> None:
    number, posted = await channel.issue(0)
    right = order_of(item).index(0)
    before = await channel.press(await channel.opens(number))
    channel.use(edited(catalogue, item))
    assert fields(await channel.press(await channel.opens(number))) == fields(before)
    assert words(await channel.again(number)) == words(posted)
    await channel.press(Vote(number, right))
    channel.use(without_item(catalogue))
    await channel.press(Vote(number, right), BEN)
    _, following = await channel.issue(7, "digest 0")
    assert f"The right answer is {'ABCD'[right]}: {plain(option_of(item))}" in words(following)
    assert (await channel.press(await channel.opens(number), BEN)).title == "Right"


async def test_a_second_try_asks_and_reveals_the_same(
    channel: Channel, catalogue: Catalogue, item: ChoiceItem
) -> None:
    first, _ = await channel.issue(0)
    await channel.press(Vote(first, 0))
    second, posted = await channel.issue(7)
    await channel.press(Vote(first, 1))
    await channel.press(Vote(first, 1), BEN)
    assert words(await channel.again(second)) == words(posted)
    channel.use(edited(catalogue, item))
    assert words(await channel.again(second)) == words(posted)


async def test_where_the_skill_is_gone_there_is_nothing_to_practise(
    channel: Channel, catalogue: Catalogue, item: ChoiceItem
) -> None:
    number, _ = await channel.issue(0)
    content = catalogue.content
    skills = {key: skill for key, skill in content.skills.items() if key != item.skill}
    channel.use(index(replace(content, version="later", skills=skills)))
    assert list(buttons(await channel.press(Vote(number, 0)))) == ["Change it"]


async def test_stems_are_bold_as_they_are_in_quizzes(channel: Channel) -> None:
    number, _ = await channel.issue(0)
    asked = await channel.press(await channel.opens(number))
    first = asked.blocks[0]
    assert isinstance(first, Prose)
    assert isinstance(first.spans[0], Bold)
