"""``depthscope describe``: a network without training."""

from __future__ import annotations

import json

from tests.app.cli.command import run


def test_a_describe_tells_layers_and_parameters() -> None:
    told = run("describe", "--depth", "8", "--width", "16", "--json")
    shown = run("describe", "--depth", "8", "--width", "16")

    description = json.loads(told.stdout)
    assert description["params"] == sum(layer["params"] for layer in description["layers"])
    assert f"{description['params']:,} parameters" in shown.stdout
    assert "\x1b" not in shown.stdout


def test_a_gradient_that_is_too_small_is_not_called_zero() -> None:
    deep = (
        *("--family", "mlp", "--depth", "128", "--width", "16"),
        *("--norm", "none", "--init", "default"),
    )
    told = json.loads(run("describe", *deep, "--skip", "none", "--json").stdout)["measured"]
    shown = run("describe", *deep, "--skip", "none").stdout

    small = told["underflowed"]["flow"]
    assert (
        small == [place for place, flow in enumerate(told["measures"]["flow"]) if flow == 0] != []
    )
    assert shown.count("too small for float32 (below 1e-45)") == len(small)
    assert "exactly 0" not in shown
