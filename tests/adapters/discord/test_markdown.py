"""Words stay words: whatever somebody types, Discord shows it letter by letter."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.discord.escape import shortened, tidy, units, visible
from bot.adapters.discord.markdown import lines
from bot.core.views import Bold, Code, Italic, Link, Span, Spans, Text
from tests.adapters.discord.shown import shown
from tests.strategies import HOSTILE, TEXTS, WORDS, runs_of_spans

SIGNS = tuple("*_`~|#>-1. \\[]()<@a:\n\u200b")
WORDS_THAT_MEAN = ("everyone", "https:", "//evil.example", "discord", ".gg/", "![x](")
PIECES = st.sampled_from(SIGNS + WORDS_THAT_MEAN)
MARKUP = st.lists(PIECES, max_size=30).map("".join)


def written(*spans: Span) -> str:
    return "\n".join(lines(spans, 4_000))


def seen(text: str) -> str:
    """The letters that can be seen, without blanks."""
    return "".join(letter for letter in text if letter.isprintable() and not letter.isspace())


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("**bold** _it_ ~~gone~~ ||hidden||", r"\*\*bold\*\* \_it\_ \~\~gone\~\~ \|\|hidden\|\|"),
        ("[safe](https://evil.example)", r"\[safe](https:\//evil.example)"),
        ("<@123> <#4> <t:5:R>", r"\<@123> \<#4> \<t\:5:R>"),
        ("@everyone and @here", "@\u200beveryone and @\u200bhere"),
        ("come to discord.gg/evil", r"come to discord\.gg/evil"),
        ("# heading", r"\# heading"),
        ("-# small", r"\-# small"),
        (">>> quote", r"\>>> quote"),
        ("  - item", r"\- item"),
        ("12. item", r"12\. item"),
        (r"a \* b", r"a \\\* b"),
        ("```py\nblock\n```", "\\`\\`\\`py\nblock\n\\`\\`\\`"),
        ("pages [1] to [2], 3.5 of them: #1", "pages [1] to [2], 3.5 of them: #1"),
    ],
)
def test_marks_are_shown_and_not_obeyed(typed: str, sent: str) -> None:
    assert written(Text(typed)) == sent


@settings(deadline=None)
@given(st.one_of(TEXTS, MARKUP))
def test_plain_words_are_shown_letter_by_letter(typed: str) -> None:
    found = [shown(line) for line in lines((Text(typed),), 4_000)]
    assert [line.kinds for line in found if line.kinds] == []
    expected = "".join(line for line in tidy(typed).split("\n") if visible(line))
    assert seen("".join(line.text for line in found)) == seen(expected)


@given(st.lists(MARKUP, max_size=4))
def test_no_mark_hides_in_the_border_between_two_texts(parts: list[str]) -> None:
    found = [shown(line) for line in lines(tuple(map(Text, parts)), 4_000)]
    assert [line.kinds for line in found if line.kinds] == []


@given(
    st.lists(
        st.one_of(
            st.builds(Text, MARKUP),
            st.builds(Bold, MARKUP),
            st.builds(Italic, MARKUP),
            st.builds(Code, MARKUP),
        ),
        max_size=4,
    )
)
def test_only_our_own_marks_are_obeyed(spans: list[Span]) -> None:
    found = [shown(line) for line in lines(spans, 4_000)]
    kinds = {kind for line in found for kind in line.kinds}
    allowed = {Bold: "bold", Italic: "italic", Code: "code"}
    assert kinds <= {allowed[type(span)] for span in spans if type(span) in allowed}
    assert [target for line in found for target in line.targets] == []


@settings(deadline=None)
@given(runs_of_spans(), st.integers(1_600, 4_000))
def test_every_line_fits_and_no_word_is_lost(spans: Spans, most: int) -> None:
    made = list(lines(spans, most))
    assert all(visible(line) and units(line) <= most for line in made)
    letters = iter("".join(made))
    for span in spans:
        kept = (letter for letter in tidy(span.text) if letter.isalnum())
        bracketless = (letter for letter in kept if letter not in "[]")
        assert all(letter in letters for letter in bracketless)


def test_a_link_leads_where_it_says() -> None:
    line = written(Text("See "), Link("the [old] guide", "https://example.org/a_(b)?c=*d*"))
    assert line == "See [the (old) guide](https://example.org/a_%28b%29?c=*d*)"
    assert shown(line).targets == ["https://example.org/a_%28b%29?c=*d*"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "javascript:alert(1)",
        "https://example.org/a b",
        "https://x/" + "y" * 900,
    ],
)
def test_an_address_that_is_not_https_is_no_link(url: str) -> None:
    assert written(Link("words", url)) == "words"


def test_a_link_without_words_shows_its_address() -> None:
    assert written(Link(" ", "https://example.org/x")) == "[example.org/x](https://example.org/x)"


def test_marks_touch_words_and_not_blanks() -> None:
    assert written(Bold("Role: "), Text("it"), Italic(" so ")) == "**Role:** it *so*"


def test_code_with_a_backtick_is_shown_as_words() -> None:
    assert written(Code("a`b")) == r"a\`b"
    assert written(Code("/pay role [country]")) == "`/pay role [country]`"


@pytest.mark.parametrize("blank", ["", " ", "\n\n", "\u200b", "\t", "\x00", "\u202e"])
@pytest.mark.parametrize("kind", [Text, Bold, Italic, Code])
def test_nothing_to_see_makes_no_line(kind: type[Text], blank: str) -> None:
    assert list(lines((kind(blank),), 100)) == []


def test_a_long_text_is_cut_between_sentences() -> None:
    sentences = [f"Sentence number {number} says something." for number in range(20)]
    made = list(lines((Bold(" ".join(sentences)),), 200))
    assert len(made) > 1
    assert all(line.startswith("**Sentence") and line.endswith("something.**") for line in made)


@given(st.one_of(WORDS, st.sampled_from(HOSTILE), st.text(max_size=300)), st.integers(10, 150))
def test_a_label_is_one_visible_line(text: str, most: int) -> None:
    label = shortened(text, most)
    assert visible(label)
    assert "\n" not in label
    assert units(label) <= most
