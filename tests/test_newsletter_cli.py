"""`rolecall newsletter`, as editors use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.core.content.loader import load

ROOT = Path(__file__).parents[1]
PLATFORMS = ("discord", "slack", "terminal")


@pytest.fixture
def own(content_copy: Path) -> Path:
    """A content directory of one's own."""
    return content_copy


def newsletter(own: Path, *arguments: str) -> tuple[int, str]:
    """Run a command: its exit code and what it printed."""
    env = {"CONTENT_DIR": str(own), "COLUMNS": "80", "LOG_LEVEL": None}
    result = CliRunner().invoke(cli.app, ["newsletter", *arguments], env=env)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_a_new_issue_passes_the_check_and_is_shown(own: Path) -> None:
    code, said = newsletter(own, "new", "my-first", "--date", "2030-01-07", "--title", "Yes: a #1")
    path = own / "newsletter" / "2030-01-07-my-first.md"

    assert code == 0
    assert str(path) in said.replace("\n", "")
    assert load(own).issues["my-first"].front.title == "Yes: a #1"
    assert newsletter(own, "check", str(path)) == (0, "OK: Yes: a #1, 2030-01-07\n")
    shown = newsletter(own, "preview", str(path))[1]
    assert shown.startswith("Yes: a #1\n─")
    assert "• A list has one level." in shown


def test_without_a_date_it_is_the_monday_after_the_last_issue(own: Path) -> None:
    last = list(load(own).issues.values())[-1].front.publish
    newsletter(own, "new", "next-one")
    made = load(own).issues["next-one"].front

    assert made.title == "Next one"
    assert made.publish.weekday() == 0
    assert made.publish > last


def test_nothing_is_overwritten(own: Path) -> None:
    newsletter(own, "new", "mine", "--date", "2030-01-07")
    path = own / "newsletter" / "2030-01-07-mine.md"
    path.write_text(path.read_text().replace("A heading", "My heading"))

    assert newsletter(own, "new", "mine", "--date", "2030-01-07")[0] == 2
    assert newsletter(own, "new", "mine", "--date", "2030-01-14")[0] == 2
    assert "My heading" in path.read_text()


@pytest.mark.parametrize(
    "wrong",
    [
        ("new", "Not A Slug"),
        ("new", "../../escape"),
        ("new", "mine", "--date", "tomorrow"),
        ("new", "mine", "--title", "a" * 91),
        ("new", "mine", "--title", "two\nlines"),
        ("preview",),
        ("preview", "file.md", "--digest", "1"),
        ("preview", "--digest", "-1"),
    ],
)
def test_wrong_usage_ends_with_2_and_writes_nothing(own: Path, wrong: tuple[str, ...]) -> None:
    before = sorted(own.rglob("*"))

    assert newsletter(own, *wrong)[0] == 2
    assert sorted(own.rglob("*")) == before


def test_a_draft_from_another_folder_is_shown_as_every_platform_gets_it(
    own: Path, tmp_path: Path
) -> None:
    newsletter(own, "new", "mine", "--date", "2030-01-07", "--title", "My title")
    draft = (own / "newsletter" / "2030-01-07-mine.md").rename(tmp_path / "2030-01-07-mine.md")

    for_discord = json.loads(newsletter(own, "preview", str(draft), "--as", "discord")[1])
    assert for_discord["flags"] == 1 << 15
    assert for_discord["components"][0]["content"].startswith("## My title")
    assert for_discord["allowed_mentions"] == {"parse": []}
    for_slack = json.loads(newsletter(own, "preview", str(draft), "--as", "slack")[1])
    assert for_slack["blocks"][0]["text"]["text"] == "My title"
    assert for_slack["unfurl_links"] is False
    assert "mine" not in load(own).issues


def test_a_composed_issue_is_shown(own: Path) -> None:
    first, second = (newsletter(own, "preview", "--digest", number)[1] for number in "01")

    assert first.startswith("In focus: ")
    assert first != second


def test_the_check_lists_all_issues(own: Path) -> None:
    code, said = newsletter(own, "check")

    assert code == 0
    assert said.splitlines()[0] == "2026-12-07  ai-or-ml-engineer  AI engineer or ML engineer"
    assert said.splitlines()[-1] == f"OK: {len(load(own).issues)} issues"


def test_mistakes_are_named_with_their_lines(tmp_path: Path) -> None:
    draft = tmp_path / "2030-01-07-mine.md"
    draft.write_text(
        "---\ntitle: T\ntopics: [roles]\npublish: 2030-01-07\nsummary: Some words.\n"
        "roles: [ai-enginer]\n---\n\nSee ![a](https://x.example/a.png).\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "bot", "newsletter", "check", str(draft)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=ROOT,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"newsletter/{draft.name}:6: there is no role `ai-enginer`; did you mean `ai-engineer`?",
        f"newsletter/{draft.name}:9: a picture amid text: it stands alone, with an empty line "
        "above and below it",
    ]


def test_a_picture_is_shown_on_every_platform(own: Path) -> None:
    path = own / "newsletter" / "2030-01-07-mine.md"
    path.write_text(
        "---\ntitle: T\ntopics: [roles]\npublish: 2030-01-07\nsummary: Some words.\n"
        "alt:\n  https://x.example/a.png: A chart of two roles.\n---\n\n"
        "Above.\n\n![](https://x.example/a.png)\n\nBelow.\n"
    )
    shown = {name: newsletter(own, "preview", str(path), "--as", name)[1] for name in PLATFORMS}
    discord, slack = (json.loads(shown[name]) for name in PLATFORMS[:2])

    assert newsletter(own, "check", str(path))[0] == 0
    assert [part["type"] for part in discord["components"]] == [10, 12, 10]
    assert discord["components"][1]["items"] == [
        {"media": {"url": "https://x.example/a.png"}, "description": "A chart of two roles."}
    ]
    assert {
        "type": "image",
        "image_url": "https://x.example/a.png",
        "alt_text": "A chart of two roles.",
    } in slack["blocks"]
    assert "\n[Picture: A chart of two roles.] https://x.example/a.png\n" in shown["terminal"]
