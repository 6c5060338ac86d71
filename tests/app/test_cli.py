"""The command line, run as a user runs it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner
from websockets import Origin
from websockets.sync.client import connect

from app import __version__
from app.cli import app
from app.cli.configuration import configure
from app.cli.doctor import CHECKS, examine
from app.cli.fields import run_fields, study_fields
from app.cli.problems import Usage
from app.cli.report import Report
from app.cli.table import show
from app.executors.base import Batch, State, Task
from app.settings import Settings
from app.spec import Adam, Data, RunSpec, Sgd
from app.studies.presets import PRESETS
from app.studies.registry import plan
from app.studies.spec import DepthSpec, SweepSpec, TwinsSpec
from models.spec import NetSpec

QUICK = ["--depth", "8", "--width", "4", "--steps", "6"]
COMMAND = [sys.executable, "-c", "from app.cli import app; app()"]


def run(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **environment},
        check=False,
    )


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def without_time(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in one.items() if key != "time"} for one in events]


def paths(config: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in config.items():
        if isinstance(value, dict):
            yield from paths(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


# --- Options, files and links ---


@pytest.mark.parametrize("optimizer", [Sgd(), Adam()])
def test_every_field_of_a_run_has_an_option(optimizer: Sgd | Adam) -> None:
    spec = RunSpec(data=Data(limit=100), optimizer=optimizer)

    wanted = set(paths(spec.model_dump(mode="json"))) - {"version"}

    assert wanted <= {field.path for field in run_fields()}


def test_no_two_fields_share_an_option() -> None:
    for study in ("twins", "depth", "sweep"):
        options = [field.option for field in (*run_fields(), *study_fields(study))]
        assert len(set(options)) == len(options)


def test_nothing_given_is_the_default() -> None:
    assert configure(None, {}, None) == RunSpec()
    assert configure(None, {}, "depth") == DepthSpec()


def test_options_change_what_a_file_says(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text('{"net": {"depth": 20}, "seed": 3, "optimizer": "adam"}')

    spec = configure(str(file), {"net.depth": 8, "optimizer.lr": 0.01}, None)

    assert spec == RunSpec(net=NetSpec(depth=8), seed=3, optimizer=Adam(lr=0.01))


def test_another_optimizer_starts_from_its_own_defaults(tmp_path: Path) -> None:
    file = tmp_path / "spec.json"
    file.write_text('{"optimizer": {"name": "sgd", "momentum": 0.5}}')

    assert configure(str(file), {"optimizer.name": "adam"}, None) == RunSpec(optimizer=Adam())


def test_a_parameter_alone_keeps_the_default_choice() -> None:
    spec = configure(None, {"optimizer.momentum": 0.5, "data.limit": 100}, None)

    assert spec == RunSpec(optimizer=Sgd(momentum=0.5), data=Data(limit=100))


@pytest.mark.parametrize("start", ["", "?", "http://127.0.0.1:8000/?"])
def test_a_link_is_a_configuration(start: str) -> None:
    link = "v=1&optimizer.lr=0.01&optimizer=adam&net.family=mlp&net.depth=32&against=projection"

    spec = configure(start + link, {}, "twins")

    net = NetSpec(family="mlp", depth=32)
    assert spec == TwinsSpec(base=RunSpec(net=net, optimizer=Adam(lr=0.01)), against="projection")


def test_a_link_to_twins_trains_as_one_run_too() -> None:
    assert configure("v=1&against=projection&seed=4", {}, None) == RunSpec(seed=4)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_is_a_configuration(preset: Any) -> None:
    assert configure(preset.name, {}, "twins") == preset.spec


def test_lists_are_written_with_commas() -> None:
    depth = configure(None, {"depths": "8, 14", "seeds": "0,1,2", "skips": "none"}, "depth")
    assert depth == DepthSpec(depths=(8, 14), skips=("none",))

    sweep = configure(None, {"field": "net.init", "values": "he,xavier"}, "sweep")
    assert sweep == SweepSpec(field="net.init", values=("he", "xavier"))


def test_a_study_is_made_of_a_run(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text(RunSpec(seed=5).model_dump_json())

    assert configure(str(file), {}, "twins") == TwinsSpec(base=RunSpec(seed=5))


@pytest.mark.parametrize(
    ("source", "chosen", "study", "says"),
    [
        (None, {"net.depth": 9}, None, "net.depth: .*nearest: 8 and 14"),
        (None, {"net.skip": "bridge"}, None, "net.skip: is not a known name; allowed: none, "),
        (None, {"optimizer.name": "adam", "optimizer.momentum": 0.5}, None, "optimizer.momentum"),
        (None, {"changes": "["}, None, "changes: is not JSON"),
        (None, {"depths": "8,8"}, "depth", "depths: holds a value twice"),
        (None, {"against": "identity"}, "twins", "against: is the network's own skip"),
        ("net.deep=9", {}, None, "net.deep: is not a known field; allowed: net.family"),
        ("net.depth=nine", {}, None, "net.depth: is not a number"),
        ("nosuchfile", {}, None, "--spec: is no file"),
    ],
)
def test_what_can_not_be_names_the_field(
    source: str | None, chosen: dict[str, Any], study: str | None, says: str
) -> None:
    with pytest.raises(Usage, match=says):
        configure(source, chosen, study)


def test_help_and_version_need_no_torch() -> None:
    code = (
        "import sys; from app.cli import app; app(['--help'], standalone_mode=False); "
        "assert not {'torch', 'sklearn', 'fastapi'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)

    assert CliRunner().invoke(app, ["--version"]).output == f"depthscope {__version__}\n"


# --- Training ---


def test_the_engine_and_the_plain_loop_print_the_same_numbered_events() -> None:
    alone, twins = run("train", *QUICK, "--json"), run("study", "twins", *QUICK, "--json")

    events = lines(alone.stdout)
    assert (alone.returncode, alone.stderr) == (0, "")
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert events[0]["type"] == "started"
    assert events[0]["engine"] == {"device": "cpu", "threads": 1, "stacked": False}
    assert events[-1] == {**events[-1], "type": "finished", "step": 6}

    found = [e for e in without_time(lines(twins.stdout)) if e.get("run") == "identity"]
    assert [{**event, "run": "train"} for event in found] == without_time(events)


def test_training_says_how_it_went() -> None:
    done = run("train", "--spec", "-", stdin='{"net": {"depth": 8, "width": 4}, "steps": 6}')

    assert done.returncode == 0
    assert re.fullmatch(
        r"convnet 8, skip identity, digits: after 6 steps, "
        r"training error [\d.]+ % \([\d,]+ of 1,437\), test error [\d.]+ % \(\d+ of 360\); "
        r"[\d.]+ s of training\n",
        done.stdout,
    )


def test_a_divergence_is_a_result() -> None:
    done = run("train", "--spec", "not-magic", "--lr", "100", "--steps", "20")

    assert done.returncode == 0
    assert "the loss became infinite at step" in done.stdout


@pytest.mark.parametrize(
    ("evaluated", "says"), [(9, " (50 of 100); 1.0 s"), (5, " (50 of 100) at step 5; 1.0 s")]
)
def test_an_error_from_before_the_ending_says_its_step(evaluated: int, says: str) -> None:
    errors = {"train_error": 0.5, "test_error": 0.5, "count": 100, "test_count": 100}
    result = {"step": 9, "params": 1, "seconds": 1.0, "evaluated": evaluated, **errors}
    report = Report(RunSpec())
    report.add(Batch("run", 0, (), 9, ending=State.STOPPED, result=result))

    assert report.outcome.startswith("stopped after 9 steps, training error 50 % (50 of 100)")
    assert says in report.outcome


def test_a_run_without_errors_is_told_by_its_losses() -> None:
    losses = {"train_loss": 0.04213, "test_loss": 1.0, "count": 1024, "test_count": 512}
    result = {"step": 9, "params": 1, "seconds": 1.0, "evaluated": 9, **losses}
    report = Report(RunSpec(net=NetSpec(family="mlp", depth=4), data=Data(name="identity")))
    report.add(Batch("run", 0, (), 9, ending=State.FINISHED, result=result))

    said = "after 9 steps, training loss 0.0421 (on 1,024), test loss 1 (on 512); 1.0 s of training"
    assert report.outcome == said
    assert report.note == "training loss 0.0421"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--depth", "9"], "depthscope: net.depth: the convnet family can't have this depth"),
        (["--downsample", "error"], "depthscope: net.downsample: shortcut and branch differ"),
        (["--steps", "many"], "Invalid value for '--steps'"),
    ],
)
def test_what_can_not_be_trained_is_told_on_standard_error(arguments: list[str], says: str) -> None:
    refused = run("train", *arguments)

    assert refused.returncode == 2
    assert refused.stdout == ""
    assert says in refused.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_an_interruption_stops_cleanly() -> None:
    # Who runs tests in the background ignores interruptions, and so would what it starts.
    heeding = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    python, option, code = COMMAND
    with subprocess.Popen(
        [python, option, f"{heeding}; {code}", "train", "--json", "--steps", "10000"],
        stdout=subprocess.PIPE,
        text=True,
    ) as training:
        assert training.stdout
        for line in training.stdout:
            if '"type":"frame"' in line:
                break
        training.send_signal(signal.SIGINT)
        rest = lines(training.stdout.read())

    assert training.returncode == 130
    assert rest[-1]["type"] == "stopped"


def test_a_describe_tells_layers_and_parameters() -> None:
    told = run("describe", "--depth", "8", "--width", "16", "--json")
    shown = run("describe", "--depth", "8", "--width", "16")

    description = json.loads(told.stdout)
    assert description["params"] == sum(layer["params"] for layer in description["layers"])
    assert f"{description['params']:,} parameters" in shown.stdout
    assert "\x1b" not in shown.stdout


# --- Studies and exports ---


def test_a_study_trains_every_run_and_can_be_exported(tmp_path: Path) -> None:
    arguments = ["--depths", "8,14", "--seeds", "0", "--width", "4", "--steps", "6"]

    done = run("study", "depth", *arguments, "--json")

    heading, *events = lines(done.stdout)
    assert done.returncode == 0
    assert heading["type"] == "study"
    assert heading["runs"] == ["none-8-0", "identity-8-0", "none-14-0", "identity-14-0"]
    ends = [event["run"] for event in events if event["type"] == "finished"]
    assert sorted(ends) == sorted(heading["runs"])

    recorded = tmp_path / "sweep.jsonl"
    recorded.write_text(done.stdout)
    for kind in ("json", "csv", "html"):
        target = tmp_path / f"out.{kind}"
        exported = run("export", str(recorded), "--format", kind, "--output", str(target))
        assert exported.returncode == 0, exported.stderr
        assert target.stat().st_size > 1000


def test_a_study_shows_a_table() -> None:
    done = run("study", "twins", *QUICK)

    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert re.search(r"^identity .*finished after 6 steps$", done.stdout, re.MULTILINE)
    assert re.search(r"^none .*finished after 6 steps$", done.stdout, re.MULTILINE)
    assert "What to look for" in done.stdout


def test_the_table_finds_a_runs_value_in_what_it_trained(
    capsys: pytest.CaptureFixture[str],
) -> None:
    spec = DepthSpec(depths=(20, 8), seeds=(0,))
    tasks = [Task(f"{run.net.skip}-{run.net.depth}", run) for run in reversed(plan(spec))]
    reports = {task.run: Report(RunSpec()) for task in tasks}
    for task in tasks:
        error, steps = task.spec.net.depth / 100, task.spec.steps
        result = {"step": steps, "evaluated": steps, "train_error": error, "count": 100}
        known = {"params": 0, "seconds": 0.0, **result}
        reports[task.run].add(Batch(task.run, 0, (), steps, State.FINISHED, known))

    show(spec, tasks, reports)

    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row for row in rows if row[:1] in (["8"], ["20"])] == [
        ["8", "8.0", "%", "8.0", "%"],
        ["20", "20.0", "%", "20.0", "%"],
    ]


def test_the_table_of_a_regression_shows_losses(capsys: pytest.CaptureFixture[str]) -> None:
    base = RunSpec(net=NetSpec(family="mlp"), data=Data(name="identity"))
    spec = DepthSpec(base=base, depths=(8,), skips=("none",), seeds=(0, 1))
    tasks = [Task(f"none-8-{run.seed}", run) for run in plan(spec)]
    reports = {task.run: Report(task.spec) for task in tasks}
    for task in tasks:
        steps, loss = task.spec.steps, (1 + task.spec.seed) / 10
        known = {"params": 0, "seconds": 0.0, "step": steps, "evaluated": steps}
        known |= {"train_loss": loss, "test_loss": loss, "count": 1024, "test_count": 512}
        reports[task.run].add(Batch(task.run, 0, (), steps, State.FINISHED, known))

    show(spec, tasks, reports)

    out = capsys.readouterr().out
    assert "0.15 (0.1 to 0.2, n=2)" in out
    assert "training loss" in out
    assert "training error" not in out
    assert "not measured" not in out


def test_an_export_of_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.txt"
    file.write_text("no events\n")

    refused = run("export", str(file))

    assert refused.returncode == 2
    assert "is no file of events" in refused.stderr


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A server on a free port; gives its address, and ends it as Docker would."""
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--data", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as server:
        assert server.stdout
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address
        try:
            yield address[0]
        finally:
            server.send_signal(signal.SIGTERM)
            server.stdout.read()
    assert server.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_run_of_the_server_is_exported_beside_it(tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        body = {"net": {"depth": 8, "width": 4}, "steps": 6}
        made = httpx.post(f"{address}/api/runs", json=body).raise_for_status().json()
        live = f"{address.replace('http', 'ws')}/api/runs/{made['id']}/live?after=-1"
        with connect(live, origin=Origin(address)) as messages:
            said = "".join(str(message) for message in messages)  # to its end: the run's
        exported = run("export", made["id"], "--format", "json", "-o", "-", "--data", str(tmp_path))

    assert '"type":"finished"' in said
    assert exported.returncode == 0, exported.stderr
    assert made["id"] in exported.stdout


def test_an_unknown_run_is_named(tmp_path: Path) -> None:
    refused = run("export", "nosuchrun", "--data", str(tmp_path))

    assert refused.returncode != 0
    assert refused.stderr.startswith("depthscope: ")


# --- The machine ---


def test_the_doctor_finds_this_machine_ready(tmp_path: Path) -> None:
    found = run("doctor", "--port", "0", "--data", str(tmp_path))

    assert found.returncode == 0, found.stdout
    assert found.stdout.endswith("ready for class\n")


def test_the_doctor_says_what_is_wrong(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = Settings(host="127.0.0.1", port=port, data=blocked)
        only = {name: CHECKS[name] for name in ("folder", "port", "python")}

        found = dict(examine(settings, only, quiet=True))

    assert found["python"][0]
    assert not found["folder"][0]
    assert str(blocked) in found["folder"][1]
    assert not found["port"][0]
    assert f"port {port}" in found["port"][1]


def test_the_doctor_knows_a_server_of_ours(tmp_path: Path) -> None:
    only = {name: CHECKS[name] for name in ("folder", "port")}
    with serving(tmp_path) as address:
        found = httpx.URL(address)
        ours = Settings(host=found.host, port=found.port or 0, data=tmp_path)

        results = dict(examine(ours, only, quiet=True))

    assert all(ok for ok, _ in results.values())
    assert all("running" in says for _, says in results.values())


def test_a_setting_out_of_range_is_named() -> None:
    refused = run("serve", "--port", "70000")

    assert refused.returncode == 2
    assert refused.stderr.startswith("depthscope: port: ")
