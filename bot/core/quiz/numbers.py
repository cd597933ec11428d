"""The one number in what a person typed: `1,000`, `1 000`, `3,5`, `about 42 ms`, `1e3`.

Nothing is guessed: text that could mean two numbers is not read, so that a person can be asked
again instead of being marked wrong.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MOST_DIGITS = 40
"""Characters of a number that is read, separators included."""

_PLAIN = str.maketrans(
    {
        "–": "-",
        "−": "-",
        "’": "'",
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{EM DASH}": "-",
        "\N{ARABIC DECIMAL SEPARATOR}": ".",
        "\N{ARABIC THOUSANDS SEPARATOR}": ",",
        "\N{FULLWIDTH PERCENT SIGN}": "%",
        "\N{FULLWIDTH FULL STOP}": ".",
        "\N{FULLWIDTH COMMA}": ",",
    }
)
_CURRENCIES = "$€£¥"
_RUN = re.compile(r"[.,]?[0-9](?:[0-9.,'_ ]*[0-9])?")
_EXPONENT = re.compile(r"[eE][-+]?[0-9]{1,3}(?![0-9])")
_WORD = re.compile(r" ?(%|[^\W\d_]+)")

_POINT = re.compile(r"[0-9]*\.?[0-9]+")
_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?P<by>[ ,.'_])[0-9]{3}(?:(?P=by)[0-9]{3})*")
_LAKHS = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")

_MAGNITUDES = {
    "k": 3,
    "K": 3,
    "M": 6,
    "B": 9,
    "thousand": 3,
    "mn": 6,
    "mio": 6,
    "million": 6,
    "bn": 9,
    "billion": 9,
    "trillion": 12,
}
_UNITS = {
    name: names[0]
    for names in (
        ("%", "percent"),
        ("ns", "nanosecond", "nanoseconds"),
        ("us", "μs", "microsecond", "microseconds"),
        ("ms", "msec", "millisecond", "milliseconds"),
        ("s", "sec", "secs", "second", "seconds"),
        ("min", "mins", "minute", "minutes"),
        ("h", "hr", "hrs", "hour", "hours"),
        ("d", "day", "days"),
        ("week", "weeks"),
        ("month", "months"),
        ("y", "yr", "yrs", "year", "years"),
        ("kb", "kib", "kilobyte", "kilobytes"),
        ("mb", "mib", "megabyte", "megabytes"),
        ("gb", "gib", "gigabyte", "gigabytes"),
        ("tb", "tib", "terabyte", "terabytes"),
    )
    for name in names
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that was typed, and the word right behind it (empty if there is none)."""

    value: float
    word: str = ""

    @property
    def percent(self) -> bool:
        """Whether it was typed as so many per cent."""
        return _unit(self.word) == "%"

    def is_scaled(self, unit: str | None) -> bool:
        """Whether the word multiplies the number (`5k`, `7B`) and is not the unit asked for."""
        wanted = _words(unit)
        power = _MAGNITUDES.get(self.word) or _MAGNITUDES.get(self.word.casefold())
        # One letter may as well stand for the unit: B for bytes, K for kelvin.
        letter = len(self.word) == 1 and any(w[0] == self.word.casefold() for w in wanted)
        return power is not None and not letter and power not in map(_MAGNITUDES.get, wanted)

    def is_in_another_unit(self, unit: str | None) -> bool:
        """Whether the word is a unit that is known to differ from `unit`: seconds for ms."""
        wanted = {known for word in _words(unit) if (known := _unit(word))}
        typed = _unit(self.word)
        return bool(wanted) and typed is not None and typed not in wanted


def read(text: str) -> Quantity | None:
    """The one number in a text, with words and a currency around it as may be.

    A comma or a full stop before exactly three digits groups thousands if it is a comma, and
    is a decimal point if it is a full stop: `1,000` is a thousand, `1.000` is one. Digits that
    belong to a word, as in `p95`, count only if there are no others.

    Returns:
        The number, which is finite, or `None` if there is none, more than one, or one that
        could be read in two ways.
    """
    plain = _plain(text)
    found = list(_tokens(plain))
    alone = [token for token in found if not token.in_word] or found
    if len(alone) != 1 or any(_is_odd_numeral(c) for c in plain):
        return None
    value = alone[0].value
    if value is None:
        return None
    word = _WORD.match(plain, alone[0].end)
    return Quantity(value, word[1] if word else "")


def leading(text: str) -> float | None:
    """The number that a text begins with, or `None`: 10 for `10 ms`, -2 for `-2 degrees`."""
    plain = _plain(text)
    for token in _tokens(plain):
        return None if plain[: token.start].strip(f"-+ {_CURRENCIES}") else token.value
    return None


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    in_word: bool
    value: float | None


def _tokens(plain: str) -> Iterator[_Token]:
    end = 0
    while run := _RUN.search(plain, end):
        exponent = _EXPONENT.match(plain, run.end())
        end = exponent.end() if exponent else run.end()
        start = run.start()
        letters = start
        while letters and plain[letters - 1].isalpha():
            letters -= 1
        in_word = letters < start and not plain[:letters][-1:].isdigit()
        value = _value(run[0], exponent[0] if exponent else "")
        if value is not None and _is_negative(plain[:start]):
            value = -value
        yield _Token(start, end, in_word, value)


def _value(run: str, exponent: str) -> float | None:
    """What a run of digits and separators means; `None` if it is no number or not a clear one."""
    if len(run) > MOST_DIGITS:
        return None
    whole, mark, decimals = _split_decimals(run)
    if _POINT.fullmatch(run):
        digits = run
    elif mark and not decimals.isdigit():
        return None
    elif (groups := _GROUPS.fullmatch(whole)) and groups["by"] != mark:
        digits = f"{whole.replace(groups['by'], '')}.{decimals}"
    elif _LAKHS.fullmatch(whole):
        digits = f"{whole.replace(',', '')}.{decimals}"
    elif mark and (whole == "" or whole.isdigit()):
        digits = f"{whole}.{decimals}"
    else:
        return None
    value = float(digits + exponent)
    return value if math.isfinite(value) else None


def _split_decimals(run: str) -> tuple[str, str, str]:
    """A number cut at its decimal mark, the last one unless that one groups thousands."""
    if _GROUPS.fullmatch(run) or _LAKHS.fullmatch(run):
        return run, "", ""
    at = max(run.rfind("."), run.rfind(","))
    return (run, "", "") if at < 0 else (run[:at], run[at], run[at + 1 :])


def _is_negative(before: str) -> bool:
    """Whether what stands before a number is a minus, and not a hyphen or a range (`3-5`)."""
    before = before.rstrip(f" {_CURRENCIES}")
    if before.casefold().endswith("minus"):
        return True
    return before.endswith("-") and not before[-2:-1].isalnum()


def _plain(text: str) -> str:
    """Digits of every script as 0 to 9, and one character for each kind of mark and space."""
    translated = text.translate(_PLAIN)
    if translated.isascii() and translated.isprintable():  # as nearly every text is
        return translated
    return "".join(map(_plain_character, translated))


def _plain_character(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character)[0] == "C":
        return ""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _is_odd_numeral(character: str) -> bool:
    """Superscripts, fractions and other signs that would change the number beside them."""
    return not character.isdecimal() and unicodedata.numeric(character, None) is not None


def _words(unit: str | None) -> list[str]:
    return re.findall(r"%|[^\W\d_]+", unit.casefold()) if unit else []


def _unit(word: str) -> str | None:
    return _UNITS.get(word.casefold())
