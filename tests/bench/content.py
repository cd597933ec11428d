"""Content of any size, made from the shipped roles and terms."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.core.content.loader import Content, load
from bot.settings import shipped_content

MAX_ID = 28
"""Characters of an id."""

SEED = 7
"""Makes the same content, and asks the same things, in every run."""

ID, NAME = re.compile(r"^id: .*$", re.MULTILINE), re.compile(r"^name: (.*)$", re.MULTILINE)
ALIASES = re.compile(r"^aliases:(?: .*|(?:\n  - .*)*)\n", re.MULTILINE)
ROLES_OF_A_NOTE = re.compile(r"^    roles: .*\n", re.MULTILINE)
PATHS = re.compile(r"^paths:\n.*", re.MULTILINE | re.DOTALL)


def write_roles(directory: Path, number: int) -> None:
    """Content with so many roles: the shipped ones, then numbered copies of them.

    Aliases are dropped. So is what is said of some pairs or moves only, lest the pages of the
    shipped roles be longer than those of their copies.
    """
    shutil.copytree(shipped_content(), directory)
    family = directory / "family.yaml"
    text = ROLES_OF_A_NOTE.sub("", family.read_text(encoding="utf-8"))
    family.write_text(PATHS.sub("paths: []\n", text), encoding="utf-8")
    files = sorted((directory / "roles").iterdir())
    models = [ALIASES.sub("", path.read_text(encoding="utf-8")) for path in files]
    for position in range(number):
        path, model = files[position % len(files)], models[position % len(files)]
        if position < len(files):
            path.write_text(model, encoding="utf-8")
            continue
        identity = f"{path.stem[: MAX_ID - 6]}-{position}"
        copy = ID.sub(f"id: {identity}", model, count=1)
        copy = NAME.sub(rf"name: \g<1> {position}", copy, count=1)
        (path.parent / f"{identity}.yaml").write_text(copy, encoding="utf-8")


def many_names(number: int) -> Content:
    """Content in which roles and terms together are so many: each has a first word of its own.

    The other words of a name are those of a shipped one, so that some begin thousands of names.
    """
    shipped = load(shipped_content())
    words = _made_up_words()
    roles, terms = list(shipped.roles.values()), list(shipped.terms.values())
    more_roles, more_terms = dict(shipped.roles), dict(shipped.terms)
    for position in range(number - len(roles) - len(terms)):
        word = next(words)
        name = {"id": f"{word}-{position}", "aliases": ()}
        if position % 2:
            role = roles[position % len(roles)]
            name["name"] = f"{word} {role.name}"
            more_roles[str(name["id"])] = role.model_copy(update=name)
        else:
            term = terms[position % len(terms)]
            name["name"] = f"{word} {term.name}"
            more_terms[str(name["id"])] = term.model_copy(update=name)
    return replace(shipped, roles=more_roles, terms=more_terms)


def _made_up_words() -> Iterator[str]:
    chance = random.Random(SEED)
    syllables = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
    while True:
        yield "".join(chance.choices(syllables, k=chance.randint(2, 4)))
