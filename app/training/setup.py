"""Everything a run needs before its first step."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from app.data.entry import DataEntry
from app.data.errors import DataError
from app.events import Engine, Layer, Measured, Point, Started
from app.measures.taking import Taken, Taking
from app.spec import RunSpec
from app.training import memory
from app.training.device import device_of, devices
from app.training.examples import Examples, examples
from app.training.precise_norm import CHUNK, batch_norms
from app.training.task import TASKS, Task
from app.training.versions import versions
from app.validation import BadField, of_data
from models import outline
from models.anatomy import Anatomy
from models.build import build, sketch
from models.dissection import anatomies
from models.net import Net
from models.noise import generator


@dataclass(frozen=True, slots=True)
class Plan:
    """A run's network without its weights: what it is made of and what it needs.

    ``available``: bytes of the device's memory.
    """

    spec: RunSpec
    data: DataEntry
    device: torch.device
    layers: tuple[Layer, ...]
    other_layers: tuple[Layer, ...]
    points: tuple[Point, ...]
    blocks: tuple[Anatomy, ...]
    measures: tuple[Measured, ...]
    params: int
    need: memory.Need
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
    taking = Taking(spec.measures, spec.net, net)
    try:
        need = memory.need(spec, net, taking.sites, _evaluated_at_once(spec, data, net))
    except RuntimeError as error:
        raise BadField(
            "net.downsample",
            f"gives shortcut and branch different shapes ({error})",
            "allowed where the size changes: pad, project",
        ) from error
    layers = [
        Layer(
            name=layer.name,
            kind=layer.kind,
            block=layer.part,
            shape=tuple(layer.weighted.weight.shape),
            params=layer.params,
        )
        for layer in outline.layers(net)
    ]
    return Plan(
        spec=spec,
        data=data,
        device=device,
        layers=tuple(layer for layer in layers if layer.kind in outline.MAIN),
        other_layers=tuple(layer for layer in layers if layer.kind not in outline.MAIN),
        points=tuple(
            Point(name=part.name, kind=part.kind, shape=shape)
            for part, shape in zip(net.parts, net.shapes, strict=True)
        ),
        blocks=anatomies(net, spec.net),
        measures=tuple(_measured(taken) for taken in taking.all),
        params=sum(p.numel() for p in net.parameters()),
        need=need,
        available=memory.available(device),
    )


def _evaluated_at_once(spec: RunSpec, data: DataEntry, net: Net) -> int:
    """The most examples that an evaluation goes through together."""
    train = spec.data.kept(data.train_size)
    limit = spec.evaluate.limit or max(train, data.test_size)
    sets = [min(limit, train), min(limit, data.test_size), spec.samples]
    if batch_norms(net):  # whatever the limit is
        sets.append(train)
    return min(CHUNK, max(sets))


def _measured(taken: Taken) -> Measured:
    measure = taken.measure
    return Measured(
        name=measure.name,
        title=measure.title,
        summary=measure.summary,
        unit=measure.unit,
        scale=measure.scale,
        relative=measure.relative,
        at=measure.at,
        places=taken.places,
        absent=taken.absent,
    )


def started(plan: Plan) -> Started:
    """The run's first event."""
    return Started(
        spec=plan.spec,
        layers=plan.layers,
        other_layers=plan.other_layers,
        points=plan.points,
        blocks=plan.blocks,
        measures=plan.measures,
        params=plan.params,
        steps_per_epoch=plan.steps_per_epoch,
        metrics=TASKS[plan.data.task].metrics,
        engine=Engine(device=plan.device.type, threads=torch.get_num_threads()),
        versions=versions(plan.device),
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
    memory.check(plan.need, plan.available)
    spec = plan.spec
    net = build(
        spec.net,
        plan.data.shape,
        plan.data.outputs,
        lambda name: generator(spec.seed, f"weights/{name}"),
    )
    net.noise.seed = spec.seed
    try:
        train, test = examples(spec, plan.data, plan.device)
    except DataError as error:
        raise of_data(error) from error
    return Setup(net.to(plan.device), TASKS[plan.data.task], train, test)
