"""Lesions against networks without those blocks, and against straight-line code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from app.analyses.program import Analysing
from app.analyses.spec import ANALYSIS_SPEC, Asked
from app.events import Evaluated, Finding, Finished, Started
from app.spec import RunSpec
from app.training.evaluation import Evaluation, known
from app.training.loop import Training
from app.training.setup import Setup
from app.training.task import TASKS
from models.build import sketch
from models.families import net_spec
from models.net import Net
from models.skips import SKIPS
from tests.app.analyses.analysed import asked, trained
from tests.app.training.specs import small
from tests.models.nets import built, shaken

CONVNET = {"net__family": "convnet", "net__depth": 14, "net__width": 4, "net__norm": "batch"}
MLP = {"net__depth": 10, "net__norm": "batch"}


def findings(training: Training, **settings: Any) -> list[Finding]:
    return [one for one in asked(training, "lesion", **settings) if isinstance(one, Finding)]


def measured(training: Training, net: Net, *, estimate: bool) -> Evaluated:
    """A network of its own, evaluated as the run would."""
    spec, train = training.spec, training.train
    setup = Setup(net, TASKS["classification"], train, training.test)
    evaluation = Evaluation(setup, spec.evaluate.limit, known(spec, train))
    evaluation.net.eval()
    if not estimate:
        evaluation._net.estimate = lambda: iter(())  # type: ignore[method-assign]
    running = evaluation(0)
    while True:
        try:
            next(running)
        except StopIteration as done:
            result: Evaluated = done.value
            return result


def without(training: Training, number: int) -> Net:
    """A network that is shallower by a block, made of the same weights but for that block's."""
    spec = training.spec.net
    shorter = net_spec(**{**spec.plain(), "depth": spec.depth - 2})
    net = sketch(shorter, training.net.example, 10).to_empty(device="cpu")

    def renamed(name: str) -> str | None:
        found = re.match(r"block(\d+)\.(.*)", name)
        if not found or (n := int(found[1])) < number:
            return name
        return None if n == number else f"block{n - 1}.{found[2]}"

    state = {renamed(name): tensor for name, tensor in training.net.state_dict().items()}
    net.load_state_dict({name: tensor for name, tensor in state.items() if name})
    return net


@pytest.mark.parametrize("statistics", ["intact", "estimated"])
@pytest.mark.parametrize("skip", ["none", "identity"])
def test_a_removal_is_the_network_built_without_that_block(skip: str, statistics: str) -> None:
    training = trained(skip, **MLP)
    found = findings(training, statistics=statistics, swaps="no", most=1)
    assert [one.blocks for one in found] == [(f"block{n}",) for n in (1, 2, 3, 4)]
    for number, one in enumerate(found, 1):
        shorter = without(training, number)
        expected = measured(training, shorter, estimate=statistics == "estimated")
        assert one.train is not None
        assert one.test is not None
        assert (one.train["error"], one.test["error"]) == (
            expected.train_error,
            expected.test_error,
        )
        assert one.train["loss"] == pytest.approx(expected.train_loss, rel=1e-5)
        assert one.test["loss"] == pytest.approx(expected.test_loss, rel=1e-5)


def straight(w: dict[str, Tensor], x: Tensor, numbers: Sequence[int], removed: set[int]) -> Tensor:
    """The residual convolutional network of 14 layers, its shortcuts padded, written out."""

    def norm(x: Tensor, name: str) -> Tensor:
        mean, var = w[f"{name}.running_mean"], w[f"{name}.running_var"]
        return F.batch_norm(x, mean, var, w[f"{name}.weight"], w[f"{name}.bias"])

    def conv(x: Tensor, name: str, stride: int = 1) -> Tensor:
        return F.conv2d(x, w[f"{name}.weight"], stride=stride, padding=1)

    x = norm(conv(x, "stem.layer"), "stem.then.norm").relu()
    for n in numbers:
        stride = 2 if n in (3, 5) else 1
        past = x[:, :, ::stride, ::stride]
        if stride == 2:
            past = F.pad(past, (0, 0, 0, 0, 0, x.shape[1]))
        if n not in removed:
            fx = norm(conv(x, f"block{n}.branch.layer1", stride), f"block{n}.branch.norm1").relu()
            past = past + norm(conv(fx, f"block{n}.branch.layer2"), f"block{n}.branch.norm2")
        x = past.relu()
    return F.linear(x.mean((2, 3)), w["head.layer.weight"], w["head.layer.bias"])


def test_every_lesion_of_a_residual_network_is_that_of_straight_line_code() -> None:
    training = trained("identity", **CONVNET)
    weights = training.net.state_dict()
    found = findings(training, most=3, draws=2, seed=5)
    assert [one.what for one in found] == ["remove"] * 6 + ["swap"] * 5 + ["together"] * 4
    assert [one.step for one in found] == list(range(1, 16))
    for one in found:
        numbers = [int(name.removeprefix("block")) for name in one.blocks]
        order = list(range(1, 7))
        if one.what == "swap":
            first, second = numbers
            if {first, second} & {3, 5}:
                assert one.absent is not None
                assert "changes the shape" in one.absent
                continue
            order[first - 1], order[second - 1] = second, first
        gone = set() if one.what == "swap" else set(numbers)
        for values, examples in ((one.train, training.train), (one.test, training.test)):
            assert values is not None
            ((x, y),) = examples.spread(100).chunks(256)
            logits = straight(weights, x, order, gone)
            assert values["error"] == (logits.argmax(1) != y).double().mean().item()
            assert values["loss"] == pytest.approx(F.cross_entropy(logits, y).item(), rel=1e-4)
    together = [one.blocks for one in found if one.what == "together"]
    assert [len(blocks) for blocks in together] == [2, 2, 3, 3]
    assert together == [one.blocks for one in findings(training, most=3, draws=2, seed=5)][-4:]


def test_the_intact_network_makes_the_errors_of_the_runs_last_evaluation() -> None:
    spec = small(**CONVNET)
    training = Training(spec, fetch=False)
    (*_, last) = (event for event in training if isinstance(event, Evaluated))
    started, intact, *rest = asked(training, "lesion", most=1, swaps="no")
    assert isinstance(started, Started)
    assert started.spec == spec
    assert started.analysis is not None
    assert (started.analysis["analysis"], started.analysis["most"]) == ("lesion", 1)
    assert intact == last.model_copy(update={"step": 0})
    assert rest[-1] == Finished(step=6)


def test_a_plain_block_that_changes_the_shape_can_not_be_removed() -> None:
    found = findings(trained("none", **CONVNET), swaps="no", most=2, draws=4)
    absent = {one.blocks: one.absent for one in found if one.absent}
    assert absent == {
        (name,): f"{name} changes the shape, and nothing passes it by"
        for name in ("block3", "block5")
    }
    together = [one.blocks for one in found if one.what == "together"]
    assert len(together) == 4
    assert not {"block3", "block5"} & {name for blocks in together for name in blocks}


@pytest.mark.parametrize("family", ["mlp", "convnet"])
@pytest.mark.parametrize("skip", [name for name in SKIPS if name != "none"])
def test_without_its_branch_a_block_of_any_skip_is_what_passes_it(skip: str, family: str) -> None:
    """A branch of zeros; a gate that is closed; a list without the entry."""
    net = shaken(built(net_spec(family=family, depth=8, width=8, norm="none", skip=skip))).eval()
    draws = torch.Generator().manual_seed(1)
    x = torch.randn(3, 1, 8, 8, generator=draws, dtype=torch.float64)
    for number, block in enumerate(net.blocks):
        with torch.no_grad():
            stream = net.blocks[0].skip.open(net.stem(x))
            for before in net.blocks[:number]:
                stream = before(stream)
            bypassed = block.bypass(stream)
            if skip == "attention":
                assert len(bypassed) == (1 if block.place.changes else len(stream))
                continue
            gate = getattr(block.skip, "gate", None)
            if skip in ("highway", "exclusive-gate"):
                assert gate is not None
                gate.bias.fill_(-1e9)
            else:
                block.branch.register_forward_hook(lambda *said: torch.zeros_like(said[-1]))
            for one, other in zip(leaves(bypassed), leaves(block(stream)), strict=True):
                assert torch.allclose(one, other, rtol=0, atol=1e-12)


def leaves(stream: Any) -> list[Tensor]:
    return [stream] if isinstance(stream, Tensor) else list(stream)


def test_a_regression_has_losses_alone() -> None:
    """A loss alone, where answers can't be wrong."""
    spec = RunSpec.model_validate_json(
        '{"net": {"family": "mlp", "depth": 4, "width": 8, "norm": "none"}, "data": "identity",'
        ' "steps": 3}'
    )
    training = Training(spec, fetch=False)
    for _ in training:
        pass
    (one,) = findings(training, most=1, swaps="no")
    assert one.train is not None
    assert set(one.train) == {"loss"}


def test_a_network_that_went_meanwhile_is_missed_in_words(tmp_path: Path) -> None:
    spec = ANALYSIS_SPEC.validate_python({"analysis": "lesion", "of": "a" * 10})
    with pytest.raises(ValueError, match="of: its network is not kept any more"):
        next(Analysing(Asked(spec, tmp_path / "gone")))
