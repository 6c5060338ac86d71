"""The documentation tells of everything there is, and leads nowhere that isn't."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from typer.main import get_command

from app.cli import app
from app.measures import MEASURES
from app.settings import Settings
from benchmarks.__main__ import NAMES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(command: Any, path: str) -> Iterator[str]:
    """The names of all commands, those of groups included."""
    if not hasattr(command, "commands"):
        yield path
        return
    for name, inner in command.commands.items():
        yield from commands(inner, f"{path} {name}")


@pytest.mark.parametrize("command", sorted(commands(get_command(app), "depthscope")))
def test_every_command_is_documented(command: str) -> None:
    assert f"| `{command}` |" in text("docs/cli.md")


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_is_documented(setting: str) -> None:
    assert f"| `DEPTHSCOPE_{setting.upper()}` |" in text("docs/cli.md")


def test_torch_has_one_version() -> None:
    found = {
        "constraints.txt": re.search(r"^torch==(\S+)$", text("constraints.txt"), re.M),
        "Makefile": re.search(r"^TORCH := (\S+)$", text("Makefile"), re.M),
        "Dockerfile": re.search(r"^ARG TORCH=(\S+)$", text("Dockerfile"), re.M),
    }
    assert {match and match[1] for match in found.values()} == {torch.__version__.split("+")[0]}


@pytest.mark.parametrize("name", NAMES)
def test_every_measurement_is_defined(name: str) -> None:
    assert (ROOT / "benchmarks" / f"{name}.py").is_file()
    assert f"| `{name}` |" in text("docs/measurements.md")


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_documented(measure: str) -> None:
    assert f"| `{measure}` |" in text("docs/measurements.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    targets = [t for t in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in t]

    assert [t for t in targets if not (page.parent / t).exists()] == []


@pytest.mark.parametrize(
    "name",
    re.findall(
        r"^\| `((?:app|models|static|templates|tests|benchmarks)[^`]*)`",
        text("ARCHITECTURE.md"),
        re.M,
    ),
)
def test_the_map_shows_what_is_there(name: str) -> None:
    assert (ROOT / name).exists()


def test_every_package_of_the_application_is_on_the_map() -> None:
    architecture = text("ARCHITECTURE.md")
    packages = [path.parent.name for path in (ROOT / "app").glob("*/__init__.py")]

    assert [name for name in packages if f"`app/{name}/`" not in architecture] == []


def test_the_import_contract_names_every_part() -> None:
    config = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]
    [layers] = [one["layers"] for one in config["contracts"] if one["id"] == "layers"]

    for part in re.findall(r"\w+", " ".join(layers)):
        assert re.search(rf"\b{part}\b", text("ARCHITECTURE.md"))


def test_what_make_offers_is_told_by_its_help() -> None:
    makefile = text("Makefile")
    targets = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.M)[0].split()) - {
        "help",
        "format",
        "screenshot",
    }

    assert [target for target in targets if f"make {target}" not in makefile] == []


def test_every_dependency_is_pinned() -> None:
    def name(requirement: str) -> str:
        found = re.match(r"[\w-]+", requirement)
        assert found
        return found[0].lower().replace("_", "-")

    project = tomllib.loads(text("pyproject.toml"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    wanted = {name(requirement) for group in groups for requirement in group} - {"depthscope"}
    pinned = {name(line) for line in text("constraints.txt").splitlines() if line[:1] != "#"}

    assert sorted(wanted - pinned) == []


def test_the_words_of_the_pages_are_one_file_of_texts() -> None:
    def leaves(node: object) -> Iterator[object]:
        if isinstance(node, dict):
            for inner in node.values():
                yield from leaves(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from leaves(inner)
        else:
            yield node

    assert {type(leaf) for leaf in leaves(json.loads(text("templates/words.json")))} == {str}
