"""What an answer to a knowledge item is worth, and in which order its options are shown."""

from __future__ import annotations

import hashlib
import unicodedata
from itertools import combinations, count
from math import factorial
from typing import TypeAlias, assert_never

from bot.core.content.quizzes import (
    ChoiceItem,
    Item,
    ItemOption,
    NumericItem,
    OrderingItem,
    TextItem,
)
from bot.core.quiz import numbers

MOST_TYPED = 300
"""Characters of a typed answer that are read."""

Response: TypeAlias = tuple[int, ...] | str
"""Indices of options in the content's order (that of `options_of`), or typed text."""

_NO_NUMBER = "Please type one number, for example 42 or 3.5."
_ROUNDING = 1e-9
"""Share of an answer by which a number may miss the tolerance: 0.1 + 0.2 is not quite 0.3."""


class InvalidResponseError(ValueError):
    """The response does not fit the item; the message tells the person in a sentence what would."""


def options_of(item: Item) -> tuple[ItemOption, ...]:
    """The options or the steps of an item, in the content's order; none where one types."""
    match item:
        case ChoiceItem():
            return item.options
        case OrderingItem():
            return item.steps
        case NumericItem() | TextItem():
            return ()
        case _:
            assert_never(item)


def shown_order(item: Item, seed: int) -> tuple[int, ...]:
    """The indices of all options in the order in which they are shown.

    They are shuffled by `seed`, in the same way on every machine and for ever. But True stands
    before False, options that all begin with a number stand in the order of the numbers, and
    steps never stand in the right order.
    """
    match item:
        case OrderingItem():
            right = tuple(range(len(item.steps)))
            shuffles = (_shuffled(item, f"{seed}/{attempt}") for attempt in count())
            return next(shuffle for shuffle in shuffles if shuffle != right)
        case ChoiceItem(format="true-false"):
            texts = [option.text.casefold() for option in item.options]
            return (texts.index("true"), texts.index("false"))
        case ChoiceItem():
            shuffled = _shuffled(item, str(seed))
            known: list[float] = []
            for option in item.options:
                number = numbers.leading(option.text)
                if number is None:
                    return shuffled
                known.append(number)
            return tuple(sorted(shuffled, key=known.__getitem__))
        case NumericItem() | TextItem():
            return ()
        case _:
            assert_never(item)


def guess_chance(item: Item) -> float:
    """The probability, 0 to below 1, that a blind guess is entirely right."""
    match item:
        case ChoiceItem(format="multiple"):
            return 0.5 ** len(item.options)
        case ChoiceItem():
            return 1 / len(item.options)
        case OrderingItem():
            return 1 / factorial(len(item.steps))
        case NumericItem() | TextItem():
            return 0.0
        case _:
            assert_never(item)


def grade(item: Item, response: Response) -> float:
    """What a response is worth, from 0 (wrong) to 1 (right).

    One of several options is right or wrong. Of options to select, with k right and m wrong ones,
    the score is `hits / k - false picks / m`, but at least 0: plus/minus scoring, so that picking
    at random or picking everything brings nothing. Steps score `(concordant - discordant) / pairs`
    (Kendall's tau), also at least 0. Numbers are right within the tolerance; words are right
    whatever their case, spaces, punctuation, accents and dashes.

    Raises:
        InvalidResponseError: If the response does not fit the item.
    """
    match item:
        case ChoiceItem(format="multiple"):
            return _selection(item, _indices(item, response))
        case ChoiceItem():
            return _one_choice(item, _indices(item, response))
        case OrderingItem():
            return _order(item, _indices(item, response))
        case NumericItem():
            return _number(item, _typed(response))
        case TextItem():
            return _words(item, _typed(response))
        case _:
            assert_never(item)


def _one_choice(item: ChoiceItem, chosen: tuple[int, ...]) -> float:
    if len(chosen) != 1:
        raise InvalidResponseError("Please choose one of the options.")
    return float(chosen[0] < len(item.right))


def _selection(item: ChoiceItem, chosen: tuple[int, ...]) -> float:
    hits = sum(index < len(item.right) for index in chosen)
    false_picks = len(chosen) - hits
    lost = false_picks / len(item.wrong) if item.wrong else 0.0
    return max(0.0, hits / len(item.right) - lost)


def _order(item: OrderingItem, order: tuple[int, ...]) -> float:
    if len(order) != len(item.steps):
        raise InvalidResponseError(f"Please put all {len(item.steps)} steps in order.")
    pairs = [1 if first < second else -1 for first, second in combinations(order, 2)]
    return max(0.0, sum(pairs) / len(pairs))


def _number(item: NumericItem, text: str) -> float:
    quantity = numbers.read(text)
    if quantity is None:
        raise InvalidResponseError(_NO_NUMBER)
    if quantity.is_scaled(item.unit):
        raise InvalidResponseError("Please write the number out in full: 5000 rather than 5k.")
    if quantity.is_in_another_unit(item.unit):
        raise InvalidResponseError(f"Please give the number in {item.unit}.")
    values = [quantity.value]
    if quantity.percent and item.unit is None:
        # The item may count in per cent or in shares of 1, and does not say which.
        values.append(quantity.value / 100)
    slack = item.tolerance + _ROUNDING * max(abs(item.answer), item.tolerance)
    return float(any(abs(value - item.answer) <= slack for value in values))


def _words(item: TextItem, text: str) -> float:
    return float(_folded(text) in {_folded(accepted) for accepted in item.accepted})


def _indices(item: ChoiceItem | OrderingItem, response: Response) -> tuple[int, ...]:
    match response:
        case str():
            problem = "Please use the options of the question rather than typing."
        case _ if not all(0 <= index < len(options_of(item)) for index in response):
            problem = "That option does not belong to this question; please choose again."
        case _ if len(set(response)) < len(response):
            problem = "Please use each option only once."
        case _:
            return response
    raise InvalidResponseError(problem)


def _typed(response: Response) -> str:
    match response:
        case tuple():
            problem = "Please type your answer to this question."
        case _ if len(response) > MOST_TYPED:
            problem = f"Please keep your answer within {MOST_TYPED} characters."
        case _ if not _visible(response):
            problem = "Please type an answer first."
        case _:
            return response
    raise InvalidResponseError(problem)


def _visible(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c)[0] not in "CZ")


def _shuffled(item: Item, salt: str) -> tuple[int, ...]:
    # A keyed hash, because Python promises the same shuffle from `random` for no two versions.
    def rank(index: int) -> bytes:
        return hashlib.blake2b(f"{item.id}/{salt}/{index}".encode(), digest_size=16).digest()

    return tuple(sorted(range(len(options_of(item))), key=rank))


def _folded(text: str) -> str:
    """A text as it is compared: letters, digits and the `+` and `#` of C++ and C#.

    Only the accents of European letters go; elsewhere a mark makes another letter. A full stop
    between digits stays, for 3.11 is not 311. What has nothing but punctuation stays as it is.
    """
    composed = unicodedata.normalize("NFKC", _visible(text))
    letters = unicodedata.normalize("NFKD", composed.casefold())
    kept = [
        c
        for index, c in enumerate(letters)
        if c in "+#"
        or (unicodedata.category(c)[0] in "LMN" and not "\u0300" <= c <= "\u036f")
        or (
            c == "."
            and letters[index - 1 : index].isdigit()
            and letters[index + 1 : index + 2].isdigit()
        )
    ]
    return "".join(kept) or letters
