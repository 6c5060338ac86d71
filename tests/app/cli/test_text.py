"""Files of JSON as Windows writes them, and such as are no text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from tests.app.cli.command import QUICK

MARKED = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"]
SPEC = {"net": {"family": "mlp", "depth": 4, "width": 4}, "data": "moons", "steps": 3}


def depthscope(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)], input=stdin, env={"NO_COLOR": "1"})


@pytest.fixture(scope="module")
def events() -> str:
    """What a run said, a line each."""
    return depthscope("train", *QUICK, "--json").stdout


def written(text: str, encoding: str) -> bytes:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    return mark + text.replace("\n", "\r\n").encode(encoding)


@pytest.mark.parametrize("encoding", MARKED)
def test_a_configuration_is_read_by_its_byte_order_mark(encoding: str, tmp_path: Path) -> None:
    content = written(json.dumps(SPEC, indent=1), encoding)
    (tmp_path / "spec.json").write_bytes(content)
    for said in (
        depthscope("train", "--spec", tmp_path / "spec.json"),
        depthscope("train", "--spec", "-", stdin=content),
    ):
        assert said.exit_code == 0, said.output
        assert said.output.startswith("mlp 4, skip identity, moons: after 3 steps")


@pytest.mark.parametrize("encoding", MARKED)
def test_events_are_read_by_their_byte_order_mark(
    encoding: str, events: str, tmp_path: Path
) -> None:
    (tmp_path / "events.jsonl").write_bytes(written(f"{events}\n", encoding))

    exported = depthscope("export", tmp_path / "events.jsonl", "--format", "json", "-o", "-")

    assert exported.exit_code == 0, exported.output
    found = [event["type"] for event in json.loads(exported.stdout)["events"]["train"]]
    assert found == [json.loads(line)["type"] for line in events.splitlines()]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x80abc", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_text_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "spec").write_bytes(content)
    for command in (("train", "--spec"), ("export",)):
        said = depthscope(*command, tmp_path / "spec")
        assert said.exit_code == 2
        assert "is not text in UTF-8 or UTF-16" in said.output


def test_a_long_link_is_no_file() -> None:
    link = f"http://127.0.0.1:8000/?steps=3&data=moons&net.family=mlp&run={'1' * 5000}"
    assert depthscope("train", "--spec", link).exit_code == 0
