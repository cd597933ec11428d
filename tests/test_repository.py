"""What must hold for the repository as a whole: what it declares, what it says, what it builds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pyproject() -> dict[str, Any]:
    return tomllib.loads(read("pyproject.toml"))


def package(requirement: str) -> str:
    """The package that a requirement names, in the one spelling that all tools agree on."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, f"no package name in {requirement!r}"
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def declared(group: str) -> set[str]:
    document = pyproject()
    found = {
        "Runtime": document["project"]["dependencies"],
        "Development": document["dependency-groups"]["dev"],
    }
    return {package(requirement) for requirement in found[group]}


def locked(lock: str) -> dict[str, list[str]]:
    """Each requirement line of a lock file, with the hashes that belong to it."""
    requirements: dict[str, list[str]] = {}
    current = ""
    for line in read(lock).splitlines():
        entry = line.strip().removesuffix("\\").strip()
        if entry.startswith("--hash="):
            requirements[current].append(entry.removeprefix("--hash="))
        elif entry and not entry.startswith("#"):
            current = entry
            requirements[current] = []
    return requirements


def repository_files() -> list[Path]:
    """Every file that is, or with the next commit may be, part of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


in_a_checkout = pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="the list of files comes from git"
)


# Dependencies


@pytest.mark.parametrize("group", ["Runtime", "Development"])
def test_every_dependency_is_explained_and_nothing_else_is(group: str) -> None:
    section = read("docs/dependencies.md").split(f"## {group}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \|$", section, re.MULTILINE)

    assert {package(name) for name, _, _ in rows} == declared(group)
    for name, licence, reason in rows:
        assert licence.strip(), f"{name} has no licence"
        assert reason.strip(), f"{name} has no reason"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_is_exact_and_hashed(lock: str) -> None:
    requirements = locked(lock)

    assert requirements
    for requirement, hashes in requirements.items():
        assert re.match(r"[a-z0-9-]+==[0-9][^ ]*( ; .+)?$", requirement), requirement
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_download_from(lock: str) -> None:
    assert not re.search(r"://|^\s*-[-a-z]*(index|find-links)", read(lock), re.MULTILINE)


def test_the_locks_hold_all_that_is_declared_and_agree() -> None:
    runtime, development = (set(locked(lock)) for lock in LOCKS)
    names = {package(requirement) for requirement in runtime}

    assert declared("Runtime") <= names
    assert declared("Development") <= {package(requirement) for requirement in development}
    assert not declared("Development") & names

    def versions(requirements: set[str]) -> set[str]:
        return {requirement.split(" ;")[0] for requirement in requirements}

    assert versions(runtime) <= versions(development)


def test_a_build_without_isolation_uses_the_backend_that_is_pinned() -> None:
    (backend,) = pyproject()["build-system"]["requires"]

    assert backend in pyproject()["dependency-groups"]["dev"]
    assert backend in locked("requirements-dev.lock")


# Words


def test_the_changelog_knows_this_version() -> None:
    headings = re.findall(r"^## \[?([^\]\s]+)", read("CHANGELOG.md"), re.MULTILINE)

    assert headings, "CHANGELOG.md has no second-level heading"
    assert headings[0].lower() == "unreleased" or headings[0] == pyproject()["project"]["version"]


# Written so that this file does not contain what it looks for.
PRIVATE = {
    "a path on somebody's machine": re.compile(r"(?<![\w.$}-])/(?:work|root|home|Users)/"),
    "the address of a package index": re.compile(r"\w+://[^\s\"'<>]*/simple(?:[/\s\"'<>]|$)"),
    "an option that names a package index": re.compile(r"(?<!no-emit-)\bindex-url[ =]+\w+:"),
}


@in_a_checkout
@pytest.mark.parametrize("what", PRIVATE)
def test_no_file_names(what: str) -> None:
    def hits() -> Iterator[str]:
        for path in repository_files():
            text = path.read_bytes().decode(errors="replace")
            for number, line in enumerate(text.splitlines(), start=1):
                if PRIVATE[what].search(line):
                    yield f"{path.relative_to(ROOT)}:{number}"

    assert not list(hits())


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a path on somebody's machine", "see /{}/main/bot".format("work")),
        ("a path on somebody's machine", "HOME=/{}/".format("root")),
        ("the address of a package index", "https://packages.example/{}/".format("simple")),
        (
            "an option that names a package index",
            "--extra-index-{}=https://x.example".format("url"),
        ),
    ],
)
def test_the_search_finds_what_it_looks_for(what: str, line: str) -> None:
    assert PRIVATE[what].search(line)


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8"))
        if "://" not in target
        and not target.startswith("mailto:")
        and not (document.parent / target).exists()
    ]

    assert not broken


# Makefile, image and compose file


def test_make_help_lists_every_target() -> None:
    phony = re.search(r"^\.PHONY:(.*)$", read("Makefile"), re.MULTILINE)
    assert phony
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True, env=clean_env()
    )

    assert {line.split()[0] for line in shown.stdout.splitlines()} == set(phony.group(1).split())


def dockerfile_stages() -> list[list[str]]:
    """The instructions of each stage, continuation lines joined."""
    joined = re.sub(r"\\\n\s*", "", read("Dockerfile"))
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    starts = [number for number, line in enumerate(lines) if line.startswith("FROM ")]
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def argument(stage: list[str], instruction: str) -> str:
    """What the last such instruction of a stage says, which is what counts."""
    found = [line.split(maxsplit=1)[1].strip() for line in stage if line.split()[0] == instruction]
    assert found, f"no {instruction} in the final stage"
    return found[-1]


def test_the_image_runs_the_bot_as_nobody_special() -> None:
    final = dockerfile_stages()[-1]

    assert argument(final, "USER").split(":")[0] not in {"root", "0"}
    assert argument(final, "ENTRYPOINT") == '["rolecall"]'
    assert argument(final, "CMD") == '["run"]'
    assert argument(final, "STOPSIGNAL") == "SIGTERM"
    assert argument(final, "VOLUME") == "/data"
    assert "/healthz" in "".join(line for line in final if "urlopen" in line)
    assert not [line for line in final if "pip install" in line], "the final stage only copies"


def test_the_image_installs_only_what_is_hashed_or_built_here() -> None:
    commands = [
        command
        for stage in dockerfile_stages()
        for line in stage
        if line.startswith("RUN ")
        for command in line.split("&&")
        if re.search(r"\bpip\b.*\binstall\b", command)
    ]

    assert commands
    for command in commands:
        assert "--require-hashes" in command or "--no-index --no-deps" in command, command


def test_what_the_image_is_built_from_reaches_the_builder() -> None:
    project = pyproject()["project"]
    needed = {"bot", "content", "pyproject.toml", project["readme"], *project["license-files"]}
    rules = read(".dockerignore").splitlines()

    assert "*" in rules, "everything is kept out unless it is named"
    assert {*needed, *LOCKS} <= {rule.removeprefix("!") for rule in rules if rule.startswith("!")}


def test_compose_gives_the_container_no_more_than_it_needs() -> None:
    compose = yaml.safe_load(read("compose.yaml"))
    service = compose["services"]["rolecall"]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert "data:/data" in service["volumes"]


def test_compose_hands_every_secret_over_as_a_file() -> None:
    compose = yaml.safe_load(read("compose.yaml"))
    service = compose["services"]["rolecall"]
    from_files = {
        name.removesuffix("_FILE").lower(): path
        for name, path in service["environment"].items()
        if name.endswith("_FILE")
    }

    assert from_files == {name: f"/run/secrets/{name}" for name in service["secrets"]}
    assert set(service["secrets"]) == set(compose["secrets"])
    assert not [
        name for name in service["environment"] if name.endswith(("TOKEN", "SECRET", "KEY"))
    ]


# The wheel


def clean_env() -> dict[str, str]:
    """The environment without what an outer make, Python or bot left in it."""
    keep = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
    return {name: os.environ[name] for name in keep if name in os.environ}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the tools in this environment and with no network."""
    target = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", target, ROOT],
        check=False,
        capture_output=True,
        text=True,
        env=clean_env(),
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = target.glob("*.whl")
    return path


@pytest.mark.timeout(180)
def test_the_wheel_carries_the_content_and_the_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    content = {
        f"bot/_content/{path.relative_to(ROOT / 'content').as_posix()}"
        for path in (ROOT / "content").rglob("*")
        if path.is_file() and path.suffix in {".yaml", ".md", ".json"}
    }

    assert content
    assert content <= names
    for licence in pyproject()["project"]["license-files"]:
        assert [name for name in names if name.endswith(f".dist-info/licenses/{licence}")]
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"bot"}


@pytest.mark.timeout(180)
def test_the_installed_wheel_compares_two_roles_from_any_folder(
    wheel: Path, tmp_path: Path
) -> None:
    """Given a machine that has the wheel and its dependencies but no checkout."""
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", f"--python={python}", "install"),
            *("--quiet", "--no-index", "--no-deps", wheel),
        ],
        check=True,
        env=clean_env(),
    )
    # The dependencies come from here. A folder named in a .pth file does not have its own .pth
    # files read, so an editable install of this checkout stays out of sight.
    (site_packages,) = environment.glob("lib/python*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    answer = subprocess.run(
        [environment / "bin" / "rolecall", "say", "/compare ai-engineer ml-engineer"],
        cwd=elsewhere,
        check=False,
        capture_output=True,
        text=True,
        env=clean_env(),
        stdin=subprocess.DEVNULL,
        timeout=60,
    )

    assert answer.returncode == 0, answer.stderr
    said = answer.stdout.lower()
    assert "ai engineer" in said
    assert "ml engineer" in said or "machine learning engineer" in said
