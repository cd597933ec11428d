"""Packages of Anki (.apkg): a zip with an SQLite collection, of which only the notes are read.

The collection is somebody else's database: it is opened read-only from a private copy, with
limits on the length of values and on the work that a query may make.
"""

from __future__ import annotations

import io
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

import zstandard

from bot.packs.anki_note import Note, questions
from bot.packs.archive import MAX_UNPACKED, member, open_container
from bot.packs.model import MAX_ITEMS, Found, PackError, Parsed

WHAT = "an Anki package"

MAX_WINDOW = 1 << 25
"""Bytes of memory that unpacking may look back on: more than Anki's own packages need."""

MAX_VALUE = 1_000_000
"""Bytes of one value in the collection."""

MAX_STEPS = 2_000
"""Thousands of steps of SQLite's machine that reading the notes may take."""

_FIELD_END = "\x1f"


def parse(data: bytes) -> Parsed:
    """The questions of a package: the first field of a note is the front, the second the back.

    Raises:
        PackError: if it is damaged, too large unpacked, or has no notes.
    """
    with open_container(data, WHAT) as container:
        collection = _collection(container)
    found: list[Found] = []
    for number, (fields, tags) in enumerate(_notes(collection), 1):
        front, *others = fields.split(_FIELD_END)
        note = Note(
            place=f"note {number}",
            front=front,
            back=others[0] if others else "",
            labels=tuple(tags.split()),
            further=sum(1 for text in others[1:] if text.strip()),
        )
        found += questions(note)
    return Parsed(tuple(found))


def _collection(container: zipfile.ZipFile) -> bytes:
    """The newest collection inside; next to it lies an old one that only says "please update"."""
    packed = member(container, "collection.anki21b", WHAT)
    if packed is not None:
        return _unpacked(packed)
    for name in ("collection.anki21", "collection.anki2"):
        plain = member(container, name, WHAT)
        if plain is not None:
            return plain
    raise PackError(f"this is not {WHAT}: there is no collection inside")


def _unpacked(packed: bytes) -> bytes:
    unpacker = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
    try:
        with unpacker.stream_reader(io.BytesIO(packed)) as stream:
            data = stream.read(MAX_UNPACKED + 1)
    except zstandard.ZstdError:
        raise PackError(f"{WHAT} is damaged: its collection cannot be unpacked") from None
    if len(data) > MAX_UNPACKED:
        raise PackError(f"{WHAT} whose collection is larger than {MAX_UNPACKED:,} bytes")
    return data


def _notes(collection: bytes) -> list[tuple[str, str]]:
    """Fields and tags of each note, in the order in which they were made."""
    with tempfile.TemporaryDirectory(prefix="rolecall-") as folder:
        path = Path(folder) / "collection"
        path.write_bytes(collection)
        try:
            address = f"{path.as_uri()}?mode=ro&immutable=1"
            with closing(sqlite3.connect(address, uri=True)) as connection:
                return _read(connection)
        except (sqlite3.Error, ValueError) as error:  # also a message that is not UTF-8
            raise PackError(f"{WHAT} is damaged: its collection cannot be read ({error})") from None


def _read(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    steps = 0

    def too_long() -> int:
        nonlocal steps
        steps += 1
        return int(steps > MAX_STEPS)

    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    connection.set_progress_handler(too_long, 1_000)
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    made = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'notes'").fetchall()
    # A view, or a table that a module of SQLite computes, could do any work.
    if len(made) != 1 or not _text(made[0][0]).upper().startswith("CREATE TABLE"):
        raise PackError(f"{WHAT} is damaged: its collection has no table of notes")
    rows = connection.execute(
        "SELECT flds, tags FROM notes ORDER BY id LIMIT ?", (MAX_ITEMS + 1,)
    ).fetchall()
    return [(_text(fields), _text(tags)) for fields, tags in rows]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
