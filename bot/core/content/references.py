"""Checks that need more than one record: references, unique names, and chains without a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from rapidfuzz import process

from bot.core.content.models import (
    CountriesFile,
    Entry,
    FamilyFile,
    Note,
    Record,
    Role,
    Skill,
    SkillsFile,
    SourcesFile,
    Term,
    TermsFile,
    Title,
    TitlesFile,
)
from bot.core.content.names import squeeze
from bot.core.content.newsletter import FrontMatter, unfit
from bot.core.content.quizzes import FitFile, FitItem, ItemBase, Pack, Trait
from bot.core.content.yaml_reader import Document, Loc, Problem

Found = tuple[Document, Loc, Record]


def cross_check(
    documents: Mapping[str, Document], records: Mapping[str, Record]
) -> Iterator[Problem]:
    """Every problem that shows only when all files are seen together."""
    found = [
        (documents[name], loc, part)
        for name, record in records.items()
        for loc, part in _walk(record)
    ]
    yield from _duplicates(found)
    yield from _unknown(found)
    yield from _shared_names(found)
    yield from _circles(found)
    yield from _misnamed(records, documents)
    yield from _half_profiles(found)
    yield from _unfit_questions(found)


def _walk(record: Record, loc: Loc = ()) -> Iterator[tuple[Loc, Record]]:
    """A record and every record inside it, with where each stands."""
    yield loc, record
    for name in type(record).model_fields:
        match getattr(record, name):
            case Record() as inner:
                yield from _walk(inner, (*loc, name))
            case tuple() as items:
                for position, item in enumerate(items):
                    if isinstance(item, Record):
                        yield from _walk(item, (*loc, name, position))


def _duplicates(found: list[Found]) -> Iterator[Problem]:
    """Ids that stand twice: among the roles and titles, the skills and terms, and so on."""
    first: dict[tuple[str, str], tuple[Document, Loc]] = {}
    for document, loc, record in found:
        identity = getattr(record, "id", None)
        if identity is None:
            continue
        space = _namespace(record, document)
        if (space, identity) in first:
            there, where = first[space, identity]
            yield document.problem(
                (*loc, "id"),
                f"the id `{identity}` is taken: see {there.file}:{there.root.line_of(where)}",
            )
        else:
            first[space, identity] = (document, loc)


def _namespace(record: Record, document: Document) -> str:
    match record:
        case Entry() | Note():
            return "entry"
        case Role() | Title():
            return "role"
        case ItemBase() | FitItem():
            return "item"
        case Pack():
            return "pack"
        case _:
            return f"{type(record).__name__} {document.file}"


REFERENCES: Mapping[str, str] = {
    "source": "source",
    "country": "country",
    "sources": "source",
    "skills": "skill",
    "skill": "skill",
    "fit": "trait",
    "load": "trait",
    "related": "entry",
    "broader": "entry",
    "part_of": "role",
    "roles": "role",
    "start": "role",
    "goal": "role",
    "question": "item",
}
"""Which fields hold ids, and of what; `group` depends on the record."""


FILE_MODELS = (
    SourcesFile,
    CountriesFile,
    SkillsFile,
    TermsFile,
    TitlesFile,
    FamilyFile,
    Note,
)


def _unknown(found: list[Found]) -> Iterator[Problem]:
    known = _known(found)
    for document, loc, record in found:
        if isinstance(record, FILE_MODELS):
            continue
        for field in type(record).model_fields:
            kind = REFERENCES.get(field) or (
                ("skill group" if isinstance(record, Skill) else "role group")
                if field == "group"
                else None
            )
            if kind is None:
                continue
            for step, identity in _identities(getattr(record, field)):
                if identity not in known[kind]:
                    yield document.problem(
                        (*loc, field, *step), _no_such(kind, identity, known[kind])
                    )


def _identities(value: object) -> Iterator[tuple[Loc, str]]:
    match value:
        case str():
            yield (), value
        case tuple():
            for position, identity in enumerate(value):
                yield (position,), identity
        case dict():
            for identity in value:
                yield (identity,), identity


def _no_such(kind: str, identity: str, known: set[str]) -> str:
    best = process.extractOne(identity, sorted(known), score_cutoff=60)
    hint = f"; did you mean `{best[0]}`?" if best else ""
    return f"there is no {kind} `{identity}`{hint}"


def _known(found: list[Found]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {
        kind: set()
        for kind in (
            "source",
            "country",
            "skill",
            "entry",
            "role",
            "skill group",
            "role group",
            "trait",
            "item",
        )
    }
    for _, _, record in found:
        match record:
            case Skill():
                known["skill"].add(record.id)
                known["entry"].add(record.id)
            case Term():
                known["entry"].add(record.id)
            case Role():
                known["role"].add(record.id)
            case ItemBase():
                known["item"].add(record.id)
            case SkillsFile():
                known["skill group"] = {group.id for group in record.groups}
            case FamilyFile():
                known["role group"] = {group.id for group in record.groups}
            case CountriesFile():
                known["country"] = {country.id for country in record.countries}
            case FitFile():
                known["trait"] = {trait.id for trait in record.traits}
            case SourcesFile():
                known["source"] = {source.id for source in record.sources}
            case _:
                pass
    return known


def _shared_names(found: list[Found]) -> Iterator[Problem]:
    """Skills and terms are found by name: no two may share one. Roles may share an alias."""
    first: dict[str, tuple[str, Document, int]] = {}
    for document, loc, record in found:
        if not isinstance(record, Entry):
            continue
        for field, name in (
            ("name", record.name),
            *(("aliases", a) for a in record.aliases),
        ):
            line = document.root.line_of((*loc, field))
            owner, there, at = first.setdefault(squeeze(name), (record.id, document, line))
            if owner != record.id:
                yield document.problem(
                    (*loc, field),
                    f"`{name}` already means `{owner}`: see {there.file}:{at}",
                )


def _circles(found: list[Found]) -> Iterator[Problem]:
    """Following `broader` must end: an entry cannot be a part of itself."""
    entries = {record.id: record for _, _, record in found if isinstance(record, Entry)}
    for document, loc, record in found:
        if not isinstance(record, Entry):
            continue
        chain = [record.id]
        while (above := entries[chain[-1]].broader) in entries and above not in chain:
            chain.append(above)
        if above == record.id:
            shown = " → ".join([*chain, above])
            yield document.problem((*loc, "broader"), f"`broader` goes round in a circle: {shown}")


def _misnamed(
    records: Mapping[str, Record], documents: Mapping[str, Document]
) -> Iterator[Problem]:
    for name, record in records.items():
        match record:
            case Role() | Pack() if PurePosixPath(name).stem != record.id:
                yield documents[name].problem(
                    ("id",), f"the id is `{record.id}`: name the file {record.id}.yaml"
                )
            case FamilyFile():
                for position, path in enumerate(record.paths):
                    if path.start == path.goal:
                        yield documents[name].problem(
                            ("paths", position), "a path must lead to another role"
                        )
            case _:
                pass


def _half_profiles(found: list[Found]) -> Iterator[Problem]:
    """A role that is in the role-fit quiz has a value for every trait."""
    traits = [part.id for _, _, part in found if isinstance(part, Trait)]
    for document, loc, record in found:
        if isinstance(record, Role) and record.fit is not None:
            missing = [trait for trait in traits if trait not in record.fit]
            if missing:
                yield document.problem(
                    (*loc, "fit"), f"`fit` has no value for {', '.join(missing)}: give 0 to 4"
                )


def _unfit_questions(found: list[Found]) -> Iterator[Problem]:
    """An issue asks what can be answered with one press."""
    items = {i.id: i for _, _, record in found if isinstance(record, Pack) for i in record.items}
    for document, loc, record in found:
        if isinstance(record, FrontMatter) and record.question in items:
            problem = unfit(items[record.question])
            if problem:
                yield document.problem((*loc, "question"), problem)
