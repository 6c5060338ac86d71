"""What is known of a network before it trains."""

from __future__ import annotations

from pydantic import Field

from app.events import Event, Layer, Measured, Number, Point, Underflowed, absent
from app.spec import RunSpec
from models.anatomy import Anatomy


class Memory(Event):
    """Bytes that training would need, by an estimate, and bytes that are free."""

    needed: int
    available: int


class FirstBatch(Event):
    """The first batch before any update: what the frame of step 1 will say.

    ``error`` is absent where the task has none.
    """

    loss: Number
    error: float | None = Field(None, ge=0, le=1, exclude_if=absent)
    measures: dict[str, tuple[Number, ...]]
    underflowed: Underflowed | None = Field(None, exclude_if=absent)


class Description(Event):
    """A network before any training.

    ``measured`` is null where one batch would take too long, and where the data set has still to
    be downloaded: asking downloads nothing.
    """

    spec: RunSpec
    layers: tuple[Layer, ...]
    other_layers: tuple[Layer, ...]
    points: tuple[Point, ...]
    blocks: tuple[Anatomy, ...] = ()
    measures: tuple[Measured, ...]
    params: int
    memory: Memory
    steps_per_epoch: int
    device: str
    measured: FirstBatch | None
