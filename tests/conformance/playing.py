"""How a person goes through a quiz: reads the question, knows the answer or not, presses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import ascii_uppercase
from typing import assert_never

from bot.core.content.catalogue import Catalogue
from bot.core.content.quizzes import ChoiceItem, FitItem, Item, NumericItem, OrderingItem, TextItem
from tests.conformance.seen import Platform, Seen, words
from tests.conformance.small import ITEMS

STOP = "Stop"
"""What can be pressed for as long as a quiz is on."""


async def begin(platform: Platform, what: str, against: str = "") -> tuple[Seen, Seen]:
    """Ask for a quiz: what is said about it, and its first question."""
    options = {"what": what, "against": against} if against else {"what": what}
    said = await platform.command("quiz", options)
    return said, await platform.delivered(said)


def option(seen: Seen, text: str) -> str:
    """The label of the button for an option that is short enough to stand on it."""
    return next(label for label in seen.labels if label.endswith(f": {text}"))


def item_of(seen: Seen) -> Item:
    """The knowledge question that is asked."""
    return next(item for item in ITEMS.values() if words(item.stem) in seen.words)


async def answer(platform: Platform, seen: Seen, *, right: bool = True) -> Seen:
    """Answer the knowledge question that is shown; what is said about it."""
    item = item_of(seen)
    match item:
        case ChoiceItem(format="multiple"):
            for one in item.right if right else item.wrong:
                seen = await platform.press(seen, option(seen, one.text))
            return await platform.press(seen, "Submit")
        case ChoiceItem():
            wanted = item.right if right else item.wrong
            return await platform.press(seen, option(seen, wanted[0].text))
        case OrderingItem():
            for step in item.steps if right else reversed(item.steps):
                seen = await platform.press(seen, option(seen, step.text))
            return await platform.press(seen, "Submit")
        case NumericItem():
            return await typed(platform, seen, f"{item.answer:g}" if right else "1")
        case TextItem():
            return await typed(platform, seen, item.accepted[0] if right else "overtime")
        case _:
            assert_never(item)


async def typed(platform: Platform, seen: Seen, text: str) -> Seen:
    """Open the form of a question, type an answer and send it."""
    form = await platform.press(seen, "Type the answer")
    assert form.form == ("answer",)
    return await platform.fill(form, {"answer": text})


async def onward(platform: Platform, seen: Seen) -> Seen:
    """From an explanation to the next question, or to the result."""
    label = "See the result" if "See the result" in seen.labels else "Next question"
    return await platform.press(seen, label)


async def to_the_result(
    platform: Platform, seen: Seen, right: Callable[[Item], bool] = lambda _: True
) -> tuple[Seen, list[str]]:
    """Answer everything that is asked; the result, and what was asked, in order."""
    asked: list[str] = []
    while STOP in seen.labels:
        item = item_of(seen)
        asked.append(item.id)
        explained = await answer(platform, seen, right=right(item))
        seen = await onward(platform, explained)
    return seen, asked


class Fan:
    """Somebody who answers a role-fit quiz as a person made for one role would."""

    def __init__(self, catalogue: Catalogue, role: str) -> None:
        self._profile: Mapping[str, int] = catalogue.content.roles[role].fit or {}
        self._items = catalogue.content.fit.items
        self.said: list[str] = []
        """What was chosen, in order."""

    def choice(self, seen: Seen, *, unlike: bool = False) -> str:
        """The label to press: what such a person likes best, or would never do."""
        item = next(item for item in self._items if words(item.stem) in seen.words)
        best = (min if unlike else max)(item.options, key=lambda one: self._worth(one.load))
        self.said.append(best.text)
        return letter(seen, item, best.text)

    def _worth(self, load: Mapping[str, int]) -> float:
        return sum(self._profile.get(trait, 0) * weight for trait, weight in load.items())

    async def finishes(self, platform: Platform, seen: Seen) -> Seen:
        """Answer everything that is left; the result."""
        while STOP in seen.labels:
            seen = await platform.press(seen, self.choice(seen))
        return seen


def letter(seen: Seen, item: FitItem, text: str) -> str:
    """The label of an option: its letter, with the text where all texts are short."""
    shown = sorted(item.options, key=lambda one: seen.words.index(words(one.text)))
    wanted = next(ascii_uppercase[n] for n, one in enumerate(shown) if one.text == text)
    return next(label for label in seen.labels if label.partition(":")[0] == wanted)
