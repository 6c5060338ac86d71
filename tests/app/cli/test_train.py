"""``depthscope train``: events, an outcome in words, and a clean stop."""

from __future__ import annotations

import re
import sys

import pytest

from tests.app.cli.command import QUICK, interrupted, lines, run, without_time


@pytest.mark.processes
def test_the_engine_and_the_plain_loop_print_the_same_numbered_events() -> None:
    alone, twins = run("train", *QUICK, "--json"), run("study", "twins", *QUICK, "--json")

    events = lines(alone.stdout)
    assert (alone.exit_code, alone.stderr) == (0, "")
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert events[0]["type"] == "started"
    assert events[0]["engine"] == {"device": "cpu", "threads": 1, "stacked": False}
    assert events[-1] == {**events[-1], "type": "finished", "step": 6}

    found = [e for e in without_time(lines(twins.stdout)) if e.get("run") == "identity"]
    assert [{**event, "run": "train"} for event in found] == without_time(events)


def test_training_says_how_it_went() -> None:
    done = run("train", "--spec", "-", stdin='{"net": {"depth": 8, "width": 4}, "steps": 6}')

    assert done.exit_code == 0
    assert re.fullmatch(
        r"convnet 8, skip identity, digits: after 6 steps, "
        r"training error [\d.]+ % \([\d,]+ of 1,437\), test error [\d.]+ % \(\d+ of 360\); "
        r"[\d.]+ s of training\n",
        done.stdout,
    )


def test_a_divergence_is_a_result() -> None:
    done = run("train", "--spec", "not-magic", "--lr", "100", "--steps", "20")

    assert done.exit_code == 0
    assert "the loss became NaN at step" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--depth", "9"], "depthscope: net.depth: the convnet family can't have this depth"),
        (
            ["--downsample", "error"],
            "depthscope: net.downsample: gives shortcut and branch different shapes",
        ),
        (["--steps", "many"], "Invalid value for '--steps'"),
    ],
)
def test_what_can_not_be_trained_is_told_on_standard_error(arguments: list[str], says: str) -> None:
    refused = run("train", *arguments)

    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert says in refused.stderr


@pytest.mark.processes
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_an_interruption_stops_cleanly_and_says_why() -> None:
    status, rest = interrupted("train", "--json", "--steps", "10000")

    assert status == 130
    assert rest[-1]["type"] == "stopped"
    assert rest[-1]["reason"] == "interrupted with Ctrl-C"
