"""What a spec would make, and how it stands before the first update; nothing is trained."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from app.data.loading import ready
from app.events import Event, Layer, Number, Point, absent
from app.spec import RunSpec
from app.training import memory
from app.training.loop import order
from app.training.probes import gradients, norms, rounded
from app.training.setup import Plan, plan, prepare

# Step 0 is measured up to this much work, a third of a second's on one core: multiplications of
# one batch forward, where every layer costs some besides.
MEASURED_UP_TO = 10**9
LAYER_COST = 2 * 10**6


class Memory(Event):
    """Bytes that training would need, by an estimate, and bytes that are free."""

    needed: int
    available: int


class Measured(Event):
    """The first batch before any update: what the frame of step 1 will say.

    ``error`` is absent where the task has none.
    """

    loss: Number
    error: float | None = Field(None, ge=0, le=1, exclude_if=absent)
    flow_norm: tuple[Number, ...]
    grad_norm: tuple[Number, ...]


class Description(Event):
    """The answer to ``describe``. ``measured`` is None where one batch would take too long.

    So it is where the data set has still to be downloaded: asking downloads nothing.
    """

    spec: RunSpec
    layers: tuple[Layer, ...]
    projections: tuple[Layer, ...]
    points: tuple[Point, ...]
    params: int
    memory: Memory
    steps_per_epoch: int
    device: str
    measured: Measured | None


def describe(spec: RunSpec) -> dict[str, Any]:
    """The Description of a spec, as JSON.

    Raises:
        BadField: the network can't be built, does not fit into memory, or has no data.
    """
    layout = plan(spec)
    memory.check(layout.needed, layout.available)
    return Description(
        spec=spec,
        layers=layout.layers,
        projections=layout.projections,
        points=layout.points,
        params=layout.params,
        memory=Memory(needed=layout.needed, available=layout.available),
        steps_per_epoch=layout.steps_per_epoch,
        device=layout.device.type,
        measured=_measured(layout) if _measurable(layout) else None,
    ).model_dump(mode="json")


def _measurable(layout: Plan) -> bool:
    """Whether a batch is at hand, and soon gone through."""
    kept = layout.spec.data.kept(layout.data.train_size)
    return _work(layout) <= MEASURED_UP_TO and ready(layout.data, kept)


def _work(layout: Plan) -> int:
    """The work of one batch forward: each weight meets every pixel of its output."""
    pixels = {
        point.name: point.shape[1] * point.shape[2] if len(point.shape) == 3 else 1
        for point in layout.points
    }
    layers = (*layout.layers, *layout.projections)
    multiplications = sum(layer.params * pixels[layer.block] for layer in layers)
    return layout.spec.batch_size * multiplications + LAYER_COST * len(layers)


def _measured(layout: Plan) -> Measured:
    setup = prepare(layout)
    x, y = setup.train.batch(next(order(layout.spec, len(setup.train))))
    params = list(setup.net.parameters())
    grads = gradients(setup.net, params, x, y, loss=setup.task.loss)
    error = setup.task.error(grads.logits, y)
    return Measured(
        loss=rounded([grads.loss.item()])[0],
        error=None if error is None else rounded([error])[0],
        flow_norm=rounded(norms(grads.outputs)),
        grad_norm=rounded(norms([grads.params[n] for n in setup.net.main_path()])),
    )
