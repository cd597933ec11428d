"""Packages of Anki: the zip, the database inside, and what a hostile one may try."""

from __future__ import annotations

import os
import sqlite3
import struct
import zipfile

import pytest
import zstandard

from bot.core.content.quizzes import TextItem
from bot.packs.archive import MAX_MEMBERS, MAX_UNPACKED
from bot.packs.formats import Format
from bot.packs.labels import Skills
from bot.packs.model import PackError, Question
from tests.packs.bringing import brought, only, parsed, question, reason
from tests.packs.containers import NOTES, collection, packed, zipped

NOTE = (("What joins <b>tables</b>?", "a join"), " sql level::2 ")
OLD = collection([(("Please update Anki", "to open this"), "")])


def test_the_newest_collection_is_read(skills: Skills) -> None:
    new = collection([NOTE])
    for members in (
        {"collection.anki2": OLD, "collection.anki21b": packed(new), "meta": b"\x08\x03"},
        {"collection.anki2": OLD, "collection.anki21": new, "media": b"{}"},
        {"collection.anki2": new},
    ):
        item = only(brought(skills, zipped(members), Format.ANKI))
        assert isinstance(item, TextItem)
        assert (item.stem, item.accepted) == ("What joins tables?", ("a join",))
        assert (item.skill, item.level) == ("sql", 2)


def test_notes_are_named_by_number_and_further_fields_are_dropped() -> None:
    data = zipped({"collection.anki2": collection([(("What is it?", "a cat", "x", ""), "")])})
    read = question(parsed(data, Format.ANKI))
    assert (read.place, read.notes) == ("note 1", ("1 further field dropped",))


def test_a_note_with_one_field_is_left() -> None:
    data = zipped({"collection.anki2": collection([(("What is it?",), "")])})
    assert reason(parsed(data, Format.ANKI)) == "nothing is left of its back"


def test_too_many_notes_are_refused() -> None:
    data = zipped({"collection.anki2": collection([NOTE] * 2_001)})
    with pytest.raises(PackError, match="holds 2,001 questions; at most 2,000"):
        parsed(data, Format.ANKI)


def statements(*made: str) -> bytes:
    return zipped({"collection.anki2": collection(statements=made)})


ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT i AS id, '' AS flds, '' AS tags FROM n"
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(statements(f"CREATE VIEW notes AS {ENDLESS}"), "no table of notes", id="view"),
        pytest.param(statements("CREATE TABLE cards (id)"), "no table of notes", id="no table"),
        pytest.param(
            statements("CREATE VIRTUAL TABLE notes USING fts4(flds, tags)"),
            "no table of notes",
            id="virtual table",
        ),
        pytest.param(statements("CREATE TABLE notes (id)"), "no such column", id="no fields"),
        pytest.param(
            statements(
                "CREATE TABLE notes (id integer primary key, tags text, "
                "flds text AS (hex(zeroblob(2000000))))",
                "INSERT INTO notes (id, tags) VALUES (1, '')",
            ),
            "cannot be read",
            id="a value without end",
        ),
        pytest.param(zipped({"collection.anki2": b"no database"}), "cannot be read", id="text"),
        pytest.param(zipped({"collection.anki2": OLD[:600]}), "cannot be read", id="cut"),
        pytest.param(zipped({"collection.anki21b": b"x"}), "cannot be unpacked", id="no zstd"),
        pytest.param(
            zipped({"collection.anki21b": packed(bytes(MAX_UNPACKED + 1))}),
            "larger than",
            id="zstd bomb",
        ),
        pytest.param(
            zipped({"collection.anki2": bytes(MAX_UNPACKED + 1)}), "unpacks to", id="zip bomb"
        ),
        pytest.param(
            zipped({str(number): b"" for number in range(MAX_MEMBERS + 1)}),
            "2,001 files inside",
            id="many files",
        ),
        pytest.param(zipped({"../evil": b"", "collection.anki2": OLD}), "outside", id="path up"),
        pytest.param(zipped({"/etc/evil": b""}), "outside", id="path from the root"),
        pytest.param(zipped({"a\\..\\..\\b": b""}), "outside", id="path of Windows"),
        pytest.param(
            zipped(
                {"collection.anki2": OLD.replace(b"CREATE TABLE notes", b"CREATE TABL\x80 notes")}
            ),
            "cannot be read",
            id="a schema that is not UTF-8",
        ),
        pytest.param(zipped({"media": b"{}"}), "no collection", id="empty"),
        pytest.param(zipped({"collection.anki2": OLD})[:-30], "not an Anki package", id="broken"),
    ],
)
def test_a_package_that_is_broken_or_hostile_is_refused(data: bytes, message: str) -> None:
    assert len(data) < 1_000_000
    with pytest.raises(PackError, match=message):
        parsed(data, Format.ANKI)


def test_a_file_that_is_larger_than_it_says_is_refused() -> None:
    data = bytearray(zipped({"collection.anki2": bytes(5_000_000)}))
    # The size stands in the directory at the end of the container: it may claim anything.
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<L", 100)
    with pytest.raises(PackError, match="an Anki package"):
        parsed(bytes(data), Format.ANKI)


def test_a_damaged_file_inside_is_refused() -> None:
    noise = os.urandom(2_000)
    data = bytearray(zipped({"collection.anki2": noise}, zipfile.ZIP_STORED))
    data[data.index(noise) + 50] ^= 0xFF
    with pytest.raises(PackError, match=r"damaged: collection\.anki2"):
        parsed(bytes(data), Format.ANKI)


def test_a_window_that_needs_much_memory_is_refused() -> None:
    settings = zstandard.ZstdCompressionParameters(window_log=27)
    stream = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    data = stream.compress(OLD) + stream.flush()
    with pytest.raises(PackError, match="cannot be unpacked"):
        parsed(zipped({"collection.anki21b": data}), Format.ANKI)


def test_values_that_are_no_texts_are_nothing() -> None:
    made = (NOTES, "INSERT INTO notes VALUES (1, 'g', NULL, x'ff00', '')")
    assert reason(parsed(statements(*made), Format.ANKI)) == "nothing is left of its front"


def test_text_that_is_not_utf_8_is_read_as_far_as_it_goes() -> None:
    made = (NOTES, "INSERT INTO notes VALUES (1, 'g', '', CAST(x'41ff1f62' AS TEXT), '')")
    (entry,) = parsed(statements(*made), Format.ANKI).found
    assert isinstance(entry, Question)
    assert entry.stem == "A\ufffd"


def test_the_collection_is_not_changed_and_nothing_stays_behind(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("private")
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    opened: list[str] = []
    connect = sqlite3.connect

    def noted(address: str, *, uri: bool) -> sqlite3.Connection:
        opened.append(address)
        return connect(address, uri=uri)

    data = zipped({"collection.anki2": collection([NOTE])})
    opened.clear()
    monkeypatch.setattr(sqlite3, "connect", noted)
    assert question(parsed(data, Format.ANKI)).place == "note 1"
    (address,) = opened
    assert address.startswith(folder.as_uri())
    assert "mode=ro" in address
    assert list(folder.iterdir()) == []
