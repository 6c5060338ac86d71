"""A network that is kept answers as it did, bit for bit."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open

from app.events import Evaluated
from app.spec import RunSpec
from app.training.kept import keep, load
from app.training.loop import Training
from app.training.weights import Weights
from models.noise import generator
from models.spec import NetSpec
from tests.app.training.specs import small
from tests.models.ineffective import CASES, said
from tests.models.nets import built

NETS: dict[str, dict[str, Any]] = {
    "plain mlp": {"net__skip": "none"},
    "convnet": {"net__family": "convnet", "net__depth": 8, "net__width": 4, "net__norm": "batch"},
    "bottleneck": {"net__family": "convnet", "net__depth": 11, "net__width": 4,
                   "net__branch": "bottleneck", "net__norm": "batch", "net__downsample": "project"},
    "rezero": {"net__skip": "rezero"},
    "concat": {"net__skip": "concat"},
    "hyper": {"net__skip": "hyper", "net__norm": "layer"},
}  # fmt: skip


def run_to_end(spec: RunSpec) -> tuple[Training, Evaluated]:
    training = Training(spec, fetch=False)
    (*_, last) = (event for event in training if isinstance(event, Evaluated))
    return training, last


@pytest.mark.parametrize("net", NETS.values(), ids=list(NETS))
def test_a_kept_network_makes_the_errors_of_the_runs_last_evaluation(
    tmp_path: Path, net: dict[str, Any]
) -> None:
    spec = small(**net)
    training, last = run_to_end(spec)
    path = tmp_path / "networks" / "run.safetensors"
    assert training.keep(path) is None
    kept = load(path)
    assert (kept.spec, kept.step) == (spec, 12)
    x, y = training.test[:]
    with torch.no_grad():
        answers = kept.net(x)
        assert torch.equal(answers, training.net(x))
    assert int((answers.argmax(1) != y).sum()) == round((last.test_error or 0) * len(y))
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_shortcuts_that_were_weakened_while_it_trained_stay_so(tmp_path: Path) -> None:
    changes = [{"step": 4, "set": {"net.skip.strength": 0.5, "optimizer.lr": 0.01}}]
    training, _ = run_to_end(small(changes=changes))
    assert training.keep(tmp_path / "run") is None
    x, _ = training.test[:]
    with torch.no_grad():
        kept = load(tmp_path / "run").net(x)
        assert torch.equal(kept, training.net(x))
        training.net.change("skip.strength", 1.0)
        assert not torch.equal(kept, training.net(x))


def test_a_stopped_run_is_kept_with_statistics_of_its_own_weights(tmp_path: Path) -> None:
    spec = small(net__norm="batch", evaluate__every=12)
    training = Training(spec, fetch=False)
    while training.step < 7:
        next(training)
    training.close()
    assert training.keep(tmp_path / "stopped") is None
    whole, _ = run_to_end(small(net__norm="batch", steps=7, optimizer__lr=spec.optimizer.lr))
    assert whole.keep(tmp_path / "whole") is None
    stopped = load(tmp_path / "stopped")
    assert stopped.step == 7
    state = load(tmp_path / "whole").net.state_dict()
    for name, tensor in stopped.net.state_dict().items():
        assert torch.equal(tensor, state[name]), name


def test_a_run_without_a_network_yet_says_so(tmp_path: Path) -> None:
    training = Training(small(), fetch=False)
    next(training)  # started
    assert training.keep(tmp_path / "early") == "it was stopped before it was first evaluated"


def test_the_file_tells_what_it_is_without_this_program(tmp_path: Path) -> None:
    training, _ = run_to_end(small())
    training.keep(tmp_path / "run")
    with safe_open(tmp_path / "run", framework="np") as file:
        about = file.metadata()
        assert set(file.keys()) == set(training.net.state_dict())
    assert json.loads(about["spec"])["net"]["depth"] == 6
    assert (about["step"], about["example"], about["outputs"]) == ("12", "[1, 8, 8]", "10")


def test_weights_that_are_not_finite_are_not_kept(tmp_path: Path) -> None:
    training, _ = run_to_end(small())
    with torch.no_grad():
        next(training.net.parameters()).fill_(torch.nan)
    unkept = keep(tmp_path / "run", training.net, training.spec, 12)
    assert unkept == "its weights, or their statistics, are not finite"
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_what_was_there_and_no_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "run"
    path.write_bytes(b"before")
    training, _ = run_to_end(small())
    monkeypatch.setattr("app.training.kept.os.fsync", full)
    assert training.keep(path) == "the disk is full"
    assert [one.name for one in tmp_path.iterdir()] == ["run"]
    assert path.read_bytes() == b"before"


@pytest.mark.parametrize("spoil", ["cut", "foreign", "of another net"])
def test_what_is_no_kept_network_is_refused(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "run"
    training, _ = run_to_end(small())
    other = small(net__width=8) if spoil == "of another net" else training.spec
    keep(path, training.net, other, 12)
    content = path.read_bytes()
    path.write_bytes({"cut": content[:-100], "foreign": b"\x80\x04 a pickle"}.get(spoil, content))
    with pytest.raises(ValueError, match="holds no network that this version can read"):
        load(path)


@pytest.mark.parametrize("net", CASES, ids=said)
def test_a_network_kept_with_a_choice_without_effect_answers_as_it_did(
    tmp_path: Path, net: NetSpec
) -> None:
    """As earlier versions kept it; only its spec is without that choice."""
    before = built(net)
    Weights(before)
    with torch.no_grad():
        for number, tensor in enumerate(before.state_dict().values()):
            if tensor.is_floating_point():  # no norm is left like another
                tensor.add_(0.1 * torch.rand(tensor.shape, generator=generator(number, "moved")))
    spec = RunSpec().model_copy(update={"net": net})
    assert keep(tmp_path / "run", before, spec, 12) is None
    kept = load(tmp_path / "run")
    assert kept.spec == spec.model_copy(update={"net": net.effective()})
    x = torch.randn(4, 1, 8, 8, generator=generator(0, "examples"))
    with torch.no_grad():
        assert torch.equal(kept.net(x), before.eval()(x))


def test_among_them_are_networks_whose_parts_the_choice_renamed() -> None:
    renamed = [
        net
        for net in CASES
        if set(built(net).state_dict()) != set(built(net.effective()).state_dict())
    ]
    assert {net.named("placement") for net in renamed} == {"norm-after-addition", "pre-activation"}
