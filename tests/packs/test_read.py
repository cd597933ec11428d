"""The limits on files, and the encodings of text."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from bot.packs.formats import Format
from bot.packs.model import MAX_BYTES, Left, PackError, Question
from bot.packs.read import decode, format_of, parse, read_bytes

TEXT = "Wer hätte gedacht, daß 🦆?\n- Ente\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_unicode(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_utf_16_of_either_order_needs_its_mark() -> None:
    assert decode(b"\xfe\xff" + TEXT.encode("utf-16-be")) == TEXT
    with pytest.raises(PackError, match="line 1: a zero byte"):
        decode("plain".encode("utf-16-le"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a\nb\nhätte".encode("latin-1"), "line 3: the file is not UTF-8 text"),
        ("a".encode("utf-32"), "UTF-32"),
        (b"\xff\xfea", "the file is not UTF-16 text"),
        (b"\xff\xfe\x00\xd8", "the file is not UTF-16 text"),
        (b"a\n\0", "line 2: a zero byte"),
    ],
)
def test_other_encodings_are_refused_with_the_line(data: bytes, message: str) -> None:
    with pytest.raises(PackError, match=message):
        decode(data)


def test_lines_end_alike_wherever_they_were_written() -> None:
    assert decode(b"a\r\nb\rc\n") == "a\nb\nc\n"


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(10_000_000_000)
    with pytest.raises(PackError, match=r"large.txt has 10,000,000,000 bytes; at most 1,000,000"):
        read_bytes(large)


def test_a_file_of_unknown_size_is_read_no_further_than_the_limit() -> None:
    with pytest.raises(PackError, match="more than 1,000,000 bytes"):
        read_bytes(Path("/dev/zero"))


def test_what_cannot_be_read_is_told_in_a_line(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing", Path("a\0b"), Path("a" * 500)):
        with pytest.raises(PackError, match="cannot be read"):
            read_bytes(path)


def test_the_largest_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "most.txt"
    path.write_bytes(b" " * MAX_BYTES)
    assert len(read_bytes(path)) == MAX_BYTES


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.APKG", Format.ANKI), ("a.xlsx", Format.KAHOOT), ("a.b.gift", Format.GIFT)],
)
def test_the_format_is_known_from_a_clear_ending(name: str, form: Format) -> None:
    assert format_of(Path(name)) is form


@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.yaml", "a.csv", "a"])
def test_otherwise_the_format_is_asked_for(name: str) -> None:
    with pytest.raises(PackError, match="say what with --format"):
        format_of(Path(name))


def test_more_questions_than_a_pack_holds_are_refused() -> None:
    one = "{n} is a number.{{T}}\n\n"
    most = "".join(one.format(n=n) for n in range(2_000))
    assert len(parse(most.encode(), Format.GIFT).found) == 2_000
    with pytest.raises(PackError, match="holds 2,001 questions; at most 2,000 fit"):
        parse((most + one.format(n=-1)).encode(), Format.GIFT)


@pytest.mark.parametrize(
    ("form", "unit"),
    [
        (Format.GIFT, "{"),
        (Format.GIFT, "::"),
        (Format.GIFT, "a{=b#<img "),
        (Format.GIFT, "a{~%50%&amp;<!--"),
        (Format.ANKI, '"a""\t'),
        (Format.ANKI, "#html:true\n<!--<a b='\t"),
        (Format.ANKI, "{{c1::a"),
        (Format.AIKEN, "A. \n"),
        (Format.RED, "a:\n- b\n"),
        (Format.RED, "- [a"),
        (Format.RED, "{"),
        (Format.OPENTDB, '{"results":['),
        (Format.OPENTDB, "[1,"),
    ],
)
@pytest.mark.timeout(20)
def test_a_megabyte_of_anything_takes_seconds_at_most(form: Format, unit: str) -> None:
    data = (unit * (MAX_BYTES // len(unit))).encode()
    with contextlib.suppress(PackError):
        assert all(isinstance(entry, Question | Left) for entry in parse(data, form).found)
