"""Written issues: what the loader says of them, how they look, and which is due."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from bot.adapters.discord.render import render as for_discord
from bot.adapters.slack.render import render as for_slack
from bot.core.command import Actor, Click, Form, Say
from bot.core.content.catalogue import Catalogue
from bot.core.content.loader import ContentError, load
from bot.core.content.newsletter import FrontMatter, Topic, WrittenIssue, fits, unfit
from bot.core.content.quizzes import ChoiceItem
from bot.core.dispatch import Dispatcher
from bot.core.intents import Fill, Run
from bot.core.newsletter.calendar import due, published
from bot.core.newsletter.issue import Issue, from_written, view
from bot.core.problems import outdated
from bot.core.views import Button, Heading, Link, Prose, Text
from bot.settings import shipped_content
from tests.fakes.discord import limits as discord_limits

SHIPPED = sorted(path.name for path in (shipped_content() / "newsletter").glob("*.md"))

HEAD = """\
---
title: A title
topics: [roles]
publish: 2030-01-07
summary: What it is about.
{more}---

{body}
"""


def slug_of(name: str) -> str:
    return name[len("2026-12-07-") : -len(".md")]


def shipped(catalogue: Catalogue, name: str) -> Issue:
    return from_written(catalogue.content.issues[slug_of(name)], catalogue.content)


def test_a_quarter_of_a_year_is_shipped_one_issue_every_monday(catalogue: Catalogue) -> None:
    dates = [issue.front.publish for issue in catalogue.content.issues.values()]

    assert len(dates) >= 12
    assert dates == [dt.date(2026, 12, 7) + dt.timedelta(weeks=n) for n in range(len(dates))]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_issue_is_one_message_on_every_platform(catalogue: Catalogue, name: str) -> None:
    shown = view(shipped(catalogue, name))
    (message,) = for_discord(shown)
    body = {**message, "allowed_mentions": {"parse": []}}

    assert discord_limits.message(body, flags=message["flags"]) == []
    (posted,) = for_slack(shown)
    assert len(posted["blocks"]) <= 50
    assert posted["text"].startswith(shown.title[:10])


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_issue_is_as_long_as_a_cup_of_tea_and_calm(name: str) -> None:
    text = (shipped_content() / "newsletter" / name).read_text(encoding="utf-8")
    _, _, body = text.removeprefix("---").partition("\n---\n")

    assert 150 <= len(body.split()) <= 350
    assert "!" not in text
    assert not re.search(r"[\U0001f300-\U0001faff\u2600-\u27bf]", text)
    assert not re.search(r"\b\w+(?:ize|izing|ization|olor|avor)\b", body)


@pytest.mark.parametrize("name", SHIPPED)
async def test_every_button_of_a_shipped_issue_is_answered(
    dispatcher: Dispatcher, catalogue: Catalogue, name: str
) -> None:
    """Given a reader who presses each of them, nothing is out of date and all is theirs alone."""
    for action in shipped(catalogue, name).actions:
        assert isinstance(action, Button)
        effect = await dispatcher.click(Click(action.intent, Actor("test", "1")))
        assert isinstance(effect, Say | Form)
        assert isinstance(effect, Form) == isinstance(action.intent, Fill)
        if isinstance(effect, Say):
            assert effect.visibility.value == "private"
            assert effect.view.title != outdated().title


def issue_file(folder: Path, name: str, more: str = "", body: str = "Words.") -> None:
    (folder / "newsletter" / name).write_text(HEAD.format(more=more, body=body), encoding="utf-8")


def test_an_issue_is_read_with_its_question_and_its_buttons(content_copy: Path) -> None:
    issue_file(
        content_copy,
        "2030-01-07-mine.md",
        "roles: [ai-engineer, ml-engineer]\nskills: [sql]\nquestion: sql-05\n",
        "See [this](https://example.org).",
    )
    content = load(content_copy)
    issue = from_written(content.issues["mine"], content)

    assert list(content.issues)[-1] == "mine"
    assert issue.blocks[0] == Prose((Text("See "), Link("this", "https://example.org"), Text(".")))
    assert issue.question == content.items["sql-05"]
    assert Heading("A question") in view(issue).blocks
    assert [action.intent for action in issue.actions if isinstance(action, Button)] == [
        Run("role", ("ai-engineer",)),
        Run("role", ("ml-engineer",)),
        Run("compare", ("ai-engineer", "ml-engineer")),
        Run("define", ("sql",)),
    ]
    assert view(issue).fallback == "A title: What it is about."


def test_an_edited_issue_is_another_version_of_the_content(content_copy: Path) -> None:
    before = load(content_copy).version
    issue_file(content_copy, "2030-01-07-mine.md")
    added = load(content_copy).version
    issue_file(content_copy, "2030-01-07-mine.md", body="Other words.")

    assert len({before, added, load(content_copy).version}) == 3


def test_every_mistake_of_an_issue_comes_with_the_others(content_copy: Path) -> None:
    issue_file(
        content_copy,
        "2030-01-08-mine.md",
        "roles: [ai-enginer]\nskills: [sqll]\nquestion: sql-99\n",
    )
    issue_file(content_copy, "2030-01-07-sql-is-not-going-away.md")
    issue_file(content_copy, "2030-01-07-broken.md", "colour: red\n", "# A title")
    issue_file(content_copy, "notes.md")
    (content_copy / "newsletter" / "chart.png").write_bytes(b"")
    with pytest.raises(ContentError) as caught:
        load(content_copy)
    found = {str(problem) for problem in caught.value.problems}

    def told(start: str) -> bool:
        return any(problem.startswith(f"newsletter/{start}") for problem in found)

    assert told("2030-01-08-mine.md:4: `publish` is 2030-01-07, but the file says 2030-01-08")
    assert told("2030-01-07-sql-is-not-going-away.md:1: the slug") or told("2027-01-18-sql")
    assert told("2030-01-07-broken.md:6: unknown key `colour`")
    assert told("2030-01-07-broken.md:9: a heading with `#`")
    assert told("notes.md:1: name the file YYYY-MM-DD-slug.md")
    assert told("chart.png:1: unknown file; an issue is a .md file")


def test_what_an_issue_names_must_be_there(content_copy: Path) -> None:
    issue_file(
        content_copy,
        "2030-01-07-mine.md",
        "roles: [ai-enginer]\nskills: [sqll]\nquestion: sql-0\n",
    )
    with pytest.raises(ContentError) as caught:
        load(content_copy)
    messages = [str(problem).partition(": ")[2] for problem in caught.value.problems]

    assert messages[0] == "there is no role `ai-enginer`; did you mean `ai-engineer`?"
    assert messages[1] == "there is no skill `sqll`; did you mean `sql`?"
    assert messages[2].startswith("there is no item `sql-0`; did you mean `sql-0")


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("sql-01", "`sql-01` is of the format text: an issue asks what one press answers"),
        ("sql-02", "`sql-02` is of the format numeric: an issue asks what one press answers"),
        ("rag-01", "name an item of the format single, scenario or true-false"),
    ],
)
def test_an_issue_asks_what_one_press_answers(
    content_copy: Path, question: str, message: str
) -> None:
    issue_file(content_copy, "2030-01-07-mine.md", f"question: {question}\n")
    with pytest.raises(ContentError) as caught:
        load(content_copy)
    [problem] = map(str, caught.value.problems)

    assert problem.startswith("newsletter/2030-01-07-mine.md:6: ")
    assert message in problem


@pytest.mark.parametrize(("characters", "short"), [(700, True), (701, False)])
def test_a_long_question_does_not_fit(
    catalogue: Catalogue, characters: int, *, short: bool
) -> None:
    item = catalogue.content.items["sql-07"]
    assert isinstance(item, ChoiceItem)
    others = sum(map(len, (item.stem, *(option.text for option in item.options))))
    long = item.model_copy(update={"scenario": "x" * (characters - others)})

    assert fits(long) is short
    said = "`sql-07` has 701 characters with its options: name an item with at most 700"
    assert unfit(long) == ("" if short else said)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("topics: [roles]", "topics: []", "give one or more of roles, skills"),
        ("topics: [roles]", "topics: [pay, pay]", "each once"),
        ("topics: [roles]", "topics: [sport]", "allowed:"),
        ("title: A title", f"title: {'a' * 91}", "too long"),
        ("publish: 2030-01-07", "publish: tomorrow", "`publish`"),
        ("summary: What it is about.\n", "", "`summary` is missing"),
        ("---\ntitle", "title", "between two lines `---`"),
    ],
)
def test_a_wrong_head_is_reported(content_copy: Path, old: str, new: str, message: str) -> None:
    text = HEAD.format(more="", body="Words.")
    assert old in text
    path = content_copy / "newsletter" / "2030-01-07-mine.md"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load(content_copy)

    assert [message in str(problem) for problem in caught.value.problems] == [True]


# Which is due


def written(identity: str, date: str, *topics: Topic) -> WrittenIssue:
    front = FrontMatter(
        title=identity,
        topics=topics,
        publish=dt.date.fromisoformat(date),
        summary="A summary.",
    )
    return WrittenIssue(identity, front, ())


ISSUES = (
    written("pay", "2027-01-18", Topic.PAY),
    written("roles", "2027-01-04", Topic.ROLES, Topic.QUIZ),
    written("skills", "2027-01-11", Topic.SKILLS),
)


@pytest.mark.parametrize(
    ("after", "until", "topics", "expected"),
    [
        ("2027-01-03", "2027-01-04", {Topic.ROLES}, ["roles"]),
        ("2027-01-04", "2027-01-10", {Topic.ROLES}, []),
        ("2027-01-03", "2027-01-31", {Topic.QUIZ, Topic.PAY}, ["roles", "pay"]),
        ("2027-01-03", "2027-01-31", set(Topic), ["roles", "skills", "pay"]),
        ("2027-01-03", "2027-01-31", {Topic.FEED}, []),
        (None, "2027-01-12", set(Topic), ["roles", "skills"]),
    ],
)
def test_issues_come_from_after_one_date_until_another(
    after: str | None, until: str, topics: set[Topic], expected: list[str]
) -> None:
    dates = (dt.date.fromisoformat(after) if after else None, dt.date.fromisoformat(until))
    found = [issue.id for issue in published(ISSUES, topics, *dates)]
    newest = due(ISSUES, topics, *dates)

    assert found == expected
    assert (newest.id if newest else None) == (expected[-1] if expected else None)
