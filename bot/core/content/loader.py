"""From a content directory to `Content`: reads, validates and cross-checks every file.

All problems are reported at once, each as `file:line: what is wrong, and what would be right`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from bot.core.content import issues
from bot.core.content.feeds import Feed, FeedsFile
from bot.core.content.models import (
    CountriesFile,
    Country,
    FamilyFile,
    Group,
    Note,
    Path,
    Record,
    Role,
    Skill,
    SkillsFile,
    Source,
    SourcesFile,
    Term,
    TermsFile,
    Title,
    TitlesFile,
)
from bot.core.content.newsletter import FrontMatter, WrittenIssue
from bot.core.content.quizzes import FitFile, Item, Pack
from bot.core.content.references import cross_check
from bot.core.content.yaml_reader import Document, Loc, Problem, read
from bot.core.views import Block

FILES: Mapping[str, type[Record]] = {
    "sources.yaml": SourcesFile,
    "countries.yaml": CountriesFile,
    "skills.yaml": SkillsFile,
    "terms.yaml": TermsFile,
    "titles.yaml": TitlesFile,
    "family.yaml": FamilyFile,
    "quizzes/fit.yaml": FitFile,
}
"""The files that every content directory has, and what each must hold."""

OPTIONAL: Mapping[str, type[Record]] = {"feeds.yaml": FeedsFile}
"""The files that a content directory may have besides."""

ROLES = "roles"
"""The folder with one file a role."""

QUIZZES = "quizzes"
"""The folder with the role-fit quiz and one file a pack of knowledge items."""

FOLDERS: Mapping[str, type[Record]] = {ROLES: Role, QUIZZES: Pack}
"""What the other files in a folder must hold, one thing a file."""

MAX_FILES = 10_000
"""More files in a folder than this are refused."""

AnyRecord = TypeVar("AnyRecord", bound=Record)

FORMATS = frozenset(
    (name,)
    for model in get_args(Item)
    for name in get_args(model.model_fields["format"].annotation)
)
"""The formats of items, each as the step that pydantic puts into a location."""


class ContentError(Exception):
    """The content cannot be used; `problems` says why, one line each."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a content directory says, checked; `version` is a hash of its files."""

    version: str
    sources: Mapping[str, Source]
    countries: Mapping[str, Country]
    skill_groups: tuple[Group, ...]
    skills: Mapping[str, Skill]
    terms: Mapping[str, Term]
    role_groups: tuple[Group, ...]
    roles: Mapping[str, Role]
    titles: Mapping[str, Title]
    notes: Mapping[str, Note]
    paths: tuple[Path, ...]
    fit: FitFile
    packs: Mapping[str, Pack]
    items: Mapping[str, Item]
    issues: Mapping[str, WrittenIssue]
    feeds: Mapping[str, Feed]


def load(directory: FilePath, draft: FilePath | None = None) -> Content:
    """The content of `directory`.

    Args:
        directory: The folder that holds the files.
        draft: A newsletter issue from anywhere, read as if it lay in the folder `newsletter`; it
            takes the place of the file with the same name.

    Raises:
        ContentError: with every problem that was found.
    """
    present = (*FILES, *(name for name in OPTIONAL if (directory / name).exists()))
    documents = {name: read(directory / name, name) for name in present}
    for folder in FOLDERS:
        documents |= {name: read(directory / name, name) for name in _files(directory, folder)}
    written = _issues(directory, draft)
    documents |= written
    bodies: dict[str, tuple[Block, ...]] = {}
    problems = [*_misplaced(directory)]
    for name, document in written.items():
        bodies[name], mistakes_in_text = issues.body_of(document)
        problems += mistakes_in_text
    records: dict[str, Record] = {}
    for name, document in documents.items():
        problems += document.problems
        if not document.problems:
            model = model_of(name)
            record, mistakes = _validate(document, model)
            problems += mistakes
            if record is not None:
                records[name] = record
    fronts = {name: record for name, record in records.items() if isinstance(record, FrontMatter)}
    problems += issues.misnamed(written, fronts)
    if len(records) == len(documents):
        problems += cross_check(documents, records)
    if problems:
        raise ContentError(tuple(sorted(problems, key=lambda p: (p.file, p.line, p.message))))
    made = issues.assemble(fronts, bodies)
    return _assemble(records, made, _version(documents.values()))


def load_draft(directory: FilePath, file: FilePath) -> tuple[WrittenIssue, Content]:
    """An issue from wherever its file lies, and the content together with it.

    Raises:
        ContentError: with every mistake in the content or the issue.
    """
    content = load(directory, file)
    found = issues.named(file.name)
    if found is None:  # the content would not have loaded
        raise AssertionError(file.name)
    return content.issues[found[1]], content


def model_of(name: str) -> type[Record]:
    """What a file must hold, by its name within the content. Raises KeyError for no such file."""
    folder = name.rpartition("/")[0]
    if folder == issues.FOLDER:
        return FrontMatter
    return FILES.get(name) or OPTIONAL.get(name) or FOLDERS[folder]


def _files(directory: FilePath, folder: str) -> list[str]:
    """The files of a folder that hold one thing each."""
    names = sorted(f"{folder}/{path.name}" for path in (directory / folder).glob("*.yaml"))
    return [name for name in names if name not in FILES]


def _issues(directory: FilePath, draft: FilePath | None) -> dict[str, Document]:
    """The issues of the newsletter, each with its head read."""
    paths = [*(directory / issues.FOLDER).glob("*.md"), *([draft] if draft else ())]
    found = {f"{issues.FOLDER}/{path.name}": path for path in paths}
    return {name: read(path, name, issues.front_matter) for name, path in sorted(found.items())}


def _misplaced(directory: FilePath) -> Iterator[Problem]:
    if not directory.is_dir():
        yield Problem(str(directory), 1, "there is no such directory; CONTENT_DIR names it")
        return
    for path in sorted(directory.iterdir()):
        if path.suffix in {".yaml", ".yml"} and path.name not in {*FILES, *OPTIONAL}:
            known = ", ".join(name for name in (*FILES, *OPTIONAL) if "/" not in name)
            yield Problem(path.name, 1, f"unknown file; known are {known}")
    for folder, model in FOLDERS.items():
        what = model.__name__.lower()
        for path in sorted((directory / folder).glob("*")):
            if path.suffix != ".yaml":
                name = f"{folder}/{path.name}"
                yield Problem(name, 1, f"unknown file; a {what} is a .yaml file")
        count, least = len(_files(directory, folder)), 1 if model is Role else 0
        if not least <= count <= MAX_FILES:
            yield Problem(
                folder, 1, f"{count:,} {what} files; there must be {least} to {MAX_FILES:,}"
            )

    for path in sorted((directory / issues.FOLDER).glob("*")):
        if path.suffix != ".md":
            name = f"{issues.FOLDER}/{path.name}"
            yield Problem(name, 1, "unknown file; an issue is a .md file")


def _validate(
    document: Document, model: type[AnyRecord]
) -> tuple[AnyRecord | None, Iterable[Problem]]:
    try:
        return model.model_validate(document.data), ()
    except ValidationError as error:
        return None, [
            document.problem(_written_loc(details["loc"]), _explain(details, model))
            for details in error.errors(include_url=False)
        ]


def _written_loc(loc: Loc) -> Loc:
    """A location without pydantic's own marks: of a mapping's key, and of an item's format."""
    if loc[-1:] == ("[key]",):
        loc = loc[:-1]
    return (*loc[:2], *loc[3:]) if loc[:1] == ("items",) and loc[2:3] in FORMATS else loc


def _explain(details: ErrorDetails, model: type[Record]) -> str:
    where = ".".join(str(step) for step in _written_loc(details["loc"])) or "the file"
    given, context = details.get("input"), details.get("ctx", {})
    match details["type"]:
        case "missing":
            return f"`{where}` is missing: add it"
        case "extra_forbidden":
            return f"unknown key `{where}`{_hint(str(details['loc'][-1]), model)}"
        case "int_parsing" | "int_type" | "int_from_float":
            return f"`{where}` must be a whole number, not `{given}`"
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            limit = details["msg"].removeprefix("Input ")
            return f"`{where}` is out of range: {limit}, not {given}"
        case "string_pattern_mismatch":
            return f"`{where}` has the wrong form: `{given}` does not match {context['pattern']}"
        case "string_too_long":
            return f"`{where}` is too long: at most {context['max_length']} characters"
        case "string_type" if given is None:
            return f"`{where}` is empty: write a text"
        case "string_type":
            return f"`{where}` must be a text"
        case "union_tag_invalid" | "union_tag_not_found":
            formats = ", ".join(sorted(name for (name,) in FORMATS))
            return f"`{where}` needs a `format`, which is one of {formats}"
        case "enum" | "literal_error":
            return f"`{where}` is `{given}`; allowed: {context['expected']}"
        case "value_error":
            return f"`{where}`: {context['error']}"
        case _:
            return f"`{where}`: {details['msg']}"


def _hint(key: str, model: type[Record]) -> str:
    """Names the nearest key that the models of this file do know."""
    best = process.extractOne(key, sorted(_keys(model.model_json_schema())), score_cutoff=70)
    return f"; did you mean `{best[0]}`?" if best else ": remove it"


def _keys(schema: Mapping[str, object]) -> set[str]:
    found: set[str] = set()
    for name, value in schema.items():
        if isinstance(value, Mapping):
            found |= (set(value) if name == "properties" else set()) | _keys(value)
    return found


def _assemble(
    records: Mapping[str, Record], written: Mapping[str, WrittenIssue], version: str
) -> Content:
    roles = [record for record in records.values() if isinstance(record, Role)]
    packs = [record for record in records.values() if isinstance(record, Pack)]
    feeds = [record for record in records.values() if isinstance(record, FeedsFile)]
    match [records[name] for name in FILES]:
        case [
            SourcesFile() as sources,
            CountriesFile() as countries,
            SkillsFile() as skills,
            TermsFile() as terms,
            TitlesFile() as titles,
            FamilyFile() as family,
            FitFile() as fit,
        ]:
            order = [group.id for group in family.groups]
            roles.sort(key=lambda role: (order.index(role.group), role.name))
            return Content(
                version=version,
                sources={source.id: source for source in sources.sources},
                countries={country.id: country for country in countries.countries},
                skill_groups=skills.groups,
                skills={skill.id: skill for skill in skills.skills},
                terms={term.id: term for term in terms.terms},
                role_groups=family.groups,
                roles={role.id: role for role in roles},
                titles={title.id: title for title in titles.titles},
                notes={note.id: note for note in family.notes},
                paths=family.paths,
                fit=fit,
                packs={pack.id: pack for pack in packs},
                items={item.id: item for pack in packs for item in pack.items},
                issues=written,
                feeds={feed.id: feed for file in feeds for feed in file.feeds},
            )
        case _:
            raise AssertionError("FILES and the models in it are out of step")


def _version(documents: Iterable[Document]) -> str:
    digest = hashlib.sha256()
    for document in documents:
        digest.update(document.file.encode())
        digest.update(document.text.encode())
    return digest.hexdigest()[:12]
