"""Every kind of mistake in content is reported as `file:line: message`, all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.content.loader import ContentError, load
from bot.core.content.yaml_reader import MAX_BYTES, Problem

ROLE = "roles/data-analyst.yaml"


def problems(directory: Path) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        load(directory)
    return caught.value.problems


def edit(directory: Path, name: str, change: Callable[[str], str]) -> None:
    path = directory / name
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before, "the edit must change something"
    path.write_text(after, encoding="utf-8")


def line_of(directory: Path, name: str, text: str) -> int:
    lines = (directory / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def replaced(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("name", "old", "new", "marker", "message"),
    [
        pytest.param(
            ROLE, "  sql: 4", "  sqll: 4", "sqll", "no skill `sqll`; did you mean `sql`?",
            id="unknown skill",
        ),
        pytest.param(
            ROLE, "  sql: 4", "  sql: 7", "sql: 7", "out of range", id="level out of range"
        ),
        pytest.param(
            ROLE, "  sql: 4", "  sql: lots", "sql: lots", "must be a whole number",
            id="level not a number",
        ),
        pytest.param(
            ROLE, "  sql: 4", "  sql: 4\n  sql: 3", "sql: 3", "`sql` stands twice",
            id="duplicate key",
        ),
        pytest.param(
            ROLE, "name: Data analyst", "name: no", "name: no", "write 'no'",
            id="no read as a boolean",
        ),
        pytest.param(
            ROLE, "name: Data analyst", "name: 1:30", "name: 1:30", "write '1:30'",
            id="time read as a number",
        ),
        pytest.param(
            ROLE, "name: Data analyst", "name: &a Data analyst", "&a", "anchors are not allowed",
            id="anchor",
        ),
        pytest.param(
            ROLE, "name: Data analyst", "name: &a [*a]", "&a", "anchors are not allowed",
            id="a list that contains itself",
        ),
        pytest.param(
            ROLE, "name: Data analyst", "name: !!python/none x", "!!python", "tags are not allowed",
            id="tag",
        ),
        pytest.param(
            ROLE, "name: Data analyst", "nmae: Data analyst", "nmae",
            "unknown key `nmae`; did you mean `name`?", id="unknown key",
        ),
        pytest.param(
            ROLE, "group: data", "group: dta", "group: dta",
            "no role group `dta`; did you mean `data`?", id="unknown group",
        ),
        pytest.param(
            ROLE, "id: data-analyst", "id: data-analist", "id: data-analist",
            "name the file data-analist.yaml", id="id unlike the file's name",
        ),
        pytest.param(
            ROLE, "country: GB", "country: ZZ", "country: ZZ", "no country `ZZ`",
            id="unknown country",
        ),
        pytest.param(
            ROLE, "reviewed: 2026-11-20", "reviewed: 2026-13-20", "reviewed:", "`reviewed`",
            id="a date that is none",
        ),
        pytest.param(
            "sources.yaml", "as_of: 2025-12", "as_of: late 2025", "late 2025",
            "write a date as 2025, 2025-04 or 2025-04-29", id="a vague date",
        ),
        pytest.param(
            "sources.yaml", "trust: low", "trust: so so", "trust: so so", "allowed:",
            id="a word that is not in the list",
        ),
        pytest.param(
            "countries.yaml", "id: GB", "id: gb", "id: gb", "has the wrong form", id="wrong form",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_where_it_is(
    content_copy: Path, name: str, old: str, new: str, marker: str, message: str
) -> None:
    edit(content_copy, name, replaced(old, new))
    line = line_of(content_copy, name, marker)
    found = problems(content_copy)
    assert any((p.file, p.line) == (name, line) and message in p.message for p in found), found


def test_pay_without_a_source_is_reported(content_copy: Path) -> None:
    edit(content_copy, ROLE, replaced("    source: aijobs\n", ""))
    (found,) = problems(content_copy)
    assert found.file == ROLE
    assert found.message == "`pay.0.source` is missing: add it"
    assert found.line == line_of(content_copy, ROLE, "  - title:")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [(ROLE, "id: data-analyst", "id: data-scientist"), ("skills.yaml", "id: python", "id: sql")],
)
def test_an_id_that_stands_twice_is_reported_with_the_first_place(
    content_copy: Path, name: str, old: str, new: str
) -> None:
    edit(content_copy, name, replaced(old, new))
    line = line_of(content_copy, name, new)
    taken = [p.message for p in problems(content_copy) if "is taken" in p.message]
    assert len(taken) == 1
    assert taken[0].endswith(f"see {name}:{line}")


def test_a_circle_of_parts_is_reported(content_copy: Path) -> None:
    terms = content_copy / "terms.yaml"
    terms.write_text(
        "terms:\n"
        + "".join(
            f"  - id: {here}\n    name: Name {here}\n"
            "    definition:\n      text: Something.\n      sources: [judgement]\n"
            f"    example: An example.\n    broader: {there}\n"
            for here, there in (("aaa", "bbb"), ("bbb", "ccc"), ("ccc", "aaa"))
        ),
        encoding="utf-8",
    )
    found = [p for p in problems(content_copy) if "circle" in p.message]
    assert [p.file for p in found] == ["terms.yaml"] * 3
    assert "aaa → bbb → ccc → aaa" in found[0].message


def test_a_name_that_means_two_things_is_reported(content_copy: Path) -> None:
    edit(content_copy, "skills.yaml", replaced("name: SQL", "name: Python"))
    assert any("already means `python`" in p.message for p in problems(content_copy))


def test_a_huge_file_is_refused_without_reading_it(content_copy: Path) -> None:
    with (content_copy / ROLE).open("r+b") as file:
        file.truncate(100 * 1024 * 1024)
    (found,) = problems(content_copy)
    assert str(found) == (f"{ROLE}:1: the file has 104,857,600 bytes; the limit is {MAX_BYTES:,}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "the file is empty"),
        (b"id: [", "not YAML"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"a: 1\n---\nb: 2\n", "one document a file"),
        (b"[" * 40 + b"]" * 40, "nested more than"),
        (b"just words", "`the file`"),
        (b"? [a]\n: b\n", "a key must be a word"),
    ],
)
def test_a_file_that_is_no_content_is_reported(
    content_copy: Path, text: bytes, message: str
) -> None:
    (content_copy / ROLE).write_bytes(text)
    assert any(p.file == ROLE and message in p.message for p in problems(content_copy))


def test_missing_and_unknown_files_are_reported(content_copy: Path) -> None:
    (content_copy / "terms.yaml").unlink()
    (content_copy / "skils.yaml").write_text("a: b\n", encoding="utf-8")
    (content_copy / "roles" / "poet.yml").write_text("a: b\n", encoding="utf-8")
    found = {p.file: p.message for p in problems(content_copy)}
    assert "cannot be read" in found["terms.yaml"]
    assert "unknown file" in found["skils.yaml"]
    assert "unknown file" in found["roles/poet.yml"]


def test_a_directory_that_is_not_there_is_one_clear_problem(tmp_path: Path) -> None:
    assert any("no such directory" in p.message for p in problems(tmp_path / "nowhere"))


def test_all_mistakes_come_at_once_in_the_order_of_the_files(content_copy: Path) -> None:
    edit(content_copy, ROLE, replaced("  sql: 4", "  sql: 9"))
    edit(content_copy, "skills.yaml", replaced("name: SQL", "nme: SQL"))
    edit(content_copy, "sources.yaml", replaced("trust: low", "trust: none"))
    found = problems(content_copy)
    assert [p.file for p in found] == sorted(p.file for p in found)
    assert {p.file for p in found} == {ROLE, "skills.yaml", "sources.yaml"}
