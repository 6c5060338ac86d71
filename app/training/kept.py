"""A trained network in a file: weights, buffers, and what it is, as safetensors.

Tensors have the names of the network's ``state_dict``; a name with a slash in it is none of the
network's, and whoever loads that leaves it out. The metadata, all strings, are ``spec`` (the
RunSpec as JSON), ``step`` (updates done), ``example`` (the shape of one input), ``outputs`` and
``depthscope`` (the version).
"""

from __future__ import annotations

import errno
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from app import __version__
from app.spec import STORED, RunSpec
from app.spec.changes import Values, in_order
from app.spec.upgrade import upgrade
from app.training.weights import Weights
from models.build import sketch
from models.families import chosen_net
from models.net import Net

PART = ".part"  # what is being written


@dataclass(frozen=True, slots=True)
class Kept:
    """A network as it was kept, on the CPU and in evaluation mode; see this module for the rest.

    ``net`` has the modules of the choices it was kept with; ``spec`` has those with an effect.
    """

    net: Net
    spec: RunSpec
    step: int


def keep(path: Path, net: Net, spec: RunSpec, step: int) -> str | None:
    """Write the network to this file, all or nothing; returns why not, where it can't.

    The file is on the disk before it has its name, and takes the place of what had it before.
    """
    tensors = {name: _plain(tensor) for name, tensor in net.state_dict().items()}
    if not all(tensor.isfinite().all() for tensor in tensors.values()):
        return "its weights, or their statistics, are not finite"
    about = {
        "format": "pt",
        "spec": spec.model_dump_json(),
        "step": str(step),
        "example": json.dumps(net.example),
        "outputs": str(net.shapes[-1][0]),
        "depthscope": __version__,
    }
    part = path.with_name(path.name + PART)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(part, save(tensors, about))
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return "the disk is full" if full else f"it can't be written: {error.strerror}"
    return None


def load(path: Path) -> Kept:
    """The network that was kept in this file.

    Raises:
        OSError: the file is not there, or can't be read.
        ValueError: it holds no network of this version.
    """
    try:
        with safe_open(path, framework="pt") as file:
            about = file.metadata() or {}
            names = [name for name in file.keys() if "/" not in name]  # noqa: SIM118 (no mapping)
            tensors = {name: file.get_tensor(name) for name in names}
        spec = RunSpec.model_validate_json(about["spec"], context=STORED)
        # Its tensors are named by the choices of then; those without effect are not in the spec.
        chosen = chosen_net(upgrade(json.loads(about["spec"]))["net"])
        net = sketch(chosen, tuple(json.loads(about["example"])), int(about["outputs"]))
        net = net.to_empty(device="cpu")
        net.load_state_dict(tensors)
        step = int(about["step"])
    except (SafetensorError, RuntimeError, KeyError) as error:
        raise ValueError(f"holds no network that this version can read: {error}") from error
    for change in spec.changes:
        if change.step <= step:
            _apply(net, change.set)
    Weights(net)  # as they lay while it was trained, so that its answers are the same bit for bit
    net.noise.seed = spec.seed
    return Kept(net.eval(), spec, step)


def _apply(net: Net, values: Values) -> None:
    """What of these live changes is the network's own."""
    for path, value in in_order(values):
        part, _, setting = path.partition(".")
        if part == "net":
            net.change(setting, value)


def _plain(tensor: Tensor) -> Tensor:
    """A copy of its own, in the order of its dimensions."""
    return tensor.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
