"""Random packs of our own: every kind of item, with words that other formats take for signs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import TypeAdapter

from bot.core.content.quizzes import Item, Pack
from bot.packs.build import key_of
from bot.packs.words import literal, one_line

ITEM: TypeAdapter[Item] = TypeAdapter(Item)

SIGNS = (
    "=", "~", "#", "####", "{", "}", ":", "::", "\\", "\\n", "->", "%50%", "[html]", "[plain]",
    "//", "$CATEGORY:", "<b>", "</ul>", "<li>", "&lt;", "&amp;lt;", "&", "<", ">", '"', "'", "a",
    "true", "*", "_", "`", "[x](https://example.org)", "|", ";", ",", "\t", "%20", "+", "{{c1::x}}",
    "1:30", "- ", "? ", "! ", "yes", "No", "{T}", "A.", "ANSWER: A", "…", "ß", "İ", "日本", "🦆",
)  # fmt: skip


def _words(most: int) -> SearchStrategy[str]:
    pieces = st.lists(st.one_of(st.sampled_from(SIGNS), st.text(max_size=4)), max_size=8)
    joined = st.tuples(pieces, st.sampled_from(("", " "))).map(lambda both: both[1].join(both[0]))
    shown = joined.map(one_line).filter(lambda text: 0 < len(literal(text)) <= most)
    return shown.map(literal)


def _sentences(least: int, most: int) -> SearchStrategy[str]:
    return _words(most - least).map(
        lambda text: f"{text} {'and so on ' * (least // 10 + 1)}".strip()
    )


WORDS = _words(40)
DISTINCT = st.lists(WORDS, min_size=2, max_size=5, unique_by=lambda text: text.casefold())
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def _choice(texts: list[str], right: int, whys: list[str | None], form: str) -> dict[str, Any]:
    options: list[dict[str, Any]] = [
        {"text": text, "why": why} for text, why in zip(texts, whys, strict=False)
    ]
    right = right % len(texts) + 1 if form == "multiple" else 1
    return {"format": form, "right": options[:right], "wrong": options[right:]}


def _truth(*, true: bool, whys: list[str | None]) -> dict[str, Any]:
    texts = ["True", "False"] if true else ["False", "True"]
    return _choice(texts, 0, whys, "true-false")


STEPS: SearchStrategy[list[dict[str, str]]] = st.lists(
    WORDS, min_size=3, max_size=5, unique_by=str.casefold
).map(lambda texts: [{"text": text} for text in texts])


def _answers() -> SearchStrategy[dict[str, Any]]:
    whys = st.lists(st.one_of(st.none(), _sentences(10, 60)), min_size=5, max_size=5)
    no_truth = DISTINCT.filter(lambda texts: {t.casefold() for t in texts} != {"true", "false"})
    scenario = st.builds(
        lambda answer, text: answer | {"format": "scenario", "scenario": text},
        st.builds(_choice, no_truth, st.just(0), whys, st.just("single")),
        _sentences(30, 90),
    )
    return st.one_of(
        st.builds(_choice, no_truth, st.just(0), whys, st.just("single")),
        st.builds(_choice, no_truth, st.integers(0, 4), whys, st.just("multiple")),
        st.builds(_truth, true=st.booleans(), whys=whys),
        scenario,
        st.fixed_dictionaries(
            {
                "format": st.just("numeric"),
                "answer": NUMBERS,
                "tolerance": NUMBERS.map(abs),
                "unit": st.one_of(st.none(), WORDS),
            }
        ),
        st.fixed_dictionaries(
            {
                "format": st.just("text"),
                "accepted": st.lists(WORDS, min_size=1, max_size=4, unique_by=str.casefold),
            }
        ),
        st.fixed_dictionaries(
            {
                "format": st.just("ordering"),
                "steps": STEPS,
            }
        ),
    )  # fmt: skip


def items() -> SearchStrategy[Item]:
    """An item of any kind."""
    head = st.fixed_dictionaries(
        {
            "skill": st.sampled_from(("python", "sql", "statistics")),
            "level": st.integers(1, 3),
            "stem": _sentences(20, 80),
            "explanation": st.one_of(st.none(), _sentences(30, 90)),
        }
    )
    return st.builds(
        lambda head, answer: ITEM.validate_python({"id": "x", **head, **answer}), head, _answers()
    )


def pack_of(items: list[Item]) -> Pack:
    """A pack of these items, each with an id of its own."""
    return Pack(
        id="own",
        name="Our own pack",
        description="Random questions.",
        author="Nobody",
        licence="CC0-1.0",
        origin="Drawn at random.",
        reviewed=dt.date(2026, 1, 2),
        items=tuple(item.model_copy(update={"id": f"own-{n}"}) for n, item in enumerate(items)),
    )


def packs() -> SearchStrategy[Pack]:
    """A pack of up to four different questions."""
    return st.lists(items(), min_size=1, max_size=4, unique_by=key_of).map(pack_of)
