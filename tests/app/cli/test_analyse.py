"""``depthscope analyse``: questions to a network that was kept."""

from __future__ import annotations

from pathlib import Path

from tests.app.cli.command import QUICK, lines, run


def test_a_network_is_kept_and_taken_apart(tmp_path: Path) -> None:
    file = tmp_path / "network.safetensors"
    trained = run("train", *QUICK, "--keep", str(file), "--json")
    assert trained.exit_code == 0
    *_, last, finished = lines(trained.stdout)
    assert "unkept" not in finished

    told = run("analyse", "lesion", str(file), "--most", "1", "--json")
    started, intact, *results, ended = lines(told.stdout)
    assert started["analysis"]["analysis"] == "lesion"
    assert intact["test_error"] == last["test_error"]
    assert [one["what"] for one in results] == ["remove"] * 3 + ["swap"] * 2
    assert ended["type"] == "finished"

    shown = run("analyse", "lesion", str(file), "--most", "1", "--swaps", "no").stdout
    assert shown.splitlines()[0] == "identity convnet, 8 layers, on digits"
    assert [line.partition(":")[0] for line in shown.splitlines()[1:]] == [
        "intact", "remove block1", "remove block2", "remove block3", "done"
    ]  # fmt: skip


def test_a_run_s_id_is_looked_up_in_the_data_folder(tmp_path: Path) -> None:
    folder = tmp_path / "networks"
    folder.mkdir()
    run("train", *QUICK, "--keep", str(folder / "abcdefghij.safetensors"))
    told = run("analyse", "lesion", "abcdefghij", "--data", str(tmp_path), "--most", "1")
    assert told.exit_code == 0
    gone = run("analyse", "lesion", "jihgfedcba", "--data", str(tmp_path))
    assert gone.exit_code == 2
    assert gone.stderr == (
        f"depthscope: jihgfedcba: no such network in {folder}, and no such file\n"
    )


def test_what_is_not_allowed_is_named(tmp_path: Path) -> None:
    file = tmp_path / "network"
    file.write_bytes(b"a pickle")
    wrong = run("analyse", "lesion", str(file), "--most", "0", "--swaps", "maybe")
    assert wrong.exit_code == 2
    assert wrong.stderr.splitlines() == [
        "depthscope: --swaps: is not a known name; allowed: yes, no",
        "depthscope: --most: is out of range; allowed: 1 to 600",
    ]
    foreign = run("analyse", "lesion", str(file))
    assert foreign.exit_code == 2
    assert "holds no network that this version can read" in foreign.stderr


def test_a_network_that_can_not_be_kept_costs_nothing_but_itself(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    told = run("train", *QUICK, "--keep", str(tmp_path / "file" / "network"))
    assert told.exit_code == 0
    assert "the network could not be kept" in told.stderr
