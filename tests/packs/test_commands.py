"""`rolecall content import` and `rolecall content export`, as people use them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot import cli
from bot.core.content.loader import load
from bot.core.content.quizzes import ChoiceItem, TextItem
from bot.packs.write_yaml import write_pack
from bot.settings import Settings
from tests.packs.conftest import SHIPPED
from tests.packs.containers import collection, workbook, zipped
from tests.packs.own_packs import ITEM, pack_of
from tests.packs.test_choices import CAPITALS

ROOT = Path(__file__).parents[2]
OURS = {name.upper() for name in Settings.model_fields} | {"NO_COLOR", "COLUMNS"}
SAID = ("--skill", "sql", "--licence", "CC BY-SA 4.0", "--source", "A page of somebody.")
GIFT = """\
Which join keeps all rows?{=full ~inner ~left####A full join keeps the rows of both sides.}

The sun rises in the east.{T}

Write about joins. {}
"""


def rolecall(content: Path, *arguments: str | Path) -> tuple[int, str, str]:
    """Run a command on some content: its exit code, what it printed, and what it complained of."""
    blank: dict[str, str | None] = dict.fromkeys(OURS)
    result = CliRunner().invoke(
        cli.app, [str(a) for a in arguments], env={**blank, "CONTENT_DIR": str(content)}
    )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def bring(content: Path, file: Path, *options: str) -> tuple[int, str, str]:
    return rolecall(content, "content", "import", file, *options)


@pytest.fixture
def gift(tmp_path: Path) -> Path:
    path = tmp_path / "My joins.gift"
    path.write_text(GIFT)
    return path


def test_a_dry_run_reports_every_question_and_writes_nothing(
    content_copy: Path, gift: Path
) -> None:
    before = sorted(content_copy.rglob("*"))
    code, said, complained = bring(content_copy, gift, *SAID)
    assert (code, complained) == (0, "")
    assert said.splitlines() == [
        'line 1 "Which join keeps all rows?": ok',
        'line 3 "The sun rises in the east.": repaired: no explanation',
        'line 5 "Write about joins.": skipped: because it is an essay: no answer could be checked',
        "3 questions: 1 ok, 1 repaired, 1 skipped.",
        "Nothing is written; --write makes quizzes/my-joins.yaml of it.",
    ]
    assert sorted(content_copy.rglob("*")) == before


def test_what_is_written_passes_the_check(content_copy: Path, gift: Path) -> None:
    code, said, _ = bring(content_copy, gift, *SAID, "--author", "Ada", "--level", "3", "--write")
    assert code == 0
    assert said.splitlines()[-1] == f"Written: {content_copy / 'quizzes' / 'my-joins.yaml'}"
    code, said, _ = rolecall(content_copy, "content", "check")
    assert code == 0, said
    pack = load(content_copy).packs["my-joins"]
    assert (pack.name, pack.author, pack.licence) == ("My joins", "Ada", "CC BY-SA 4.0")
    assert (pack.origin, pack.description) == (
        "A page of somebody.",
        "Questions brought in from My joins.gift.",
    )
    assert [(item.skill, item.level) for item in pack.items] == [("sql", 3), ("sql", 3)]


def test_a_pack_is_written_over_only_on_demand(content_copy: Path, gift: Path) -> None:
    bring(content_copy, gift, *SAID, "--write")
    code, _, complained = bring(content_copy, gift, *SAID, "--write")
    assert code == 1
    assert "my-joins.yaml exists: choose another --id, or give --replace" in complained
    options = ("--write", "--replace", "--name", "Joins")
    code, said, _ = bring(content_copy, gift, *SAID, *options)
    assert (code, said.splitlines()[0]) == (0, 'line 1 "Which join keeps all rows?": ok')
    assert load(content_copy).packs["my-joins"].name == "Joins"


def test_questions_of_other_packs_are_not_brought_in_again(content_copy: Path, gift: Path) -> None:
    bring(content_copy, gift, *SAID, "--write")
    code, said, _ = bring(content_copy, gift, *SAID, "--id", "others", "--write")
    assert code == 1
    assert "the same question stands in the pack my-joins" in said
    assert said.splitlines()[-1] == "There is nothing to write."
    assert "others" not in load(content_copy).packs


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ((), "give --skill and --licence and --source: "),
        (("--skill", "sql", "--licence", " "), "give --licence and --source: "),
    ],
)
def test_what_is_missing_is_asked_for_in_one_line(
    content_copy: Path, gift: Path, options: tuple[str, ...], line: str
) -> None:
    code, said, complained = bring(content_copy, gift, *options)
    assert (code, said) == (2, "")
    assert complained.startswith(line)
    assert len(complained.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--id", "My Pack"), "--id is small letters, digits and single hyphens"),
        (("--id", "x" * 29), "--id has 29 characters; at most 28"),
        (("--id", "fit"), "the id `fit` is that of the role-fit quiz"),
        (("--name", "x" * 61), "--name has 61 characters; at most 60"),
        (("--author", "x" * 61), "--author has 61 characters; at most 60"),
        (("--licence", "x" * 61), "--licence has 61 characters; at most 60"),
        (("--source", "x"), "--source is too short"),
        (("--skill", "sequel"), "there is no skill `sequel`"),
        (("--skill", "pyhton"), "there is no skill `pyhton`; did you mean one of python"),
        (("--format", "kahoot"), "this is not an Excel workbook"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(
    content_copy: Path, gift: Path, options: tuple[str, ...], line: str
) -> None:
    code, said, complained = bring(content_copy, gift, *SAID, *options)
    assert (code, said) == (1, "")
    assert complained.startswith(line)
    assert len(complained.splitlines()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ("content", "import"),
        ("content", "import", "x.gift", "--level", "4"),
        ("content", "import", "x.gift", "--format", "docx"),
        ("content", "export"),
        ("content", "export", "--format", "kahoot"),
    ],
)
def test_wrong_usage_ends_with_2(content_copy: Path, wrong: tuple[str, ...]) -> None:
    assert rolecall(content_copy, *wrong)[0] == 2


def test_a_file_that_is_not_there_is_told(content_copy: Path, tmp_path: Path) -> None:
    code, _, complained = bring(content_copy, tmp_path / "no.gift", *SAID)
    assert (code, complained) == (1, "no.gift cannot be read: No such file or directory\n")


def test_the_skill_may_be_given_by_any_of_its_names(content_copy: Path, gift: Path) -> None:
    said = ("--skill", "Structured Query Language", *SAID[2:])
    assert bring(content_copy, gift, *said, "--write")[0] == 0
    assert load(content_copy).packs["my-joins"].items[0].skill == "sql"


def test_the_real_program_does_it_without_a_trace(content_copy: Path, gift: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "content", "import", str(gift), *SAID],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=kept | {"PYTHONPATH": str(ROOT), "CONTENT_DIR": str(content_copy)},
        cwd=ROOT,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith('line 1 "Which join')


def test_broken_content_stops_the_import(tmp_path: Path, gift: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "content", "import", str(gift), *SAID],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CONTENT_DIR": str(tmp_path / "nowhere")},
        cwd=ROOT,
    )
    assert done.returncode == 1
    assert "there is no such directory" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_format_can_be_written_into_the_content(content_copy: Path, tmp_path: Path) -> None:
    files = {
        "red.yaml": b"AUTHOR: Grace\nDESCRIPTION: 'Of compilers: a list.'\nWhat compiles?:\n- cc\n",
        "opentdb.json": json.dumps(
            {"response_code": 0, "results": [
                {"type": "boolean", "difficulty": "easy", "category": "SQL",
                 "question": "Is 1 &lt; 2 ?", "correct_answer": "True", "incorrect_answers": []},
            ]}
        ).encode(),
        "aiken.txt": b"What is a table made of?\nA. Rows\nB. Air\nANSWER: A\n",
        "anki.csv": b"What sorts rows?,ORDER BY\n",
        "package.apkg": zipped(
            {"collection.anki2": collection([(("What groups rows?", "GROUP BY"), "sql")])}
        ),
        "kahoot.xlsx": workbook(
            [("Question", "Answer 1", "Answer 2", "Correct answer"), ("Which is it?", "a", "b", 1)]
        ),
    }  # fmt: skip
    for name, data in files.items():
        path = tmp_path / name
        path.write_bytes(data)
        stem, _, ending = name.partition(".")
        form = () if ending in {"apkg", "xlsx"} else ("--format", stem)
        code, said, complained = bring(content_copy, path, *SAID, *form, "--write")
        assert code == 0, said + complained
    assert rolecall(content_copy, "content", "check")[0] == 0
    packs = load(content_copy).packs
    assert {"red", "opentdb", "aiken", "anki", "package", "kahoot"} <= set(packs)
    assert (packs["red"].author, packs["red"].description) == ("Grace", "Of compilers: a list.")
    assert packs["aiken"].author == "unknown"


def test_an_ambiguous_ending_asks_for_the_format(content_copy: Path, tmp_path: Path) -> None:
    path = tmp_path / "quiz.txt"
    path.write_text(GIFT)
    code, _, complained = bring(content_copy, path, *SAID)
    assert (code, complained.startswith("quiz.txt may be anything: say what with --format")) == (
        1,
        True,
    )


def test_the_encoding_may_be_said(content_copy: Path, tmp_path: Path) -> None:
    path = tmp_path / "quiz.json"
    result = {"type": "boolean", "question": "100%25+or+more?", "correct_answer": "True",
              "incorrect_answers": []}  # fmt: skip
    path.write_text(json.dumps([result]))
    options = ("--format", "opentdb", "--encoding", "url3986")
    _, said, _ = bring(content_copy, path, *SAID, *options)
    assert said.splitlines()[:2] == [
        "the texts are read as encoding url3986; --encoding says otherwise",
        'result 1 "100%+or+more?": repaired: no explanation',
    ]


def test_options_are_drawn_only_on_demand_and_marked(content_copy: Path, tmp_path: Path) -> None:
    path = tmp_path / "capitals.yaml"
    path.write_text("".join(f"Capital number {n}?:\n- {c}\n" for n, c in enumerate(CAPITALS)))
    bring(content_copy, path, *SAID, "--format", "red", "--write")
    assert all(isinstance(i, TextItem) for i in load(content_copy).packs["capitals"].items)
    options = ("--format", "red", "--make-choices", "--write", "--replace")
    assert bring(content_copy, path, *SAID, *options)[0] == 0
    pack = load(content_copy).packs["capitals"]
    assert pack.origin == "A page of somebody. Wrong options of 8 items were generated."
    for item in pack.items:
        assert isinstance(item, ChoiceItem)
        assert item.author == "unknown; wrong options generated"


def test_no_ping_gets_into_the_head_of_a_pack(content_copy: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.yaml"
    path.write_text("AUTHOR: '@everyone'\nDESCRIPTION: 'For <!channel> *all*'\nWhat is it?:\n- a\n")
    said = ("--skill", "sql", "--licence", "<@1> CC0", "--source", "From <@U123> `me`.")
    bring(content_copy, path, *said, "--format", "red", "--write")
    pack = load(content_copy).packs["list"]
    assert (pack.author, pack.licence) == ("everyone", "CC0")
    assert (pack.origin, pack.description) == (r"From \`me\`.", r"For \*all\*")


@pytest.fixture
def own(content_copy: Path) -> Path:
    """Content with one pack of our own, and no other."""
    (content_copy / "quizzes" / SHIPPED).unlink()
    head = {"id": "x", "skill": "sql", "level": 2}
    ordering = {"stem": "Put these in order.", "format": "ordering",
                "steps": [{"text": "one"}, {"text": "two"}, {"text": "three"}]}  # fmt: skip
    truth = {"stem": "Is *this* so, <b>really</b>?", "format": "true-false",
             "right": [{"text": "True"}], "wrong": [{"text": "False"}]}  # fmt: skip
    pack = pack_of([ITEM.validate_python({**head, **item}) for item in (ordering, truth)])
    write_pack(pack, content_copy, replace=False)
    return content_copy


def test_export_prints_the_file_and_names_what_is_lost(own: Path) -> None:
    code, written, lost = rolecall(own, "content", "export", "own", "--format", "opentdb")
    assert code == 0
    assert json.loads(written) == {
        "response_code": 0,
        "results": [
            {
                "type": "boolean",
                "difficulty": "medium",
                "category": "sql",
                "question": "Is this so, &lt;b&gt;really&lt;/b&gt;?",
                "correct_answer": "True",
                "incorrect_answers": ["False"],
            }
        ],
    }
    assert lost.splitlines() == [
        "own-0: left out: Open Trivia DB has no ordering items",
        "bold, italic, code and links (the words stay): lost from 1 item",
        "author, licence and origin of the packs: lost",
    ]


def test_export_writes_into_a_file(own: Path, tmp_path: Path) -> None:
    target = tmp_path / "own.gift"
    code, written, _ = rolecall(own, "content", "export", "--format", "gift", "-o", target)
    assert (code, written) == (0, "")
    assert (
        target.read_text()
        == """\
// Our own pack: Nobody; CC0-1.0; Drawn at random.

$CATEGORY: own/sql

// [id:own-1] [tag:level-2]
::own-1::[plain]Is this so, <b>really</b>? {TRUE
}
"""
    )


def test_export_for_anki(own: Path) -> None:
    _, written, _ = rolecall(own, "content", "export", "--format", "anki")
    head, first = written.splitlines()[:6], written.splitlines()[6]
    assert head[0] == "#separator:tab"
    assert all(line.startswith("#") for line in head)
    assert [field.strip('"') for field in first.split("\t")[:2]] == ["own-0", "Our own pack"]


@pytest.mark.parametrize("pack", ["nothing", "@everyone"])
def test_a_pack_that_is_not_there_cannot_be_exported(own: Path, pack: str) -> None:
    code, _, complained = rolecall(own, "content", "export", pack, "--format", "gift")
    assert (code, complained) == (1, f"there is no pack `{pack}`; known are: own\n")


def test_without_packs_there_is_nothing_to_export(own: Path) -> None:
    (own / "quizzes" / "own.yaml").unlink()
    code, _, complained = rolecall(own, "content", "export", "--format", "gift")
    assert (code, complained) == (1, "there is no pack; known are: none yet\n")


def test_a_place_that_cannot_be_written_is_told(own: Path, tmp_path: Path) -> None:
    code, _, complained = rolecall(own, "content", "export", "--format", "gift", "-o", tmp_path)
    assert code == 1
    assert complained.startswith(f"{tmp_path} cannot be written")


def test_an_exported_pack_can_be_brought_in_elsewhere(
    own: Path, tmp_path: Path, content_copy: Path
) -> None:
    target = tmp_path / "back.txt"
    rolecall(own, "content", "export", "--format", "anki", "-o", target)
    (own / "quizzes" / "own.yaml").unlink()
    code, said, _ = bring(content_copy, target, *SAID, "--format", "anki", "--write")
    assert code == 0, said
    written = yaml.safe_load((content_copy / "quizzes" / "back.yaml").read_text())
    assert [item["format"] for item in written["items"]] == ["ordering", "true-false"]
    assert [item["level"] for item in written["items"]] == [2, 2]
