"""What a person types after a command, and the arguments that are meant."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.command import Command, Visibility
from bot.core.commands import COMMANDS
from bot.core.content.catalogue import index
from bot.core.content.loader import load
from bot.core.dispatch import Dispatcher
from bot.core.options import Understood
from bot.core.typed import arguments
from bot.core.user_text import MAX_INPUT

DISPATCHER = Dispatcher(index(load(Path(__file__).parents[2] / "content")))
OPTIONS = DISPATCHER.options
ROLES = DISPATCHER.catalogue.content.roles.values()


def typed(line: str) -> tuple[dict[str, str], bool]:
    name, _, text = line.removeprefix("/").partition(" ")
    return arguments(COMMANDS[name], text, OPTIONS)


def meant(line: str) -> tuple[str | None, ...]:
    """The ids that the arguments of a line are understood as, in the order of the options."""
    name = line.removeprefix("/").partition(" ")[0]
    found, _ = typed(line)
    ids: list[str | None] = []
    for option in COMMANDS[name].options:
        match OPTIONS.read(option, found.get(option.name, "")):
            case Understood(identity):
                ids.append(identity)
            case _:
                ids.append(None)
    return tuple(ids)


@pytest.mark.parametrize(
    "text",
    [
        "ai-engineer ml-engineer",
        "ai engineer ml engineer",
        "AI Engineer ML Engineer",
        "ai engineer mle",
        "ai engineer vs ml engineer",
        "ai engineer vs. ml engineer",
        "ai engineer versus ml engineer",
        "ai engineer and ml engineer",
        "ai engineer or ml engineer",
        "ai engineer, ml engineer",
        "ai engineer,ml engineer",
        "ai engineer / ml engineer",
        "ai engineer -> ml engineer",
        "ai-engineer->ml-engineer",
        "ai engineer → ml engineer",
        "from ai engineer to ml engineer",
        "between an ai engineer and a machine learning engineer",
        '"ai engineer" "ml engineer"',
        '"ai engineer"ml engineer',
        '"ai engineer" and "ml engineer"',
        "“ai engineer” “ml engineer”",
        "'ai engineer' 'ml engineer'",
        '"ai engineer ml engineer',
        "first=ai engineer second=ml engineer",
        "first: ai engineer, second: ml engineer",
        "second:ml-engineer first:ai-engineer",
        'first="ai engineer" second="ml engineer"',
        "ai engineer second=ml engineer",
        "ai engineer mlenginer",
        ",, ai engineer ,, ml engineer ,,",
        "ai\tengineer\nml   engineer",
    ],
)
def test_two_roles_are_understood_however_they_are_written(text: str) -> None:
    assert meant(f"/compare {text}") == ("ai-engineer", "ml-engineer")


@pytest.mark.parametrize(
    "form", ["{} {}", "{} vs {}", "{} and {}", "{}, {}", '"{}" "{}"', "from {} to {}"]
)
def test_every_pair_of_shipped_roles_is_told_apart(form: str) -> None:
    for first, second in permutations(ROLES, 2):
        pair = (first.id, second.id)
        assert meant(f"/path {form.format(first.name, second.name)}") == pair
        assert meant(f"/path {form.format(first.id, second.id)}") == pair


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("/pay data scientist", ("data-scientist", None)),
        ("/pay data scientist in the UK", ("data-scientist", "GB")),
        ("/pay data-scientist UK", ("data-scientist", "GB")),
        ("/pay data scientist, United States", ("data-scientist", "US")),
        ("/pay data scientist country=us", ("data-scientist", "US")),
        ("/pay UK", (None, "GB")),
        ("/skills ml engineer strong", ("ml-engineer", "3")),
        ("/skills ml-engineer 4", ("ml-engineer", "4")),
        ("/skills ml engineer level: strong", ("ml-engineer", "3")),
        ("/skills mlops engineer", ("mlops-engineer", None)),
        ("/compare ai engineer", ("ai-engineer", None)),
        ("/compare ai ml", ("ai-engineer", "ml-engineer")),
        ("/role prompt engineer", ("prompt-engineer",)),
        ("/help /compare", ("compare",)),
        ("/define in context learning", ("few-shot-prompting",)),
    ],
)
def test_a_country_or_a_level_may_follow_a_role(line: str, ids: tuple[str | None, ...]) -> None:
    assert meant(line) == ids


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("/compare", {}),
        ("/compare ,", {}),
        ("/compare quantum wizard", {"first": "quantum", "second": "wizard"}),
        ("/compare grand quantum wizard", {"first": "grand quantum wizard"}),
        ("/compare quantum wizard and grand witch",
         {"first": "quantum wizard", "second": "grand witch"}),
        ("/compare ai engineer quantum wizard",
         {"first": "ai engineer", "second": "quantum wizard"}),
        ("/compare a, b, c", {"first": "a", "second": "b, c"}),
        ("/pay ml engineer in atlantis", {"role": "ml engineer", "country": "atlantis"}),
        ("/pay quantum wizard", {"role": "quantum wizard"}),
        ("/roles and more", {}),
        ("/ask what's \"this\", private?", {"question": "what's \"this\", private?"}),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_kept_for_the_answer(line: str, expected: dict[str, str]) -> None:
    assert typed(line) == (expected, False)


@pytest.mark.parametrize("word", ["private", "--private", "Privately", ", private"])
def test_a_public_command_can_be_asked_privately(word: str) -> None:
    found, private = typed(f"/compare ai engineer ml engineer {word}")
    assert private
    assert found == {"first": "ai engineer", "second": "ml engineer"}


def test_privacy_is_no_argument_of_a_private_command_or_in_quotes() -> None:
    assert typed("/help private") == ({"command": "private"}, False)
    assert typed('/role "private"') == ({"role": "private"}, False)


NAMES = st.sampled_from(["ai", "ml", "engineer", "data", "scientist", "UK", "strong", "private"])
JOINTS = st.sampled_from(["vs", "and", "to", "from", "in", ",", "->", "/"])
MARKS = st.sampled_from(['"', "“", "”", "'", "=", "first=", "role:", "term="])
WORDS = NAMES | JOINTS | MARKS
LINES = st.one_of(st.text(max_size=400), st.lists(WORDS, max_size=40).map(" ".join))


@given(command=st.sampled_from(list(COMMANDS.values())), text=LINES)
def test_any_text_gives_arguments_of_the_command(command: Command, text: str) -> None:
    found, private = arguments(command, text, OPTIONS)
    assert list(found) == [option.name for option in command.options if option.name in found]
    assert all(value.strip() for value in found.values())
    assert sum(map(len, found.values())) <= MAX_INPUT
    assert not private or command.visibility is Visibility.PUBLIC
