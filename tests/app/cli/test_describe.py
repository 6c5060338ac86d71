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
