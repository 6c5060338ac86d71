"""What the command says of itself, at once."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from app import __version__
from app.cli import app
from app.spec.fields import run_fields
from tests.app.cli.command import run


@pytest.mark.processes
def test_help_and_version_need_no_torch() -> None:
    code = (
        "import sys; from app.cli import app; app(['--help'], standalone_mode=False); "
        "assert not {'torch', 'sklearn', 'fastapi'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)

    assert CliRunner().invoke(app, ["--version"]).output == f"depthscope {__version__}\n"


def helped(*command: str) -> dict[str, tuple[str, str]]:
    """By its option, the panel that holds a setting and what is said of it, on one line."""
    found: dict[str, tuple[str, str]] = {}
    panel = option = ""
    for line in run(*command, "--help", COLUMNS="120").output.splitlines():
        if heading := re.match(r"╭─ (.*?) ─", line):
            panel = heading[1]
        elif line.startswith("│"):
            if named := re.match(r"│ (--[a-z0-9-]+) +(--no-\S+)? *(?:<\w+>|\S+) +(.*)", line):
                assert named[1] not in found
                option, text = named[1], named[3]
            else:
                text = line[1:]
            before = found[option][1] + " " if option in found else ""
            found[option] = (panel, before + text.strip("│ "))
    return found


@pytest.mark.parametrize("command", [("train",), ("describe",), ("study", "twins")])
def test_every_setting_is_told_once_by_its_title(command: tuple[str, ...]) -> None:
    told = helped(*command)
    for field in run_fields():
        part, _, rest = field.path.partition(".")
        short = {"net": rest, "evaluate": field.path}.get(part, rest or part)
        option = "data.limit" if field.path == "data.limit" else short
        panel, text = told["--" + option.replace(".", "-").replace("_", "-")]
        assert panel == {
            "net": "Network",
            "data": "Data",
            "every": "Measuring",
            "evaluate": "Measuring",
            "measures": "Measuring",
        }.get(part, "Training")
        if field.path != "net.skip.start":  # that of layerscale is one of several
            assert text.startswith(field.title)


def test_help_says_who_has_a_parameter_what_it_takes_and_its_default() -> None:
    told = {option: text for option, (_, text) in helped("train").items()}

    assert told["--depth"] == "Depth: 3 to 1,202 layers; default: 56"
    assert told["--skip-bias"].startswith(
        "Gate's bias at the start (of exclusive-gate, shortcut-gate, highway): -12 to 12. "
    )
    assert told["--skip-bias"].endswith("Default: -6, highway -2.")
    assert told["--skip-start"].endswith(
        "(of rezero, skipinit, layerscale): -2 to 2, or null; default: rezero 0"
    )
    assert told["--evaluate-limit"].endswith(": 1 to 1,000,000, or null; default: 2000")
    assert told["--init-gain"].startswith("Gain: more than 0, at most 10.")  # all have it
    assert told["--lr"] == "Learning rate: more than 0, at most 100; default: 0.05, adam 0.001"
    assert told["--beta2"] == "Beta 2 (of adam): at least 0, less than 1; default: 0.999"
    assert told["--downsample"].startswith("Shortcut where the size changes (of convnet): pad, ")
    assert told["--shuffle"] == "Shuffle each epoch; default: on"
    assert told["--measures"].endswith("default: flow,weight_grad,update_ratio")
