"""What the whole is for, trained for real and asked for as a browser would.

The numbers to reach are those that a bare PyTorch script measures at these settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.data.registry import DATASETS
from app.studies.presets import PRESETS
from tests.server import Server, messages

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(900)]

CHANCE = DATASETS["digits"].chance
HALF_A_PER_CENT = 0.005


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for both."""
    with Server(tmp_path_factory.mktemp("acceptance") / "data") as found:
        yield found


def trained(server: Server, preset: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The plain and the residual run of a preset, at their ends."""
    spec = next(one.spec for one in PRESETS if one.name == preset)
    study = server.start(spec.model_dump(mode="json"), "studies")
    with server.viewer(f"/api/studies/{study['id']}/live") as viewer:
        viewer.send('{"frames": false}')
        list(messages(viewer))
    runs = server.read(f"/api/studies/{study['id']}")["runs"]
    assert {run["state"] for run in runs} == {"finished"}
    by_skip = {run["spec"]["net"]["skip"]: run for run in runs}
    return by_skip["none"], by_skip["identity"]


def test_plain_56_does_not_learn_and_residual_56_does(server: Server) -> None:
    plain, residual = trained(server, "degradation")
    assert plain["spec"]["net"]["depth"] == residual["spec"]["net"]["depth"] == 56
    assert plain["result"]["train_error"] > 0.40
    assert residual["result"]["train_error"] < 0.05
    assert residual["result"]["count"] == DATASETS["digits"].train_size


def test_a_gradient_that_vanishes_leaves_the_plain_net_at_chance(server: Server) -> None:
    plain, residual = trained(server, "vanishing")
    assert plain["result"]["train_error"] == pytest.approx(CHANCE, abs=HALF_A_PER_CENT)
    assert residual["result"]["train_error"] < 0.05
    last = [event for event in server.events(plain["id"]) if event["type"] == "frame"][-1]
    assert 0 < last["measures"]["flow"][0] < 1e-9 * last["measures"]["flow"][-1]
