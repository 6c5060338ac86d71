"""What blocks are made of, piece by piece. No torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One operation that a signal goes through.

    ``kind`` is ``conv``, ``linear``, ``norm``, ``activation``, ``bias`` or ``scale`` (a learned
    number that is added, or that multiplies), ``tail`` (what a network does to a branch's output),
    ``pad`` or ``average`` (of a shortcut), or another module's own name. ``layer`` is the name that
    a weighted layer has among the network's, behind its block's; ``stride`` divides height and
    width. ``response``: what this piece gives is the response of that layer.
    """

    kind: str
    layer: str | None = None
    stride: int = 1
    response: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """The pieces of all ``blocks`` that are built alike, in the order in which they act.

    ``before`` is what branch and shortcut share; ``tail`` acts on the branch's output, ``shortcut``
    on what passes the branch, ``after`` on what was written. Blocks are named in depth order.
    """

    blocks: tuple[str, ...]
    before: tuple[Piece, ...] = ()
    branch: tuple[Piece, ...] = ()
    tail: tuple[Piece, ...] = ()
    shortcut: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()
