"""Pictures of an issue: where their words come from, and every mistake with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.issue_pictures import MAX_PICTURES
from bot.core.content.issues import body_of, front_matter
from bot.core.content.loader import ContentError, load
from bot.core.content.newsletter import MAX_ALT
from bot.core.views import MAX_ALT as MOST
from bot.core.views import MAX_PICTURE_ADDRESS, Block, Heading, Image, Prose, Text

URL = "https://x.example/a.png"
OTHER = "https://x.example/b.png"
HEAD = """\
---
title: A title
topics: [roles]
publish: 2030-01-07
summary: What it is about.
"""
FIRST_BODY_LINE = 7
"""Where there is nothing more in the head."""


def issue(head: str, body: str) -> str:
    return f"{HEAD}{head}---\n{body}\n"


def read(head: str, body: str) -> tuple[tuple[Block, ...], list[tuple[int, str]]]:
    """The blocks of an issue, and the lines and words of the mistakes in its text."""
    blocks, problems = body_of(front_matter(issue(head, body), "issue.md"))
    return blocks, [(problem.line, problem.message) for problem in problems]


def mistakes(folder: Path, head: str, body: str) -> list[str]:
    """All that the check of the content says of an issue."""
    (folder / "newsletter" / "2030-01-07-mine.md").write_text(issue(head, body), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load(folder)
    return [
        str(problem).removeprefix("newsletter/2030-01-07-mine.md:")
        for problem in caught.value.problems
    ]


def test_the_words_stand_in_the_head_or_with_the_picture() -> None:
    blocks, wrong = read(
        f"alt:\n  {URL}: >\n    A chart of\n    two roles.\n",
        f"Above.\n\n![]({URL})\n\n## A heading\n\n![R&amp;D \\* by\nyear]({OTHER})",
    )

    assert wrong == []
    assert blocks == (
        Prose((Text("Above."),)),
        Image(URL, "A chart of two roles."),
        Heading("A heading"),
        Image(OTHER, "R&D * by year"),
    )


def test_an_issue_may_be_one_picture() -> None:
    assert read("", f"![A chart]({URL})") == ((Image(URL, "A chart"),), [])


def test_an_address_is_the_same_however_it_is_written() -> None:
    blocks, wrong = read(
        "alt: {https://x.example/ä b.png: A chart}\n", "![](<https://x.example/ä b.png>)"
    )

    assert wrong == []
    assert blocks == (Image("https://x.example/%C3%A4%20b.png", "A chart"),)


def test_a_picture_may_be_shown_twice() -> None:
    both = f"![]({URL})\n\n![]({URL})"
    assert read(f"alt: {{{URL}: A chart}}\n", both) == ((Image(URL, "A chart"),) * 2, [])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (f"![]({URL})", "a picture without words"),
        (f"![ ]({URL})", "a picture without words"),
        ("![a](http://x.example/a.png)", "must start with https://"),
        ("![a](a.png)", "must start with https://"),
        ("![a](//x.example/a.png)", "must start with https://"),
        ("![a](https://localhost/a.png)", "must start with https://"),
        ("![a](https://x.example)", "a host and a slash"),
        ("![a](https://me:secret@x.example/a.png)", "must start with https://"),
        ("![a](javascript:alert(1))", "must start with https://"),
        ("![a](data:image/png;base64,AAAA)", "must start with https://"),
        ("![a]()", "must start with https://"),
        (f"![a](https://x.example/{'a' * 300})", "at most 300 characters"),
        (f"![a]({URL} 'A title')", "a picture with a title"),
        (f"![**a**]({URL})", "whose words have marks"),
        (f"![{'a' * (MAX_ALT + 1)}]({URL})", "at most 300 characters"),
        (f"words ![a]({URL})", "a picture amid text"),
        (f"![a]({URL}) words", "a picture amid text"),
        (f"- ![a]({URL})", "a picture amid text"),
        (f"> ![a]({URL})", "a picture amid text"),
        (f"[![a]({URL})](https://x.example)", "a picture amid text"),
        (f"**![a]({URL})**", "a picture amid text"),
        (f"## ![a]({URL})", "a picture amid text"),
    ],
)
def test_what_is_wrong_with_a_picture_is_named_with_its_line(body: str, message: str) -> None:
    _, wrong = read("", f"\n{body}")

    assert message in wrong[0][1]
    assert {line for line, _ in wrong} == {FIRST_BODY_LINE + 1}


def test_two_pictures_in_a_paragraph_are_told_each_in_its_line() -> None:
    _, wrong = read("", f"![a]({URL})\n![b]({OTHER})")

    assert [line for line, said in wrong if "a picture amid text" in said] == [7, 8]


def test_one_text_too_many_or_for_no_picture_is_told(content_copy: Path) -> None:
    head = f"alt:\n  {URL}: A chart\n  {OTHER}: Another\n"
    first, second = mistakes(content_copy, head, f"![A chart]({URL})")

    assert first == (
        f"8: `alt` speaks of `{OTHER}`, which is no picture of this issue: "
        "correct the address, or remove the line"
    )
    assert second == ("10: a picture with two texts, here and in line 7: remove one of them")


def test_words_for_a_misplaced_picture_are_not_blamed_as_well(content_copy: Path) -> None:
    (only,) = mistakes(content_copy, f"alt: {{{URL}: A chart}}\n", f"See ![]({URL})")

    assert only.startswith("8: a picture amid text: it stands alone")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (f"alt: {{{URL}: '{'a' * 301}'}}\n", f"6: `alt.{URL}` is too long: at most 300 characters"),
        (f"alt:\n  {URL}:\n", f"7: `alt.{URL}` is empty: write a text"),
        ("alt: A chart\n", "6: `alt`: write a line `https://...: what it shows` for each picture"),
        ("alt:\n", "6: `alt`: write a line `https://...: what it shows` for each picture"),
    ],
)
def test_what_is_wrong_in_the_head_is_told_once(
    content_copy: Path, head: str, expected: str
) -> None:
    assert mistakes(content_copy, head, f"![]({URL})") == [expected]


def test_an_address_in_the_head_that_is_not_https_is_told(content_copy: Path) -> None:
    plain = "http://x.example/a.png"
    first, second = mistakes(content_copy, f"alt: {{{plain}: A chart}}\n", f"![]({plain})")

    assert first.startswith(f"6: `alt.{plain}` has the wrong form")
    assert second.startswith(f"8: a picture from `{plain}`: its address must start with https://")


def test_a_head_that_cannot_be_read_is_the_only_mistake(content_copy: Path) -> None:
    (only,) = mistakes(content_copy, "alt: [\n", f"![]({URL})")

    assert "not YAML" in only


def test_an_issue_has_four_pictures_at_most() -> None:
    picture = f"![A chart]({URL})\n\n"
    assert read("", picture * MAX_PICTURES)[1] == []
    ((line, said),) = read("", picture * (MAX_PICTURES + 2))[1]

    assert line == FIRST_BODY_LINE + 2 * MAX_PICTURES
    assert said == "an issue has at most 4 pictures: this is one more"


@given(
    st.lists(
        st.tuples(
            st.sampled_from((URL, OTHER, "http://x.example/c.png", "https://[", "\\", "é")),
            st.sampled_from(("", "A chart", "'  '", "[a]", "x" * 301)),
        ),
        unique_by=lambda pair: pair[0],
    ),
    st.lists(
        st.sampled_from(
            (f"![]({URL})", f"![a]({OTHER})", "![](https://[)", "![](é)", "words", "\n", "\n\n")
        )
    ).map("".join),
)
def test_any_pictures_give_images_or_mistakes_in_lines_of_the_file(
    alts: list[tuple[str, str]], body: str
) -> None:
    head = "".join(f"  {address}: {text}\n" for address, text in alts)
    text = issue(f"alt:\n{head}" if head else "", body)
    blocks, problems = body_of(front_matter(text, "issue.md"))

    assert all(1 < problem.line <= text.count("\n") for problem in problems)
    assert all(0 < len(b.alt) <= MAX_ALT for b in blocks if isinstance(b, Image))


@pytest.mark.parametrize(
    ("url", "alt"),
    [
        ("http://x.example/a.png", "A chart"),
        ("", "A chart"),
        ("https://x.example/" + "a" * MAX_PICTURE_ADDRESS, "A chart"),
        (URL, ""),
        (URL, " \n"),
        (URL, "a" * (MOST + 1)),
    ],
)
def test_no_picture_is_without_its_words_or_from_elsewhere(url: str, alt: str) -> None:
    with pytest.raises(ValueError, match="a picture"):
        Image(url, alt)
