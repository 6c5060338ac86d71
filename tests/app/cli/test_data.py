"""``depthscope data``: what is listed, got and checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.data.registry import DATASETS
from tests.app.data.toys import mirror, toy_idx


def data(*arguments: str | Path) -> Result:
    return CliRunner().invoke(
        app, ["data", *map(str, arguments)], env={"COLUMNS": "200", "NO_COLOR": "1"}
    )


def test_the_list_says_what_is_here(tmp_path: Path) -> None:
    said = data("list", "--data", tmp_path)
    assert said.exit_code == 0
    for name in DATASETS:
        assert name in said.output
    assert "comes with the program" in said.output
    assert "162 MiB to download" in said.output
    assert str(tmp_path) in said.output


def test_a_set_is_got_and_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mirror(toy_idx()[1]) as serving:
        monkeypatch.setitem(DATASETS, "toy", toy_idx(serving.address)[0])
        assert data("get", "toy", "--data", tmp_path).output == "toy is there\n"
    said = data("check", "toy", "--data", tmp_path)
    assert (said.exit_code, said.output.count("ok ")) == (0, 4)
    (tmp_path / "toy/test-labels").write_bytes(b"?")
    said = data("check", "--data", tmp_path)
    assert said.exit_code == 1
    assert "WRONG" in said.output
    assert "test-labels is not the published file" in said.output


@pytest.mark.parametrize("damage", [b"?", toy_idx()[1]["toy/test-labels"][:-1] + b"?"])
def test_a_damaged_file_is_noticed_and_got_again(
    damage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = toy_idx()[1]
    with mirror(contents) as serving:
        monkeypatch.setitem(DATASETS, "toy", toy_idx(serving.address)[0])
        data("get", "toy", "--data", tmp_path)
        (tmp_path / "toy/test-labels").write_bytes(damage)
        serving.asked.clear()
        assert data("get", "toy", "--data", tmp_path).output == "toy is there\n"
        assert serving.asked == {"test-labels": 1}
    assert (tmp_path / "toy/test-labels").read_bytes() == contents["toy/test-labels"]


def test_a_damaged_file_that_can_not_be_got_again_stays_and_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = toy_idx()[1]
    with mirror({}) as empty:
        monkeypatch.setitem(DATASETS, "toy", toy_idx(empty.address)[0])
        for path, content in contents.items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_bytes(content)
        assert data("get", "toy", "--data", tmp_path).exit_code == 0
        (tmp_path / "toy/test-labels").write_bytes(b"?")
        assert "DAMAGED: depthscope data get toy" in data("list", "--data", tmp_path).output
        said = data("get", "toy", "--data", tmp_path)
    assert said.exit_code == 1
    assert "toy/test-labels: not as published, and Toy can't be downloaded" in said.output
    assert "put test-labels (" in said.output
    assert "train-images" not in said.output
    assert (tmp_path / "toy/test-labels").read_bytes() == b"?"


def test_what_can_not_be_got_is_said_with_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mirror({}) as empty:
        monkeypatch.setitem(DATASETS, "toy", toy_idx(empty.address)[0])
        said = data("get", "toy", "--data", tmp_path)
    assert said.exit_code == 1
    words = said.output.replace("\n", " ")
    assert "put train-images (18,044 bytes) and train-labels" in words


def test_a_missing_set_is_wrong_only_where_it_was_asked_for(tmp_path: Path) -> None:
    said = data("check", "--data", tmp_path)
    assert said.exit_code == 0
    assert "nothing to check" in said.output
    assert data("check", "mnist", "--data", tmp_path).exit_code == 1


@pytest.mark.parametrize("command", ["get", "check"])
def test_an_unknown_name_is_a_mistake(command: str, tmp_path: Path) -> None:
    said = data(command, "imagenet", "--data", tmp_path)
    assert said.exit_code == 2
    assert "not a known data set" in said.output


@pytest.mark.parametrize("command", ["train", "study twins"])
def test_training_gets_the_set_first_or_says_once_why_it_can_not(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPTHSCOPE_DATA", str(tmp_path))
    with mirror({}) as empty:
        entry = DATASETS["mnist"]
        assert entry.published
        published = replace(entry.published, mirrors=(empty.address,))
        monkeypatch.setitem(DATASETS, "mnist", replace(entry, published=published))
        said = CliRunner().invoke(app, [*command.split(), "--data", "mnist", "--steps", "1"])
    assert said.exit_code == 1
    assert said.output.count("put train-images-idx3-ubyte.gz") == 1
