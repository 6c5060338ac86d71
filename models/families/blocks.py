"""What the families of stacked blocks have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from torch import nn

from models.branches import BRANCHES, PLACEMENTS
from models.branches.branch import Parts, between, follow
from models.layers import Layers
from models.net import Block, Head, Net, Stem
from models.noise import Noise
from models.sites import Sites
from models.skips import SKIPS
from models.skips.skip import Place
from models.spec import NetSpec
from models.tails import TAILS


@dataclass(frozen=True, slots=True)
class Step:
    """One block to be: its output's channels or features, its stride, and one example's shape."""

    outside: int
    stride: int
    shape: tuple[int, ...]


def stack(
    spec: NetSpec,
    layers: Layers,
    example: tuple[int, ...],
    steps: Sequence[Step],
    classes: int,
    shortcut: Callable[[int, int, int], nn.Module],
) -> Net:
    """A stem that reads one ``example``'s channels or features, blocks by ``steps``, and a head.

    ``shortcut(inside, outside, stride)`` makes what a shortcut does where the shape changes. The
    stem has ``spec.width`` channels and the stride 1.
    """
    sites, noise = Sites(), Noise()
    features = example[0] if layers.images else prod(example)
    entry, branch = SKIPS[spec.skip.name], BRANCHES[spec.branch.name]
    tail = TAILS[spec.tail.name]
    placement = PLACEMENTS[spec.placement.name]
    stem = Stem(
        sites,
        layers.weighted(features, spec.width),
        follow(placement.stem, spec.width, layers, sites),
    )
    blocks = []
    inside = written = spec.width  # the channels of the newest entry, and of all there are
    held = 1
    for index, step in enumerate(steps, 1):

        def bring(inside: int = inside, step: Step = step) -> nn.Module:
            return shortcut(inside, step.outside, step.stride)

        place = Place(
            index, len(steps), inside, step.outside, step.stride, held, layers, noise, bring
        )
        reads = written if entry.concatenates else inside
        shared = entry.shares and bool(placement.before) and (index == 1 or place.changes)
        blocks.append(
            Block(
                sites,
                place,
                entry.load()(spec.skip, place),
                branch.load()(sites, branch, placement, place, reads, shared=shared),
                adds=entry.adds,
                tail=tail.load()(spec.tail, place) if tail.code else None,
                before=between(placement.before, inside, layers) if shared else None,
                after=between(placement.after, step.outside, layers),
            )
        )
        inside = step.outside
        written += inside
        held = (1 if place.changes else held) + 1
    reads = written if entry.concatenates else inside
    end = Parts()
    for part in placement.end:
        end.put_between(part, "", reads, layers)
    end.put("bias", layers.scalar_bias())
    head = Head(sites, nn.Linear(reads, classes), end if len(end) else None, pool=layers.images)
    shapes = [(spec.width, *steps[0].shape[1:]), *(step.shape for step in steps), (classes,)]
    return Net(example, sites, noise, stem, blocks, head, shapes)
