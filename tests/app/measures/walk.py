"""A network looked at with no sites: run block by block, and kept where a test asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from app.measures import MEASURES
from app.measures.look import Look
from app.measures.taking import Taking
from app.training.probes import gradients
from models.families import net_spec
from models.net import Block, Net
from models.outline import layers
from models.spec import NetSpec
from tests.models.nets import CLASSES, IMAGE, built, shaken

BATCH = 7


@dataclass
class Case:
    """A network in float64, none of its parameters at 0 or 1, and a batch."""

    net: Net
    spec: NetSpec
    x: Tensor
    y: Tensor
    taking: Taking = field(init=False)

    def __post_init__(self) -> None:
        self.taking = Taking(tuple(MEASURES), self.spec, self.net)

    def look(self) -> Look:
        """What the measures look at, as a step records it; its steps are half the weights."""
        weights = {one.name: one.weighted.weight for one in layers(self.net) if one.main}
        params = list(self.net.parameters())
        found = gradients(self.net, params, self.x, self.y, sites=self.taking.sites)
        at = {id(param): n for n, param in enumerate(params)}
        return Look(
            net=self.net,
            signals=found.signals,
            grads=found.sites,
            weights={name: weight.detach() for name, weight in weights.items()},
            weight_grads={name: found.params[at[id(weight)]] for name, weight in weights.items()},
            steps={name: weight.detach() / 2 for name, weight in weights.items()},
        )

    def measured(self) -> dict[str, list[float]]:
        """Every measure's values."""
        return self.taking(self.look())

    def loss_of(self, logits: Tensor) -> Tensor:
        """The batch's mean loss."""
        return F.cross_entropy(logits, self.y)

    def finish(self, stream: Any, after: int) -> Tensor:
        """The loss, from the stream behind so many blocks on."""
        for block in self.net.blocks[after:]:
            stream = block(stream)
        return self.loss_of(self.net.head(self.net.blocks[-1].skip.close(stream)))


def case(seed: int = 0, **settings: Any) -> Case:
    """The network of these settings with a batch of small images."""
    spec = net_spec(**settings)
    net = shaken(built(spec, seed, IMAGE, CLASSES))
    draws = torch.Generator().manual_seed(seed)
    x = torch.randn(BATCH, *IMAGE, generator=draws, dtype=torch.float64)
    net.train()
    return Case(net, spec, x, torch.arange(BATCH) % CLASSES)


def shared(block: Block, stream: Any) -> Any:
    """What branch and shortcut have in common before they part."""
    return stream if block.before is None else block.skip.newest(stream, block.before)


def branch_of(block: Block, read: Tensor) -> Tensor:
    """What a branch gives, its tail included."""
    fx = block.branch(read)
    return fx if block.tail is None else block.tail(fx)  # type: ignore[no-any-return]


def rejoined(block: Block, past: Any, fx: Tensor) -> Any:
    """The stream behind a block."""
    stream = block.skip.write(past, fx)
    return stream if block.after is None else block.skip.newest(stream, block.after)


def opened(net: Net, x: Tensor) -> Any:
    """The stream before the first block."""
    return net.blocks[0].skip.open(net.stem(x))
