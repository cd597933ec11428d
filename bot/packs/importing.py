"""Bringing a file in: read it, build a pack, report, and write it where that is wanted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as with_
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.core.content.loader import QUIZZES, Content, load
from bot.core.content.models import Id, Name, Sentence
from bot.core.content.quizzes import Pack
from bot.core.user_text import clean, quote
from bot.packs.build import Told, build, key_of
from bot.packs.choices import with_choices
from bot.packs.formats import Encoding, Format
from bot.packs.labels import Skills
from bot.packs.model import PackError, Parsed
from bot.packs.read import format_of, parse, read_bytes
from bot.packs.report import summary
from bot.packs.words import literal, one_line
from bot.packs.write_yaml import today, write_pack
from bot.settings import read_settings

RESERVED = "fit"
"""The id that no pack may have: its file holds the role-fit quiz."""


_ID: TypeAdapter[str] = TypeAdapter(Id)
_NAME: TypeAdapter[str] = TypeAdapter(Name)
_SENTENCE: TypeAdapter[str] = TypeAdapter(Sentence)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants brought in, and says of it; None is what the file or a default says."""

    file: Path
    form: Format | None
    skill: str
    licence: str
    source: str
    author: str | None = None
    pack: str | None = None
    name: str | None = None
    level: int = 1
    encoding: Encoding = Encoding.AUTO
    make_choices: bool = False


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of it: the pack, or None if no question fits, and the lines of the report."""

    pack: Pack | None
    lines: tuple[str, ...]


def bring_in(wish: Wish, content: Content) -> Brought:
    """The file as a pack for this content. Nothing is written.

    Raises:
        PackError: if the file cannot be read, or what was said of it does not fit.
    """
    form = wish.form or format_of(wish.file)
    pack_id = _checked("--id", wish.pack or _id_from(wish.file.stem), _ID)
    if pack_id == RESERVED:
        raise PackError(f"the id `{RESERVED}` is that of the role-fit quiz: give another --id")
    skills = Skills(content)
    skill = _skill(wish.skill, skills)
    parsed = parse(read_bytes(wish.file), form, wish.encoding)
    if wish.make_choices:
        parsed = with_(parsed, found=with_choices(parsed.found))
    name = _checked("--name", _said(wish.name) or _name_from(wish.file.stem), _NAME)
    author = _checked("--author", _said(wish.author or parsed.author) or "unknown", _NAME)
    licence = _checked("--licence", _said(wish.licence), _NAME)
    source = _checked("--source", _said(wish.source), _SENTENCE)
    told = Told(pack_id, author, skill, wish.level)
    built = build(parsed.found, told, skills, _known(content, pack_id))
    generated = sum(1 for item in built.items if item.author)
    description, remarks = _description(parsed, wish.file)
    lines = (
        *(clean(remark) for remark in remarks),
        *map(str, built.lines),
        f"{summary(built.lines)}.",
    )
    if not built.items:
        return Brought(None, lines)
    pack = Pack(
        id=pack_id,
        name=name,
        description=description,
        author=author,
        licence=licence,
        origin=_origin(source, generated),
        reviewed=today(),
        items=built.items,
    )
    return Brought(pack, lines)


def run(wish: Wish, *, write: bool, replace: bool) -> tuple[str, bool]:
    """Bring a file in for the content of this process; the report, and whether anything fits.

    Raises:
        PackError: if it cannot be done.
        SettingsError: if a setting is malformed.
        ContentError: if the content cannot be used.
    """
    directory = read_settings().content_dir
    brought = bring_in(wish, load(directory))
    lines = list(brought.lines)
    match brought.pack:
        case None:
            lines.append("There is nothing to write.")
        case pack if write:
            lines.append(f"Written: {write_pack(pack, directory, replace=replace)}")
        case pack:
            lines.append(f"Nothing is written; --write makes {QUIZZES}/{pack.id}.yaml of it.")
    return "\n".join(lines), brought.pack is not None


def _skill(text: str, skills: Skills) -> str:
    found = skills.named(text)
    if found is None:
        near = ", ".join(skills.near(text))
        hint = f"; did you mean one of {near}?" if near else ""
        raise PackError(f"there is no skill `{quote(text)}`{hint}")
    return found


def _known(content: Content, pack: str) -> Mapping[str, str]:
    """The questions that other packs have already, by their keys."""
    return {
        key_of(item): f"the pack {other.id}"
        for other in content.packs.values()
        if other.id != pack
        for item in other.items
    }


def _said(text: str | None) -> str:
    """What somebody says of a pack, in one line that shows just these words."""
    return literal(one_line(text or ""))


def _origin(source: str, generated: int) -> str:
    marked = f"{source} Wrong options of {generated} items were generated."
    return marked if generated and len(marked) <= 240 else source


def _checked(option: str, value: str, kind: TypeAdapter[str]) -> str:
    """What was said with an option, if our schema takes it."""
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        details = error.errors(include_url=False)[0]
        match details["type"]:
            case "string_too_long":
                most = details["ctx"]["max_length"]
                problem = f"has {len(value)} characters; at most {most}"
            case "string_too_short":
                problem = "is too short"
            case _:
                problem = "is small letters, digits and single hyphens, such as deep-learning"
        raise PackError(f"{option} {problem}") from None


def _description(parsed: Parsed, file: Path) -> tuple[str, tuple[str, ...]]:
    """What the file says of itself, or where it came from; and what to remark."""
    own = _said(parsed.description)
    if 3 <= len(own) <= 240:
        return own, parsed.remarks
    plain = _said(f"Questions brought in from {quote(file.name)}.")
    too_long = f"the description of the file is left out: {len(own)} characters, at most 240"
    return plain, (*parsed.remarks, too_long) if own else parsed.remarks


def _plain_letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _id_from(stem: str) -> str:
    return re.sub("[^a-z0-9]+", "-", _plain_letters(stem).lower())[:28].strip("-") or "pack"


def _name_from(stem: str) -> str:
    words = _said(re.sub(r"[-_\s]+", " ", stem))
    return f"{words[:1].upper()}{words[1:]}" or "Pack"
