"""Zip containers from elsewhere: bounded, never unpacked, read by exact names."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from bot.packs.model import PackError

MAX_MEMBERS = 2_000
"""More files inside a container than this are refused."""

MAX_UNPACKED = 10_000_000
"""Bytes that all files of a container may have together, unpacked."""


def open_container(data: bytes, what: str) -> zipfile.ZipFile:
    """The container in `data`, checked; `what` it is called in messages.

    Raises:
        PackError: if it is no zip file, has too many files or too large ones, or names paths
            outside of itself.
    """
    try:
        container = zipfile.ZipFile(io.BytesIO(data))
        members = container.infolist()
    except _BROKEN as error:
        raise PackError(f"this is not {what}: {_said(error)}") from None
    if len(members) > MAX_MEMBERS:
        raise PackError(f"{what} with {len(members):,} files inside: at most {MAX_MEMBERS:,}")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED:
        raise PackError(
            f"{what} that unpacks to {unpacked:,} bytes: at most {MAX_UNPACKED:,} are taken"
        )
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or member.filename[1:2] == ":":
            raise PackError(f"{what} with a path that leads outside: it is not opened")
        if member.flag_bits & 0x1:
            raise PackError(f"{what} with a password: remove the password")
    return container


def member(container: zipfile.ZipFile, name: str, what: str) -> bytes | None:
    """The bytes of one file inside, or None if there is no such file.

    Raises:
        PackError: if it is damaged, or larger than the container says.
    """
    if name not in container.namelist():
        return None
    try:
        with container.open(name) as file:
            data = file.read(MAX_UNPACKED + 1)
    except _BROKEN as error:
        raise PackError(f"{what} is damaged: {name}: {_said(error)}") from None
    if len(data) > MAX_UNPACKED:
        raise PackError(f"{what}: {name} is larger than {MAX_UNPACKED:,} bytes")
    return data


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # a way of packing that is not known
    RuntimeError,
    ValueError,
    EOFError,
    OSError,
)


def _said(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
