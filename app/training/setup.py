"""Everything a run needs before its first step."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from app import __version__
from app.data.dataset import Dataset
from app.data.registry import DATASETS
from app.events import Engine, Layer, Metric, Point, Started
from app.spec import BadField, RunSpec
from app.training import memory
from app.training.device import choose
from app.training.seeds import generator
from models.build import build, sketch
from models.net import Net

METRICS = (
    Metric(name="loss", title="batch loss", unit="nat", better="lower"),
    Metric(name="error", title="batch error", unit="fraction", better="lower"),
    Metric(name="train_error", title="training error", unit="fraction", better="lower"),
    Metric(name="train_loss", title="training loss", unit="nat", better="lower"),
    Metric(name="test_error", title="test error", unit="fraction", better="lower"),
    Metric(name="test_loss", title="test loss", unit="nat", better="lower"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A run's network without its weights: what it is made of and what it needs.

    ``needed`` and ``available`` are bytes of the device's memory.
    """

    spec: RunSpec
    device: torch.device
    layers: tuple[Layer, ...]
    projections: tuple[Layer, ...]
    points: tuple[Point, ...]
    params: int
    needed: int
    available: int

    @property
    def steps_per_epoch(self) -> int:
        """Whole batches in the training set."""
        return self.spec.data.train_size // self.spec.batch_size


def plan(spec: RunSpec) -> Plan:
    """Lay the run out on torch's meta device, which takes no memory.

    Raises:
        BadField: the device is not there, or a shortcut doesn't fit its branch.
    """
    device = choose(spec.device)
    data = DATASETS[spec.data.name]
    net = sketch(spec.net, data.shape, data.classes)
    try:
        shapes = net.shapes(data.shape)
    except RuntimeError as error:
        raise BadField(
            "net.downsample",
            f"shortcut and branch differ in shape, and PyTorch says: {error}",
            "allowed where shapes change: pad, project",
        ) from error
    layers = [
        Layer(
            name=layer.name,
            kind=layer.kind,
            block=layer.part,
            shape=tuple(layer.weighted.weight.shape),
            params=layer.params,
        )
        for layer in net.layers()
    ]
    return Plan(
        spec=spec,
        device=device,
        layers=tuple(layer for layer in layers if layer.kind != "projection"),
        projections=tuple(layer for layer in layers if layer.kind == "projection"),
        points=tuple(
            Point(name=name, kind=name if name in ("stem", "head") else "block", shape=shape)
            for name, shape in zip(net.parts, shapes, strict=True)
        ),
        params=sum(p.numel() for p in net.parameters()),
        needed=memory.needed(spec, net, shapes),
        available=memory.available(device),
    )


def started(plan: Plan) -> Started:
    """The run's first event."""
    return Started(
        spec=plan.spec,
        layers=plan.layers,
        projections=plan.projections,
        points=plan.points,
        params=plan.params,
        steps_per_epoch=plan.steps_per_epoch,
        metrics=METRICS,
        engine=Engine(device=plan.device.type, threads=torch.get_num_threads()),
        versions={
            "depthscope": __version__,
            "torch": torch.__version__,
            "python": platform.python_version(),
        },
    )


@dataclass(frozen=True, slots=True)
class Setup:
    """The network with its first weights, and the data, on the device."""

    net: Net
    train: tuple[Tensor, Tensor]
    test: tuple[Tensor, Tensor]


def prepare(plan: Plan) -> Setup:
    """Build the network and load the data.

    Raises:
        BadField: it would not fit into memory.
    """
    memory.check(plan.needed, plan.available)
    spec = plan.spec
    entry, data = DATASETS[spec.data.name], _loaded(spec.data.name)
    kept = spec.data.train_size
    net = build(spec.net, entry.shape, entry.classes, generator(spec.seed, "weights"))

    def tensors(x: object, y: object) -> tuple[Tensor, Tensor]:
        return torch.as_tensor(x).to(plan.device), torch.as_tensor(y).to(plan.device)

    return Setup(
        net=net.to(plan.device),
        train=tensors(data.train_x[:kept], data.train_y[:kept]),
        test=tensors(data.test_x, data.test_y),
    )


@lru_cache(maxsize=2)  # a warm worker keeps the set it trained on last
def _loaded(name: str) -> Dataset:
    return DATASETS[name].load()
