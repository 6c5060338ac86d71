"""Everything a run needs before its first step."""

from __future__ import annotations

import platform
from dataclasses import dataclass

import torch

from app import __version__
from app.data.entry import DataEntry
from app.data.errors import DataError
from app.events import Engine, Layer, Point, Started
from app.mistakes import BadField, of_data
from app.spec import RunSpec
from app.training import memory
from app.training.device import device_of, devices
from app.training.examples import Examples, examples
from app.training.seeds import generator
from app.training.task import TASKS, Task
from models.build import build, sketch
from models.net import Net


@dataclass(frozen=True, slots=True)
class Plan:
    """A run's network without its weights: what it is made of and what it needs.

    ``needed`` and ``available`` are bytes of the device's memory.
    """

    spec: RunSpec
    data: DataEntry
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
        return self.spec.data.kept(self.data.train_size) // self.spec.batch_size


def plan(spec: RunSpec) -> Plan:
    """Lay the run out on torch's meta device, which takes no memory.

    Raises:
        BadField: the device or the data is not there, or a shortcut doesn't fit its branch.
    """
    data = spec.look(devices())
    device = device_of(spec)
    net = sketch(spec.net, data.shape, data.outputs)
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
        data=data,
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
        metrics=TASKS[plan.data.task].metrics,
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
    task: Task
    train: Examples
    test: Examples


def prepare(plan: Plan) -> Setup:
    """Build the network and load the data.

    Raises:
        BadField: it would not fit into memory, or the data can't be read.
    """
    memory.check(plan.needed, plan.available)
    spec = plan.spec
    net = build(spec.net, plan.data.shape, plan.data.outputs, generator(spec.seed, "weights"))
    try:
        train, test = examples(spec, plan.data, plan.device)
    except DataError as error:
        raise of_data(error) from error
    return Setup(net.to(plan.device), TASKS[plan.data.task], train, test)
