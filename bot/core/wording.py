"""Small pieces of text that several answers share: dates, money, lists and footnotes."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping

from bot.core.content.models import Fact, Note, Pay, Source
from bot.core.markdown import spans
from bot.core.views import Notice, Spans, Text

OLD_AFTER = dt.timedelta(days=365)
"""A figure older than this says so."""

_SYMBOLS = {"GBP": "£", "USD": "$", "EUR": "€", "INR": "₹", "JPY": "¥"}


def date_in_words(as_of: str) -> str:
    """`2025-04-29` as `29 April 2025`, `2025-04` as `April 2025`, `2025` as it is."""
    match as_of.split("-"):
        case [year, month, day]:
            return f"{int(day)} {calendar.month_name[int(month)]} {year}"
        case [year, month]:
            return f"{calendar.month_name[int(month)]} {year}"
        case _:
            return as_of


def is_old(as_of: str, today: dt.date) -> bool:
    """Whether the whole period that `as_of` names ended more than 12 months before `today`."""
    year, month, day = (int(part) for part in (*as_of.split("-"), "0", "0")[:3])
    month = month or 12
    end = dt.date(year, month, day or calendar.monthrange(year, month)[1])
    return today - end > OLD_AFTER


def money(amount: int, currency: str) -> str:
    """`£75,000` for the best-known currencies, `CHF 75,000` for others."""
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{amount:,}" if symbol else f"{currency} {amount:,}"


def pay_amount(pay: Pay) -> str:
    """A figure with its quartiles where the source has them."""
    amount = money(pay.amount, pay.currency)
    if pay.low is None or pay.high is None:
        return amount
    low, high = money(pay.low, pay.currency), money(pay.high, pay.currency)
    return f"{amount} (middle half {low} to {high})"


def listed(names: Iterable[str], last: str = "and") -> str:
    """`a`, `a and b`, or `a, b and c`."""
    items = list(names)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def in_a_row(names: Iterable[str]) -> str:
    """Names that may hold commas themselves: `a · b · c`."""
    return " · ".join(names)


def in_sentence(role: str) -> str:
    """A role's name inside a sentence: `data scientist`, but still `AI engineer`."""
    return role[:1].lower() + role[1:] if role[1:2].islower() else role


def capitalised(text: str) -> str:
    """The text with a capital first letter, and the others as they are."""
    return text[:1].upper() + text[1:]


class Footnotes:
    """Numbers the sources of an answer as they are cited, and lists them at its end."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._numbers: dict[tuple[str, str], int] = {}

    def cite(self, fact: Fact) -> Spans:
        """The fact's text, followed by the numbers of its sources."""
        return (*spans(fact.text), self.mark(fact.sources, fact.as_of))

    def cite_note(self, note: Note) -> Spans:
        """The note's text, followed by its correction where it has one."""
        if note.correction is None:
            return self.cite(note.text)
        return (*self.cite(note.text), Text(" "), *self.cite(note.correction))

    def mark(self, sources: Iterable[str], as_of: str | None = None) -> Text:
        """The numbers of some sources, as ` [1, 2]`; `as_of` overrides their own dates."""
        keys = [(source, as_of or self._sources[source].as_of) for source in sources]
        numbers = [self._numbers.setdefault(key, len(self._numbers) + 1) for key in keys]
        return Text(f" [{', '.join(str(number) for number in numbers)}]")

    def blocks(self) -> tuple[Notice, ...]:
        """The list of the sources that were cited, or nothing."""
        if not self._numbers:
            return ()
        parts = [
            f"[{number}] {self._sources[key].publisher}, {date_in_words(as_of)}"
            for (key, as_of), number in self._numbers.items()
        ]
        return (Notice((Text("Sources: " + "; ".join(parts)),)),)
