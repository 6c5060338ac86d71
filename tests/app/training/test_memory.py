"""What is free, and what of it a run may take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from app.machine import VARIABLE
from app.measures import MEASURES
from app.measures.norms import norms
from app.measures.taking import Taken
from app.training import memory
from app.training.loop import train
from app.training.peak import Peak, answering
from app.training.precise_norm import PreciseNorm
from app.training.probes import gradients
from app.training.setup import plan, prepare
from app.training.underflow import Underflow
from app.validation import BadField
from models.build import sketch
from models.families import net_spec
from models.net import Net
from models.skips import SKIPS
from tests.app.training.specs import small

CPU = torch.device("cpu")
MIB = 2**20


def test_cached_files_that_nobody_uses_are_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "CGROUP", tmp_path)
    (tmp_path / "memory.max").write_text(f"{100 * MIB}\n")
    (tmp_path / "memory.current").write_text(f"{90 * MIB}\n")
    (tmp_path / "memory.stat").write_text(f"anon {30 * MIB}\ninactive_file {60 * MIB}\n")
    assert memory.available(CPU) == 70 * MIB


def test_a_container_without_a_limit_has_what_the_machine_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "CGROUP", tmp_path)
    machine = memory.available(CPU)
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.available(CPU) == pytest.approx(machine, rel=0.5)


def need(weights: int = 0, step: int = 0, evaluation: int = 0) -> memory.Need:
    return memory.Need(weights * MIB, step * MIB, evaluation * MIB, examples=200)


def test_runs_that_may_train_at_once_share_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    memory.check(need(step=80), free=100 * MIB)
    monkeypatch.setenv(VARIABLE, "2")
    memory.check(need(step=40), free=100 * MIB)
    with pytest.raises(BadField, match="is free, to be shared by 2 runs"):
        memory.check(need(step=80), free=100 * MIB)


@pytest.mark.parametrize(
    ("takes", "field", "most", "allowed"),
    [
        (need(60, 30, 40), "net.width", "for the weights", "a smaller width or depth"),
        (need(30, 60, 50), "batch_size", "for a batch", "a smaller batch, width or depth"),
        (
            need(30, 50, 60),
            "net.width",
            "to evaluate 200 examples at once",
            "a smaller width or depth",
        ),
    ],
)
def test_a_refusal_names_what_takes_the_most(
    takes: memory.Need, field: str, most: str, allowed: str
) -> None:
    memory.check(takes, free=112 * MIB)
    with pytest.raises(BadField, match=f"most of it {most}") as bad:
        memory.check(takes, free=80 * MIB)
    assert (bad.value.field, bad.value.allowed) == (field, f"allowed: {allowed}")


@pytest.mark.parametrize(
    ("settings", "examples"),
    [
        ({"net__norm": "none", "evaluate__limit": 16}, 16),
        ({"net__norm": "none", "evaluate__limit": None}, 256),
        ({"net__norm": "none", "evaluate__limit": None, "data__limit": 30}, 256),  # the test set
        ({"net__norm": "none", "evaluate__limit": 4, "evaluate__samples": 12}, 12),
        ({"net__norm": "batch", "evaluate__limit": 16}, 256),  # statistics are of more
        ({"net__norm": "batch", "evaluate__limit": 16, "data__limit": 30}, 30),
    ],
)
def test_an_evaluation_takes_as_many_examples_as_it_has(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], examples: int
) -> None:
    """Held against the largest batch that really goes through the network."""
    spec = small(batch_size=2, steps=1, **settings)
    seen: list[int] = []
    answer = PreciseNorm.__call__

    def asked(norm: PreciseNorm[Net], inputs: torch.Tensor) -> torch.Tensor:
        seen.append(len(inputs))
        return answer(norm, inputs)

    monkeypatch.setattr(PreciseNorm, "__call__", asked)
    for _ in train(spec):
        pass
    assert max(seen) <= plan(spec).need.examples == examples


@pytest.mark.parametrize("norm", ["none", "batch"])
def test_the_estimate_covers_a_look_at_zeros_in_float64(norm: str) -> None:
    """What autograd keeps of the part of the batch that answers, counted by its own hooks."""
    spec = small(net__depth=64, net__width=32, net__norm=norm, batch_size=256)
    layout = plan(spec)
    setup = prepare(layout)
    params = list(setup.net.parameters())
    x, y = setup.train[: spec.batch_size]
    grads = gradients(setup.net, params, x, y)
    flow = norms(grads.outputs)
    parts = tuple(part.name for part in setup.net.parts)
    kept: dict[int, int] = {}
    alive: list[torch.Tensor] = []

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        alive.append(tensor.detach())  # so that no address is given twice
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        look = Underflow(setup.net, setup.task.loss, [Taken(MEASURES["flow"], parts)])
        look(params, (x, y), grads, {"flow": [0.0, *flow[1:]]})
    assert 0 < sum(kept.values()) <= layout.need.total


@pytest.mark.parametrize("skip", list(SKIPS))
def test_blocks_alike_are_counted_as_if_each_were_gone_through(
    monkeypatch: pytest.MonkeyPatch, skip: str
) -> None:
    net = sketch(net_spec(depth=38, skip=skip), (1, 8, 8), 10)
    few = memory.activations(net, 64, ("out",))
    monkeypatch.setattr(memory, "TRACED", 1000)
    assert memory.activations(net, 64, ("out",)) == few


@pytest.mark.parametrize("family", ["mlp", "convnet"])
@pytest.mark.parametrize("skip", list(SKIPS))
def test_an_evaluation_is_counted_as_if_all_blocks_were_gone_through(
    family: str, skip: str
) -> None:
    net = sketch(net_spec(family=family, depth=26, width=4, skip=skip), (1, 8, 8), 10)
    few = answering(net, 256)
    assert net.training
    own = (*net.parameters(), *net.buffers())
    with torch.no_grad(), Peak(own) as peak:
        net.eval()(torch.empty(256, 1, 8, 8, device="meta"))
    assert peak.most == few > 0


def test_what_operations_give_counts_as_long_as_it_is_there() -> None:
    with Peak(()) as peak:
        x = torch.empty(10, device="meta")
        y = x.view(2, 5) + 1
        assert peak.most == 80
        del x, y
        torch.empty(15, device="meta")
    assert peak.most == 80


@pytest.mark.parametrize("skip", ["concat", "dense-average", "attention"])
def test_an_evaluation_holds_all_that_was_written_and_what_is_read_of_it(skip: str) -> None:
    spec = small(net__depth=22, net__width=64, net__skip=skip, batch_size=1)
    entries = 11  # ten blocks' and the stem's
    assert plan(spec).need.total > 2 * entries * 256 * 64 * 4
