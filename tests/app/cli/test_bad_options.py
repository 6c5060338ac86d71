"""What can't be, as options and files: one line that names the field, and exit status 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.cli.command import run

USAGE = 2
BAD = [
    ("--skip-start abc", "net.skip.start: is not a number; allowed: -2 to 2, or null"),
    ("--width null", "--width"),
    ("--evaluate-limit none", "evaluate.limit: is not a number; allowed: 1 to 1,000,000, or null"),
    ("--skip rezero --skip-start null", "net.skip.start: is not a number; allowed: -2 to 2"),
    (
        "--skip rezero --skip-start nan",
        "net.skip.start: is not a number; allowed: -2 to 2, or null",
    ),
    ("--skip rezero --skip-start=-1e30", "net.skip.start: is out of range; allowed: -2 to 2"),
    ("--skip none --skip-copies 2", "net.skip.copies: is no setting of none"),
    ("--skip hyper --skip-copies 2.5", "--skip-copies"),
    ("--norm group --norm-groups " + "9" * 30, "net.norm.groups: is out of range"),
    ("--norm group --norm-groups 3", "net.norm.groups: does not divide the width; allowed for 8"),
    ("--activation relu --activation-slope 0.1", "net.activation.slope: is no setting of relu"),
    ("--init-fan sideways", "net.init.fan: is not a known name; allowed: in, out"),
    ("--branch []", "net.branch: is not a known name; allowed: single, basic"),
    ("--family mlp --branch bottleneck", "bottleneck is made of convolutions"),
    ("--placement after", "net.placement: is not a known name; allowed: original, "),
    ("--tail stochastic-depth --skip none", "needs a skip that adds"),
    ("--family mlp --downsample pad", "net.downsample: is no setting of the mlp family"),
    ("--measures flow,,dead", "measures.1: is not a known measure; allowed: flow, "),
    ("--measures 7", "measures.0: is not text"),
    ("--optimizer adam --momentum 0.5", "optimizer.momentum: is not a known field"),
    ("--data {}", "data: is not a known data set; allowed: digits, "),
    ("--changes {}", "changes: is not a list"),
]


@pytest.mark.parametrize(("options", "says"), BAD, ids=[options[:60] for options, _ in BAD])
def test_an_option_that_can_not_be_is_named(options: str, says: str) -> None:
    done = run("train", *options.split(" "))
    assert done.exit_code == USAGE
    assert says in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "text", ['{"base": 5}', '{"net": [1]}', "[" * 50_000, '{"version": 10}', "\\ud800", "\0"]
)
@pytest.mark.parametrize("command", [["train"], ["study", "depth"]], ids=" ".join)
def test_a_file_that_can_not_be_is_refused(tmp_path: Path, command: list[str], text: str) -> None:
    file = tmp_path / "spec.json"
    file.write_text(text)
    for source in (("--spec", str(file)), ("--spec", "-")):
        done = run(*command, *source, stdin=text)
        assert done.exit_code == USAGE
        assert done.stderr.startswith("depthscope: ")
        assert done.stdout == ""


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "study", "spec": {}, "runs": []}',
        '{"type": "study", "spec": {"study": "twins"}}',
        '{"type": "study", "spec": {"study": "twins"}, "runs": 5}',
        '{"type": "study", "spec": {"study": "twins", "base": {"version": 9}}, "runs": ["a"]}',
        '{"type": "frame", "run": []}',
        '{"type": "started", "run": "a", "spec": {"version": 1}}',
        "[" * 50_000,
        "[]",
    ],
)
def test_a_file_of_other_events_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(text)
    done = run("export", str(file), "--output", str(tmp_path / "page.html"))
    assert done.exit_code == USAGE
    assert "is not a file of events; allowed: what --json prints" in done.stderr
