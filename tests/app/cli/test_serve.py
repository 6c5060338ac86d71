"""``depthscope serve``: the settings it takes."""

from __future__ import annotations

from tests.app.cli.command import run


def test_a_setting_out_of_range_is_named() -> None:
    refused = run("serve", "--port", "70000")

    assert refused.exit_code == 2
    assert refused.stderr.startswith("depthscope: port: ")
