"""Texts from elsewhere become plain words: visible, calm, and shown as they were written."""

from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.markdown import spans
from bot.core.views import Text
from bot.packs.markup import from_html, looks_like_html
from bot.packs.words import literal, normalised, one_line, paragraphs, pings, shown
from tests.strategies import HOSTILE

PINGS = (
    "@everyone",
    "@here",
    "@channel",
    "<@123456789012345678>",
    "<@!123456789012345678>",
    "<@&123456789012345678>",
    "<#123456789012345678>",
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<!subteam^S0123ABCD>",
    "<!subteam^S0123ABCD|@team>",
    "<@U0123ABCD>",
    "<@U0123ABCD|somebody>",
)

PIECES = st.lists(
    st.one_of(
        st.sampled_from((*HOSTILE, *PINGS, *(html.escape(ping) for ping in PINGS))),
        st.sampled_from(("<", ">", "@", "!", "&", "&amp;", "&#64;", "&lt;")),
        st.sampled_from(("\u200b", "\n\n", "every", "one")),
        st.text(max_size=8),
    ),
    max_size=8,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("ping", PINGS)
def test_no_mention_survives_however_it_is_written(ping: str) -> None:
    once, twice = html.escape(ping), html.escape(html.escape(ping))
    spaced = ping.replace("@", "@\u200b").replace("!", "!\u2060")
    for text in (ping, once, twice, spaced, ping.upper(), ping.replace("@", "&#64;")):
        calm = one_line(f"Who is {text} today?")
        assert not pings(calm), text
        assert not pings(html.unescape(html.unescape(calm))), text
        assert calm.startswith("Who is ")
        assert calm.endswith(" today?")


@pytest.mark.parametrize(
    "nested", ["<@<@1>2>", "@@everyone", "@every@everyoneone", "<!<!here>channel>", "<@\u200b1>"]
)
def test_taking_a_mention_out_makes_no_new_one(nested: str) -> None:
    assert not pings(one_line(nested))


def test_words_with_an_at_sign_stay() -> None:
    kept = "Ask me@example.org, @alice or List<@NonNull String> about a<b & c>d"
    assert one_line(kept) == kept


@given(PIECES)
@example("@\ue000everyone")
def test_whatever_comes_is_one_visible_line_without_pings(text: str) -> None:
    line = one_line(text)
    assert not pings(line)
    assert not pings(html.unescape(line))
    assert one_line(line) == line
    assert all(c == " " or unicodedata.category(c)[0] not in "CZ" for c in line)


@given(PIECES)
@example("&amp; &lt;b&gt; \\* \\")
def test_our_markdown_shows_literally_what_was_made_literal(text: str) -> None:
    line = one_line(text)
    assert spans(literal(line)) == (Text(line),)
    assert shown(literal(line)) == line


def test_plain_words_are_left_alone() -> None:
    for text in ("snake_case is 2 * 3, a < b & c", "C:\\data", "f(x)[0]"):
        assert literal(text) == text


def test_a_blank_line_parts_paragraphs() -> None:
    assert paragraphs("One\nline.\n \t\nAnother.\n\n\n") == ("One line.", "Another.")


def test_stems_are_compared_without_case_spaces_and_end_marks() -> None:
    assert normalised("  What IS\u00a0it ?") == normalised("what is it")
    assert normalised("What is 2 - 2?") != normalised("What is 2 * 2?")


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<b>bold</b> and <i class='x>y'>it</i>", "bold and it"),
        ("x<sup>2</sup> and H<sub>2</sub>O", "x^2 and H_2O"),
        ("a &amp;lt; b", "a &lt; b"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
        ("List<String> and a < b > c", "List<String> and a < b > c"),
        ("<!-- hidden -->seen<script>alert('<b>')</script>", " seen "),
        ("one<br>two<p>three</p>", "one\ntwo\n\nthree\n\n"),
        ("never closed <!-- so hidden", "never closed  "),
    ],
)
def test_html_becomes_words(markup: str, words: str) -> None:
    assert from_html(markup) == (words, ())


def test_sounds_and_images_are_dropped_with_a_note() -> None:
    words, notes = from_html("Cat [sound:cat.mp3]<img src=cat.png>")
    assert words.strip() == "Cat"
    assert notes == ("a sound dropped", "an image dropped")


def test_html_is_recognised_by_real_tags_and_entities_only() -> None:
    assert looks_like_html("a<br>b")
    assert looks_like_html("a &amp; b")
    assert not looks_like_html("List<String> where a < b & c")


@given(PIECES)
def test_html_of_escaped_text_is_the_text(text: str) -> None:
    plain = one_line(text).replace("[sound:", "").replace("[anki:", "")
    assert from_html(html.escape(plain)) == (plain, ())
