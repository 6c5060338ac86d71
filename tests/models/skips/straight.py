"""Networks of every skip once more, written out from the formulas: no module of ``models``.

They have no normalisation, ReLU after the first layer and after each block, and blocks of two
layers. ``weights`` are a network's parameters by their names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

Weights = Mapping[str, Tensor]


def layer(weights: Weights, name: str, x: Tensor, stride: int = 1) -> Tensor:
    """A linear map, or a convolution of images."""
    weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    if weight.dim() == 2:
        return x @ weight.T + bias
    return F.conv2d(x, weight, bias, stride, padding=weight.shape[-1] // 2)


class Block:
    """The pieces of block ``index`` of ``count``: F, and what the shortcut does."""

    def __init__(self, weights: Weights, index: int, count: int, stride: int, wider: int) -> None:
        self.name = f"block{index}"
        self.weights, self.index, self.count = weights, index, count
        self.stride, self.wider = stride, wider

    def own(self, name: str) -> Tensor:
        """A parameter of the skip."""
        return self.weights[f"{self.name}.skip.{name}"]

    def branch(self, x: Tensor) -> Tensor:
        hidden = layer(self.weights, f"{self.name}.branch.layer1", x, self.stride).clamp(min=0)
        return layer(self.weights, f"{self.name}.branch.layer2", hidden)

    def shortcut(self, x: Tensor) -> Tensor:
        if self.stride == 1 and self.wider == 1:
            return x
        learned = f"{self.name}.skip.shortcut.projection.layer"
        if f"{learned}.weight" in self.weights:
            return layer(self.weights, learned, x, self.stride)
        x = x[:, :, 0 :: self.stride, 0 :: self.stride]
        return torch.cat([x, *[torch.zeros_like(x)] * (self.wider - 1)], 1)

    def gate(self, x: Tensor) -> Tensor:
        return 1 / (1 + torch.exp(-layer(self.weights, f"{self.name}.skip.gate", x)))

    def channels(self, values: Tensor, like: Tensor) -> Tensor:
        return values.reshape(1, -1, *[1] * (like.dim() - 2))


def additive(block: Block, x: Tensor, join: Callable[[Block, Tensor, Tensor], Tensor]) -> Tensor:
    return join(block, block.shortcut(x), block.branch(x)).clamp(min=0)


def _exclusive(block: Block, x: Tensor, fx: Tensor) -> Tensor:
    g = block.gate(x)
    return (1 - g) * x + g * fx


JOINS: dict[str, Callable[[Block, Tensor, Tensor], Tensor]] = {
    "none": lambda block, x, fx: fx,
    "identity": lambda block, x, fx: x + fx,
    "scaled": lambda block, x, fx: 0.5 * x + fx / block.count**0.5,
    "exclusive-gate": _exclusive,
    "shortcut-gate": lambda block, x, fx: (1 - block.gate(x)) * x + fx,
    "dropout": lambda block, x, fx: x + fx,  # in evaluation
    "highway": _exclusive,
    "rezero": lambda block, x, fx: x + block.own("alpha") * fx,
    "skipinit": lambda block, x, fx: x + block.own("alpha") * fx,
    "layerscale": lambda block, x, fx: x + block.channels(block.own("scales"), fx) * fx,
}


def concat(blocks: list[Block], x: Tensor) -> Tensor:
    for block in blocks:
        new = block.branch(x).clamp(min=0)
        if block.stride == 2:
            rows, columns = range(0, x.shape[2], 2), range(0, x.shape[3], 2)
            x = torch.stack(
                [
                    torch.stack([x[:, :, i : i + 2, j : j + 2].mean((2, 3)) for j in columns], 2)
                    for i in rows
                ],
                2,
            )
        x = torch.cat([x, new], 1)
    return x


def dense_average(blocks: list[Block], x: Tensor) -> Tensor:
    def average(a: Tensor) -> Tensor:
        return sum((a[j] * past[j] for j in range(len(past))), torch.zeros_like(past[0]))

    past = [x]
    for block in blocks:
        h = average(block.own("weights")) if len(past) > 1 else past[0]
        shortcut = block.shortcut(h)
        if shortcut is not h:
            past = [shortcut]
        past.append((shortcut + block.branch(h)).clamp(min=0))
    return average(blocks[-1].own("closing"))


def attention(blocks: list[Block], x: Tensor) -> Tensor:
    def attend(w: Tensor) -> Tensor:
        scores = []
        for v in past:
            size = ((v**2).mean(1, keepdim=True) + 1e-6) ** 0.5
            scores.append((channels(w, v) * v / size).sum(1, keepdim=True).exp())
        total = sum(scores, torch.zeros_like(scores[0]))
        return sum((s * v / total for s, v in zip(scores, past, strict=True)), torch.zeros_like(v))

    channels, past = blocks[0].channels, [x]
    for block in blocks:
        h = attend(block.own("query")) if len(past) > 1 else past[0]
        shortcut = block.shortcut(h)
        if shortcut is not h:
            past = [shortcut]
        past.append(block.branch(h).clamp(min=0))
    return attend(blocks[-1].own("closing"))


def _of_each(weights: Tensor, like: Tensor) -> Tensor:
    """One weight an example, (batch,), beside what it multiplies."""
    return weights.reshape(-1, *[1] * (like.dim() - 1))


def _copied(
    mix: Callable[[Block, list[Tensor]], tuple[Tensor, Tensor, Tensor]],
    blocks: list[Block],
    x: Tensor,
) -> Tensor:
    """``mix`` gives (batch, n), (batch, n, n) by where to and where from, and (batch, n)."""
    copies = [x] * 4
    for block in blocks:
        means = [c.mean((2, 3)) if c.dim() == 4 else c for c in copies]
        reads, mixes, writes = mix(block, means)
        read = (_of_each(reads[:, i], x) * copies[i] for i in range(4))
        fx = block.branch(sum(read, torch.zeros_like(copies[0])))
        past = [block.shortcut(c) for c in copies]
        copies = [
            (
                sum(_of_each(mixes[:, to, i], x) * past[i] for i in range(4))
                + _of_each(writes[:, to], x) * fx
            ).clamp(min=0)
            for to in range(4)
        ]
    return sum(copies, torch.zeros_like(copies[0])) / 4


def _hyper(block: Block, copies: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    static, w, scale = block.own("static"), block.own("dynamic"), block.own("small")
    rows = []  # by copy, how much it is read, goes to each copy, and is written to
    for i, x in enumerate(copies):
        centred = x - x.mean(1, keepdim=True)
        normed = centred / ((centred**2).mean(1, keepdim=True) + 1e-5) ** 0.5
        moved = torch.tanh(normed @ w)
        rows.append(
            torch.cat([static[i, :-1] + scale[0] * moved[:, :-1],
                       static[i, -1:] + scale[1] * moved[:, -1:]], 1)
        )  # fmt: skip
    table = torch.stack(rows, 1)
    return table[:, :, 0], table[:, :, 1:5].transpose(1, 2), table[:, :, 5]


def _mhc(block: Block, copies: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    w, b, a = block.own("weight"), block.own("bias"), block.own("small")
    x = torch.cat(copies, 1)
    moved = x / ((x**2).mean(1, keepdim=True) + 1e-6) ** 0.5 @ w
    reads, writes = a[0] * moved[:, :4] + b[:4], a[1] * moved[:, 4:8] + b[4:8]
    mixes = torch.exp(a[2] * moved[:, 8:] + b[8:]).reshape(-1, 4, 4)
    for _ in range(20):
        mixes = mixes / mixes.sum(1, keepdim=True)
        mixes = mixes / mixes.sum(2, keepdim=True)
    return 1 / (1 + torch.exp(-reads)), mixes, 2 / (1 + torch.exp(-writes))


LISTED: dict[str, Callable[[list[Block], Tensor], Tensor]] = {
    "concat": concat,
    "dense-average": dense_average,
    "attention": attention,
    "hyper": partial(_copied, _hyper),
    "mhc": partial(_copied, _mhc),
}


def logits(skip: str, weights: Weights, x: Tensor) -> Tensor:
    """What the network answers; of images blocks 3 and 5 of 6 halve and double."""
    images = weights["stem.layer.weight"].dim() == 4
    count = 6
    changes = (3, 5) if images else ()
    blocks = [
        Block(weights, n, count, *((2, 2) if n in changes else (1, 1))) for n in range(1, count + 1)
    ]
    x = layer(weights, "stem.layer", x if images else x.flatten(1)).clamp(min=0)
    if skip in JOINS:
        for block in blocks:
            x = additive(block, x, JOINS[skip])
    else:
        x = LISTED[skip](blocks, x)
    return layer(weights, "head.layer", x.mean((2, 3)) if images else x)
