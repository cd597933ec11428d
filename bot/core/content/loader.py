"""From a content directory to `Content`: reads, validates and cross-checks every file.

All problems are reported at once, each as `file:line: what is wrong, and what would be right`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

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
from bot.core.content.references import cross_check
from bot.core.content.yaml_reader import Document, Loc, Problem, read

FILES: Mapping[str, type[Record]] = {
    "sources.yaml": SourcesFile,
    "countries.yaml": CountriesFile,
    "skills.yaml": SkillsFile,
    "terms.yaml": TermsFile,
    "titles.yaml": TitlesFile,
    "family.yaml": FamilyFile,
}
"""The files at the top of the content directory, and what each must hold."""

ROLES = "roles"
"""The folder with one file a role."""

MAX_ROLES = 10_000
"""More role files than this are refused."""

AnyRecord = TypeVar("AnyRecord", bound=Record)


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


def load(directory: FilePath) -> Content:
    """The content of `directory`.

    Raises:
        ContentError: with every problem that was found.
    """
    documents = {name: read(directory / name, name) for name in FILES}
    documents |= {name: read(directory / name, name) for name in _role_files(directory)}
    problems = [*_misplaced(directory)]
    records: dict[str, Record] = {}
    for name, document in documents.items():
        problems += document.problems
        if not document.problems:
            model = FILES.get(name, Role)
            record, mistakes = _validate(document, model)
            problems += mistakes
            if record is not None:
                records[name] = record
    if len(records) == len(documents):
        problems += cross_check(documents, records)
    if problems:
        raise ContentError(tuple(sorted(problems, key=lambda p: (p.file, p.line, p.message))))
    return _assemble(records, _version(documents.values()))


def _role_files(directory: FilePath) -> list[str]:
    folder = directory / ROLES
    names = sorted(path.name for path in folder.glob("*.yaml")) if folder.is_dir() else []
    return [f"{ROLES}/{name}" for name in names]


def _misplaced(directory: FilePath) -> Iterator[Problem]:
    if not directory.is_dir():
        yield Problem(str(directory), 1, "there is no such directory; CONTENT_DIR names it")
        return
    for path in sorted(directory.iterdir()):
        if path.suffix in {".yaml", ".yml"} and path.name not in FILES:
            yield Problem(path.name, 1, f"unknown file; known are {', '.join(FILES)}")
    for path in sorted((directory / ROLES).glob("*")):
        if path.suffix != ".yaml":
            yield Problem(f"{ROLES}/{path.name}", 1, "unknown file; a role is a .yaml file")
    count = len(_role_files(directory))
    if not 1 <= count <= MAX_ROLES:
        yield Problem(ROLES, 1, f"{count:,} role files; there must be 1 to {MAX_ROLES:,}")


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
    """A location without pydantic's own marker for a mapping's key."""
    return loc[:-1] if loc and loc[-1] == "[key]" else loc


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


def _assemble(records: Mapping[str, Record], version: str) -> Content:
    roles = [record for record in records.values() if isinstance(record, Role)]
    match [records[name] for name in FILES]:
        case [
            SourcesFile() as sources,
            CountriesFile() as countries,
            SkillsFile() as skills,
            TermsFile() as terms,
            TitlesFile() as titles,
            FamilyFile() as family,
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
            )
        case _:
            raise AssertionError("FILES and the models in it are out of step")


def _version(documents: Iterable[Document]) -> str:
    digest = hashlib.sha256()
    for document in documents:
        digest.update(document.file.encode())
        digest.update(document.text.encode())
    return digest.hexdigest()[:12]
