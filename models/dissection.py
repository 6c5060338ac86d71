"""The pieces that a network's blocks are made of, read off their modules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from torch import nn

from models.anatomy import Anatomy, Piece
from models.branches import PLACEMENTS
from models.layers import Weighted
from models.net import Block, Net
from models.norms import NORMS
from models.shortcuts.shortcuts import Pad
from models.sites import Site
from models.skips.concat import Concat
from models.spec import NetSpec

KINDS = {"norm": "norm", "act": "activation", "bias": "bias", "scale": "scale"}  # by a part's name


def anatomies(net: Net, spec: NetSpec) -> tuple[Anatomy, ...]:
    """What the blocks of ``net``, a network of ``spec``, are made of: those alike are told once.

    They come in the order of their first blocks.
    """
    alike: dict[Anatomy, list[str]] = {}
    for block in net.blocks:
        alike.setdefault(_anatomy(block, spec), []).append(block.name)
    return tuple(replace(one, blocks=tuple(names)) for one, names in alike.items())


def _anatomy(block: Block, spec: NetSpec) -> Anatomy:
    placement = PLACEMENTS[spec.placement.name]
    return Anatomy(
        blocks=(),
        before=() if block.before is None else _between(placement.before, spec),
        branch=tuple(_sequence(block.branch)),
        tail=() if block.tail is None else (Piece(kind="tail"),),
        shortcut=tuple(_shortcut(block)),
        after=() if block.after is None else _between(placement.after, spec),
    )


def _between(order: str, spec: NetSpec) -> tuple[Piece, ...]:
    normed = bool(NORMS[spec.norm.name].code)
    kinds = {"n": "norm", "a": "activation"}
    return tuple(Piece(kind=kinds[one]) for one in order if one == "a" or normed)


def _sequence(parts: nn.Module, layer: str | None = None) -> Iterator[Piece]:
    """The pieces of modules one after another; ``layer`` is what a weighted one is called."""
    last: Piece | None = None
    for name, module in parts.named_children():
        if isinstance(module, Site):  # which marks what comes before it
            assert last is not None
            last = replace(last, response=module.part.rpartition(".")[2])
            continue
        if last is not None:
            yield last
        last = _piece(module, name, layer)
    if last is not None:
        yield last


def _piece(module: nn.Module, name: str, layer: str | None) -> Piece:
    if isinstance(module, nn.Conv2d):
        return Piece(kind="conv", layer=layer or name, stride=module.stride[0])
    if isinstance(module, Weighted):
        return Piece(kind="linear", layer=layer or name)
    return Piece(kind=KINDS.get(name.rstrip("0123456789"), type(module).__name__))


def _shortcut(block: Block) -> Iterator[Piece]:
    if isinstance(block.skip, Concat):
        if block.skip.stride > 1:
            yield Piece(kind="average", stride=block.skip.stride)
        return
    match block.skip.shortcut:
        case Pad() as pad:
            yield Piece(kind="pad", stride=pad.stride)
        case nn.Module() as module:
            made = module if isinstance(module, nn.Sequential) else next(module.children(), module)
            yield from _sequence(made, "shortcut")
