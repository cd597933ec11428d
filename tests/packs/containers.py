"""Packages and workbooks, made as the programs make them, or broken on purpose."""

from __future__ import annotations

import io
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import zstandard
from openpyxl import Workbook

NOTES = "CREATE TABLE notes (id integer primary key, guid text, tags text, flds text, sfld text)"


def zipped(members: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file with these files inside."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as container:
        for name, data in members.items():
            container.writestr(name, data)
    return target.getvalue()


def collection(
    notes: Iterable[tuple[Sequence[str], str]] = (), statements: Iterable[str] = (NOTES,)
) -> bytes:
    """A collection of Anki with notes: their fields, and their tags."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "collection"
        with closing(sqlite3.connect(path)) as connection:
            for statement in statements:
                connection.execute(statement)
            for number, (fields, tags) in enumerate(notes, 1):
                row = (number, f"guid{number}", tags, "\x1f".join(fields), fields[0])
                connection.execute("INSERT INTO notes VALUES (?, ?, ?, ?, ?)", row)
            connection.commit()
        return path.read_bytes()


def packed(data: bytes) -> bytes:
    """Packed as newer Anki does."""
    return zstandard.ZstdCompressor().compress(data)


def workbook(rows: Iterable[Sequence[Any]]) -> bytes:
    """An Excel workbook with one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_member(data: bytes, name: str, change: Mapping[str, str]) -> bytes:
    """A zip file with texts replaced in one file inside."""
    members: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        for member in container.namelist():
            inside = container.read(member)
            if member == name:
                for old, new in change.items():
                    assert old.encode() in inside, inside
                    inside = inside.replace(old.encode(), new.encode())
            members[member] = inside
    return zipped(members)
