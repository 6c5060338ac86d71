"""What every skip connection is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from models.layers import Layers
from models.noise import Noise
from models.registry import Choice

Stream = Any  # a tensor; of some skips a list of them, or copies stacked into one


class Live(dict[str, float]):
    """Numbers by name that may change while a network trains; its copies share them, as weights."""

    def __deepcopy__(self, memo: object) -> Live:
        return self


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands, and what it does to the shape of what goes through it.

    ``index`` counts branches from 1 to ``count``. ``inside`` and ``outside`` are the channels or
    features before and after the block; ``stride`` divides height and width. ``held`` is how many
    tensors a list of what was written holds here, if it starts anew where the shape changes.
    ``layers`` makes the network's kind of layer; ``shortcut`` makes what brings a tensor to the
    new shape. ``noise`` is where random numbers come from while it trains.
    """

    index: int
    count: int
    inside: int
    outside: int
    stride: int
    held: int
    layers: Layers = field(compare=False)
    noise: Noise = field(compare=False)
    shortcut: Callable[[], nn.Module] = field(compare=False)

    @property
    def name(self) -> str:
        """The block's name."""
        return f"block{self.index}"

    @property
    def changes(self) -> bool:
        """Whether input and output differ in shape."""
        return self.inside != self.outside or self.stride != 1


class Skip(nn.Module):
    """One block's part of a skip connection; by itself the identity's, without its write.

    A network goes through ``open`` of its first block, then block by block through ``read``,
    the branch, ``reshape`` and ``write``, and at last through ``close`` of its last block.
    ``newest`` is what a family's own layers after the write act on, ``share`` what those before
    the read do, at the first block and where the shape changes.

    ``live`` has what can be changed while it trains: the choice's parameters that are marked so,
    and where the write adds the ``strength`` by which a block multiplies what its shortcut gives.
    """

    def __init__(self, choice: Choice, place: Place) -> None:
        super().__init__()
        self.live = Live(strength=1.0)
        self.shortcut = self.bring(place)

    def bring(self, place: Place) -> nn.Module | None:
        """What reshapes what passes by; None: nothing need be done."""
        return place.shortcut() if place.changes else None

    def open(self, x: Tensor) -> Stream:
        """The stream, of what the stem gives."""
        return x

    def read(self, stream: Stream) -> tuple[Tensor, Stream]:
        """What the branch reads, and what passes it by."""
        return stream, stream

    def reshape(self, past: Stream) -> Stream:
        """What passes the branch, in the shape that the block gives."""
        return past if self.shortcut is None else self.shortcut(past)

    def weigh(self, past: Tensor) -> Tensor:
        """What a shortcut gives, as much as it counts; in full it is not multiplied by 1."""
        strength = self.live["strength"]
        return past if strength == 1 else strength * past

    def write(self, past: Stream, fx: Tensor) -> Stream:
        """The stream with the branch's output ``fx`` in it."""
        raise NotImplementedError

    def without(self, past: Stream, zero: Tensor, act: Callable[[Tensor], Tensor]) -> Stream:
        """The stream where the branch is left out: what passes it alone, and ``act`` after it.

        ``zero`` is a branch's output of zeros; by itself, that is what is written.
        """
        return self.newest(self.write(past, zero), act)

    def newest(self, stream: Stream, act: Callable[[Tensor], Tensor]) -> Stream:
        """The stream after ``act`` on what was written last."""
        return act(stream)

    def share(self, stream: Stream, act: Callable[[Tensor], Tensor]) -> Stream:
        """The stream after ``act`` on what both the branch reads and passes it by."""
        return self.newest(stream, act)

    def scale(self) -> Tensor | None:
        """The learned scale by which the branch is multiplied, where there is one."""
        return None

    def close(self, stream: Stream) -> Tensor:
        """What the head reads."""
        read: Tensor = stream
        return read


class Listed(Skip):
    """A skip whose stream is the list of all that was written; every write adds an entry."""

    def open(self, x: Tensor) -> list[Tensor]:
        return [x]

    def newest(self, stream: list[Tensor], act: Callable[[Tensor], Tensor]) -> list[Tensor]:
        return [*stream[:-1], act(stream[-1])]
