"""The documents say what the program does: its commands, settings, content and examples.

Where a table has fallen behind, the failure prints the table to paste.
"""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
import typer.main
from pydantic import SecretStr
from typer.core import TyperGroup
from typer.testing import CliRunner

from bot import cli
from bot.adapters.slack.manifest import SCOPES
from bot.core.command import Actor, Call, Command, Say, Visibility
from bot.core.commands import COMMANDS
from bot.core.content import models, quizzes
from bot.core.content.catalogue import Catalogue, index
from bot.core.content.loader import load
from bot.core.dispatch import Dispatcher
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def fences(text: str, language: str) -> list[str]:
    """The code blocks in one language, indented ones included."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    return [inspect.cleandoc("\n" + body) for _, body in found]


def section(text: str, heading: str) -> str:
    """What stands under a heading, up to the next heading."""
    _, found, rest = f"\n{text}".partition(f"\n{heading}\n")
    assert found, f"there is no heading {heading!r}"
    return re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """The cells of the first table in a text, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def table(head: tuple[str, ...], body: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *body]
    text = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return text.replace("| --- ", "|---").replace("--- |", "---|")


# Commands


def _typed(command: Command) -> str:
    return f"`{f'/{command.name} {command.usage}'.strip()}`"


def short_table(commands: Iterable[Command]) -> str:
    """What each command does, for the README."""
    return table(("Command", "What it answers"), ((_typed(c), c.description) for c in commands))


def full_table(commands: Iterable[Command]) -> str:
    """What each command does, and who sees the answer."""
    who = {Visibility.PUBLIC: "everyone there", Visibility.PRIVATE: "only you"}
    return table(
        ("Command", "What it answers", "For example", "Who sees it"),
        (
            (_typed(c), c.description, f"`/{c.name} {c.example}`".replace(" `", "`"),
             who[c.visibility])
            for c in commands
        ),
    )  # fmt: skip


def options_table(commands: Iterable[Command]) -> str:
    """What each option takes."""
    return table(
        ("Command", "Option", "Takes", "What to give"),
        (
            (f"`/{c.name}`", f"`{o.name}`" + ("" if o.required else " (optional)"),
             f"a {o.kind.value}", o.description)
            for c in commands
            for o in c.options
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("README.md", short_table),
        ("docs/commands.md", full_table),
        ("docs/commands.md", options_table),
    ],
)
def test_a_table_of_commands_is_what_the_registry_declares(
    document: str, expected: Callable[[Iterable[Command]], str]
) -> None:
    wanted = expected(COMMANDS.values())

    assert f"\n{wanted}\n" in read(document), f"paste this into {document}:\n\n{wanted}\n"


# Settings


def settings_rows() -> dict[str, list[str]]:
    found = rows(section(read("docs/operations.md"), "## Settings"))
    return {name.strip("`"): others for name, *others in found}


def test_every_setting_is_documented_and_no_other() -> None:
    assert set(settings_rows()) == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_documented_as_it_is(name: str) -> None:
    field = Settings.model_fields[name]
    default, meaning = settings_rows()[name.upper()]

    assert meaning.startswith("Secret.") == (field.annotation == SecretStr | None)
    if field.default_factory is not None:
        assert default == "the shipped content"
    else:
        assert default == (f"`{field.default}`" if field.default not in (None, "") else "–")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_only_variables_that_exist(document: Path) -> None:
    known = {name.upper() for name in Settings.model_fields}
    known |= {f"{name}_FILE" for name in known if "TOKEN" in name or "SECRET" in name}
    named = set(
        re.findall(
            r"\b(?:DISCORD|SLACK|ROLECALL|CONTENT|LOG)_[A-Z_]*[A-Z]\b",
            document.read_text(encoding="utf-8"),
        )
    )

    assert named <= known


# The layers


@pytest.mark.parametrize("container", ["bot", "bot.core"])
def test_the_layers_are_described_in_the_order_that_is_held(container: str) -> None:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = (c["layers"] for c in contracts if c.get("containers") == [container])
    held = [name for layer in layers for name in re.split(r" [|:] ", layer) if "(" not in name]
    page = section(read("docs/architecture.md"), "## Layers")
    tables = dict(zip(("bot", "bot.core"), page.split("\n\nAnd inside"), strict=True))
    cells = " ".join(cell for cell, _ in rows(tables[container]))

    assert [name.removesuffix(".py") for name in re.findall(r"(\w+(?:\.py)?)/?`", cells)] == held


# The command line


def invocations() -> Iterator[tuple[str, str]]:
    """Every `rolecall ...` in code, with the document that it stands in."""
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        code = [*re.findall(r"```\w*\n(.*?)```", text, re.DOTALL), *re.findall(r"`([^`]+)`", prose)]
        for line in "\n".join(code).splitlines():
            if found := re.search(r"(?:^|[ /])rolecall ((?:[a-z]|--).*)$", line):
                yield document.name, found[1]


def complaint(words: str) -> str | None:
    """What is wrong with an invocation: a command or an option that does not exist."""
    current = typer.main.get_command(cli.app)
    pieces = re.sub(r'"[^"]*"', "text", words.partition("  #")[0]).split()
    while isinstance(current, TyperGroup) and pieces and not pieces[0].startswith("-"):
        name = pieces.pop(0)
        if name not in current.commands:
            return f"there is no command {name!r}"
        current = current.commands[name]
    known = {option for parameter in current.params for option in parameter.opts} | {"--help"}
    unknown = [p for p in pieces if p.startswith("--") and p.strip("[],.") not in known]
    return f"there is no option {unknown[0]!r}" if unknown else None


def test_the_documents_name_only_commands_that_exist() -> None:
    found = dict.fromkeys(invocations())

    assert len(found) > 5
    assert [(where, what, c) for where, what in found if (c := complaint(what))] == []


@pytest.mark.parametrize("words", ["fly", "slack fly", "say --fly", 'say "/compare a b" --fly'])
def test_an_invented_command_would_be_noticed(words: str) -> None:
    assert complaint(words)


def test_the_answer_that_opens_the_readme_is_real() -> None:
    """Given a reader who types what the README shows, they see the lines that it shows."""
    shown = fences(read("README.md"), "console")

    assert shown
    for example in shown:
        command, *lines = example.splitlines()
        found = re.fullmatch(r'\$ rolecall say "([^"]+)"', command)
        assert found, command
        said = CliRunner().invoke(cli.app, ["say", found[1]], env={"COLUMNS": "80"})
        assert said.exit_code == 0, said.output
        real = iter(line.strip() for line in said.output.splitlines())
        missing = [line for line in lines if line.strip("… ") and line.strip() not in real]
        assert not missing, f"not in this order in the answer:\n\n{said.output}"


def test_the_scopes_for_slack_are_those_of_the_manifest() -> None:
    documented = dict(rows(section(read("docs/slack.md"), "## Scopes, and why")))

    assert documented == {f"`{scope}`": reason for scope, reason in SCOPES.items()}


# The content


@pytest.mark.parametrize(
    "model",
    [
        *(models.Fact, models.Source, models.Country, models.Group, models.Skill, models.Term),
        *(models.Role, models.TimeSplit, models.Pay, models.Demand, models.Misconception),
        *(models.Title, models.Note, models.Path),
        *(quizzes.Trait, quizzes.FitItem, quizzes.FitOption, quizzes.FeasibilityItem),
        *(quizzes.FeasibilityOption, quizzes.Pack, quizzes.ChoiceItem, quizzes.ItemOption),
        *(quizzes.Distractor, quizzes.OrderingItem, quizzes.NumericItem, quizzes.TextItem),
    ],
    ids=lambda model: model.__name__,
)
def test_every_field_of_the_content_is_documented(model: type[models.Record]) -> None:
    documented = [
        name for name, _ in rows(section(read("docs/content.md"), f"### {model.__name__}"))
    ]

    assert sorted(documented) == sorted(
        f"`{name}`" + ("" if field.is_required() else "°")
        for name, field in model.model_fields.items()
    )


def test_the_pack_on_the_page_can_be_added(content_copy: Path) -> None:
    """Given a contributor who saves the page's file under the name that it says."""
    page = read("docs/adding-questions.md")
    (pack,) = fences(page, "yaml")
    name = re.search(r"`content/(quizzes/[a-z-]+\.yaml)`", page)
    assert name
    (content_copy / name[1]).write_text(pack, encoding="utf-8")

    assert "coffee-02" in load(content_copy).items


async def test_the_role_on_the_page_can_be_added(content_copy: Path) -> None:
    """Given a contributor who saves the page's file under the name that it says."""
    page = read("docs/adding-a-role.md")
    (role,) = fences(page, "yaml")
    name = re.search(r"`content/(roles/[a-z-]+\.yaml)`", page)
    assert name
    (content_copy / name[1]).write_text(role, encoding="utf-8")

    dispatcher = Dispatcher(index(load(content_copy)))
    answer = await dispatcher.call(Call("role", {"role": "DBA"}, Actor("test", "1")))

    assert isinstance(answer, Say)
    assert answer.view.title == "Database administrator"


# A command of one's own


def run(source: str, name: str) -> ModuleType:
    module = ModuleType(name)
    exec(compile(source, name, "exec", dont_inherit=True), module.__dict__)
    return module


async def test_the_command_on_the_page_works_as_its_own_test_says(catalogue: Catalogue) -> None:
    """Given a contributor who saves both blocks of the page and registers the command."""
    module, test = fences(read("docs/adding-a-command.md"), "python")
    command: Command = run(module, "tools").COMMAND
    tests = {name: f for name, f in vars(run(test, "test_tools")).items() if name[:5] == "test_"}

    assert tests
    for story in tests.values():
        await story(Dispatcher(catalogue, {**COMMANDS, command.name: command}))
