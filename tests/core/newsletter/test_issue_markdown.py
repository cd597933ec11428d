"""The strict subset of Markdown: what becomes which block, and what is refused with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content.issue_markdown import MAX_BODY, body
from bot.core.content.issues import body_of, front_matter, named
from bot.core.content.yaml_reader import Problem
from bot.core.views import (
    Bold,
    Bullets,
    Code,
    Divider,
    Heading,
    Italic,
    Link,
    Notice,
    Prose,
    Text,
)

PIECES = (
    *("# ", "## ", "- ", "1. ", "2) ", "> ", "---", "```", "    ", "\n", "\n\n", "  \n", "\\"),
    *("*", "**", "_", "`", "~~", "[a](https://x.example)", "[a](http://x)", "[a](javascript:x)"),
    *("![a](https://x.example/a.png)", "![](https://x.example/b.png)", "![](x)", "<b>", "&amp;"),
    *("<!-- -->", "<https://x.example>", "\0"),
    *("| a | b |\n|---|---|\n| 1 | 2 |", "words", "[a]: https://x.example", "===", "\r", "\t"),
)


def refusals(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in body(text, "issue.md", 7)[1]]


def test_every_allowed_thing_becomes_its_block() -> None:
    text = """\
Plain, **bold**, *italic*, `code` &amp; [a link](https://example.org/a?b=1),
which runs on.

## A heading

- one
- **two** parts

1. first
2. second

> A remark
> in two lines.

---

The end."""
    blocks, problems = body(text, "issue.md")

    assert problems == ()
    assert blocks == (
        Prose(
            (
                Text("Plain, "),
                Bold("bold"),
                Text(", "),
                Italic("italic"),
                Text(", "),
                Code("code"),
                Text(" & "),
                Link("a link", "https://example.org/a?b=1"),
                Text(", which runs on."),
            )
        ),
        Heading("A heading"),
        Bullets(((Text("one"),), (Bold("two"), Text(" parts")))),
        Bullets(((Text("first"),), (Text("second"),)), numbered=True),
        Notice((Text("A remark in two lines."),)),
        Divider(),
        Prose((Text("The end."),)),
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("# Title", 1, "headings with `##` alone"),
        ("words\n\n### Small", 3, "headings with `##` alone"),
        ("## A [link](https://x.example)", 1, "a heading with marks or a link"),
        ("##", 1, "a heading has 1 to 90 characters"),
        ("## " + "a" * 91, 1, "a heading has 1 to 90 characters"),
        ("one\ntwo ![a chart](https://x.example/a.png)", 2, "a picture amid text"),
        ("one\ntwo <b>three</b>", 2, "HTML"),
        ("<div>\nwords\n</div>", 1, "HTML"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", 1, "a table"),
        ("- one\n  - inside", 1, "a list inside a list"),
        ("- one\n\n  second paragraph", 1, "an item holds one paragraph"),
        ("- ", 1, "an empty item"),
        ("3. three\n4. four", 1, "a numbered list starts with 1"),
        ("```\ncode\n```", 1, "a code block"),
        ("words\n\n    code", 3, "indented by four spaces"),
        ("[a](http://x.example)", 1, "must start with https://"),
        ("[a](javascript:alert(1))", 1, "must start with https://"),
        ("[a](//x.example)", 1, "must start with https://"),
        ("[a](https://x.example 'a title')", 1, "a link with a title"),
        ("[](https://x.example)", 1, "a link without words"),
        ("[**a**](https://x.example)", 1, "a mark inside a mark"),
        ("***both***", 1, "a mark inside a mark"),
        ("see <https://x.example>", 1, "a bare address"),
        ("see HTTP://x.example", 1, "a bare address"),
        ("~~gone~~", 1, "struck-out"),
        ("one  \ntwo", 1, "a line break within a paragraph"),
        ("> - a list", 1, "a quote holds paragraphs"),
        (">", 1, "an empty quote"),
        ("", 1, "there is no text"),
        ("a" * (MAX_BODY + 1), 1, "at most 3,000 fit"),
    ],
)
def test_what_is_not_allowed_is_named_with_its_line(text: str, line: int, message: str) -> None:
    assert any(at == line + 7 and message in what for at, what in refusals(text)), refusals(text)


def test_underlines_make_no_heading_and_a_line_below_a_paragraph_divides() -> None:
    assert body("words\n---\nmore", "f.md") == (
        (Prose((Text("words"),)), Divider(), Prose((Text("more"),))),
        (),
    )


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=30).map("".join)))
def test_any_text_gives_blocks_or_mistakes_in_its_own_lines(text: str) -> None:
    blocks, problems = body(text, "issue.md", 7)

    assert blocks or problems
    last = 7 + max(1, len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
    assert all(problem.file == "issue.md" and 7 < problem.line <= last for problem in problems)


@given(
    st.one_of(
        st.text(),
        st.lists(
            st.sampled_from(("---\n", "---", "\n", "title: x\n", "a: [", "- ", "&a", "...\n", "é")),
            max_size=12,
        ).map("".join),
    )
)
def test_any_file_is_read_without_an_exception(text: str) -> None:
    document = front_matter(text, "issue.md")
    _, problems = body_of(document)

    assert document.text == text
    assert all(isinstance(problem, Problem) for problem in (*document.problems, *problems))
    if not text.startswith("---"):
        assert [problem.line for problem in document.problems] == [1]


def test_lines_are_counted_from_the_top_of_the_file() -> None:
    text = "---\r\ntitle: no\r\n---\r\n\r\n# Wrong\r\n"
    document = front_matter(text, "issue.md")

    assert [(problem.line, problem.message[:10]) for problem in document.problems] == [
        (2, "YAML reads")
    ]
    assert [problem.line for problem in body_of(document)[1]] == [5]


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("2026-12-07-ai-or-ml.md", True),
        ("newsletter/2026-12-07-ai.md", True),
        ("2026-13-07-ai.md", False),
        ("2026-12-07.md", False),
        ("2026-12-07-AI.md", False),
        ("2026-12-07-ai-.md", False),
        (f"2026-12-07-{'a' * 41}.md", False),
        ("2026-12-07-ai.txt", False),
    ],
)
def test_a_file_name_gives_a_date_and_a_slug(name: str, good: bool) -> None:
    assert (named(name) is not None) is good
