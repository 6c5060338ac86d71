"""A network: a stem, blocks in depth order, a head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn

from models.branches.branch import Branch, Parts
from models.layers import Weighted
from models.noise import Noise
from models.sites import Sites
from models.skips.skip import Live, Place, Skip, Stream


class Part(nn.Module):
    """A named part of a network, whose output is a site."""

    kind: Literal["stem", "block", "head"]

    def __init__(self, name: str, sites: Sites) -> None:
        super().__init__()
        self.name = name
        self.sites = sites

    def site(self, kind: str, x: Tensor) -> Tensor:
        """A named place in this part: see ``Sites``."""
        return self.sites(self.name, kind, x)


class Stem(Part):
    """The first weighted layer, and the norm and activation that follow it."""

    kind = "stem"

    def __init__(self, sites: Sites, layer: Weighted, then: Parts) -> None:
        super().__init__("stem", sites)
        self.layer = layer
        self.then = then
        self.flatten = isinstance(layer, nn.Linear)

    def forward(self, x: Tensor) -> Tensor:
        # With its channels last, an image goes through convolutions faster.
        x = x.flatten(1) if self.flatten else x.contiguous(memory_format=torch.channels_last)
        x = self.layer(x)
        return self.site("out", self.then(x))


class Block(Part):
    """A branch, and the skip that decides what it reads and where its output is written.

    ``before`` is shared by branch and shortcut, ``tail`` acts on the branch's output, and ``after``
    on what was written.

    Its sites: ``branch`` is what the branch reads and ``written`` what it gives; where the skip
    ``adds``, ``shortcut`` is what the shortcut reads and ``kept`` what it gives, as much as it
    counts.
    ``out`` is the end.
    """

    kind = "block"

    def __init__(
        self,
        sites: Sites,
        place: Place,
        skip: Skip,
        branch: Branch,
        *,
        adds: bool,
        before: nn.Module | None = None,
        tail: nn.Module | None = None,
        after: nn.Module | None = None,
    ) -> None:
        super().__init__(place.name, sites)
        self.place = place
        self.adds = adds
        self.before = before
        self.branch = branch
        self.tail = tail
        self.skip = skip
        self.after = after

    def forward(self, stream: Stream) -> Stream:
        skip = self.skip
        if self.before is not None:
            stream = skip.share(stream, self.before)
        read, past = skip.read(stream)
        fx = self.branch(self.sites.fork(self.name, "branch", read))
        fx = self.site("written", fx if self.tail is None else self.tail(fx))
        if self.adds:
            past = skip.reshape(self.sites.fork(self.name, "shortcut", past))
            past = self.site("kept", skip.weigh(past))
        else:
            past = skip.reshape(past)
        return skip.newest(skip.write(past, fx), self._finish)

    def bypass(self, stream: Stream) -> Stream:
        """What the block gives without its branch."""
        if self.before is not None:
            stream = self.skip.share(stream, self.before)
        read, past = self.skip.read(stream)
        pixels = (-(-pixel // self.place.stride) for pixel in read.shape[2:])
        zero = read.new_zeros(len(read), self.place.outside, *pixels)
        return self.skip.without(self.skip.reshape(past), zero, self._finish)

    def _finish(self, x: Tensor) -> Tensor:
        return self.site("out", x if self.after is None else self.after(x))


class Head(Part):
    """What comes before the classifier, global average pooling of images, and the classifier."""

    kind = "head"

    def __init__(self, sites: Sites, layer: nn.Linear, end: Parts | None, *, pool: bool) -> None:
        super().__init__("head", sites)
        self.end = end
        self.pool = pool
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        x = x if self.end is None else self.end(x)
        x = self.site("response", self.layer(x.mean((2, 3)) if self.pool else x))
        return self.site("out", x)


class Net(nn.Module):
    """The parts ``stem``, ``block1`` to ``blockN`` and ``head``.

    Input is (batch, *``example``); output is (batch, classes) of logits. ``shapes`` are one
    example's at the output of every part.
    """

    stem: Stem
    head: Head

    def __init__(
        self,
        example: tuple[int, ...],
        sites: Sites,
        noise: Noise,
        stem: Stem,
        blocks: Sequence[Block],
        head: Head,
        shapes: Sequence[tuple[int, ...]],
    ) -> None:
        super().__init__()
        self.example = example
        self.sites = sites
        self.noise = noise
        self.shapes = tuple(shapes)
        for part in (stem, *blocks, head):
            self.add_module(part.name, part)
        self.blocks = list(blocks)  # in depth order; registered above

    @property
    def parts(self) -> list[Part]:
        """All parts in depth order."""
        return [self.stem, *self.blocks, self.head]

    def change(self, path: str, value: float) -> None:
        """From now on a live setting of its spec has this value: ``skip.rate``.

        ``skip.strength`` is every block's, ``skip.strength.block3`` one's.
        """
        choice, name, *only = path.split(".")
        for block in self.blocks:
            if not only or block.name in only:
                live: Live = getattr(block, choice).live
                assert name in live, path
                live[name] = value

    def forward(self, x: Tensor) -> Tensor:
        stream = self.blocks[0].skip.open(self.stem(x))
        for block in self.blocks:
            stream = block(stream)
        logits: Tensor = self.head(self.blocks[-1].skip.close(stream))
        return logits
