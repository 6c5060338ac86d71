"""What a spec would make, and how it stands before the first update; nothing is trained."""

from __future__ import annotations

from typing import Any

from app.data.loading import ready
from app.description import Description, FirstBatch, Memory
from app.measures.look import Look
from app.measures.norms import rounded
from app.measures.taking import Taking
from app.spec import RunSpec
from app.training import memory
from app.training.device import one_thread
from app.training.loop import order
from app.training.probes import gradients
from app.training.setup import Plan, plan, prepare
from app.training.underflow import Underflow
from models import outline

# Step 0 is measured up to this much work, a third of a second's on one core: multiplications of
# one batch forward, where every layer costs some besides, and so does each number that is kept:
# a block may read all that was written before it, or copies.
MEASURED_UP_TO = 10**9
LAYER_COST = 2 * 10**6
NUMBER_COST = 5


def describe(spec: RunSpec) -> dict[str, Any]:
    """The Description of a spec, as JSON.

    Raises:
        BadField: the network can't be built, does not fit into memory, or has no data.
    """
    layout = plan(spec)
    memory.check(layout.need, layout.available)
    with one_thread():
        measured = _measured(layout) if _measurable(layout) else None
    return Description(
        spec=spec,
        layers=layout.layers,
        other_layers=layout.other_layers,
        points=layout.points,
        blocks=layout.blocks,
        measures=layout.measures,
        params=layout.params,
        memory=Memory(needed=layout.need.total, available=layout.available),
        steps_per_epoch=layout.steps_per_epoch,
        device=layout.device.type,
        measured=measured,
    ).model_dump(mode="json")


def _measurable(layout: Plan) -> bool:
    """Whether a batch is at hand, and soon gone through."""
    kept = layout.spec.data.kept(layout.data.train_size)
    return _work(layout) <= MEASURED_UP_TO and ready(layout.data, kept)


def _work(layout: Plan) -> int:
    """The work of one batch forward."""
    layers = len(layout.layers) + len(layout.other_layers)
    numbers = layout.need.total // memory.FLOAT
    return multiplications(layout) + LAYER_COST * layers + NUMBER_COST * numbers


def multiplications(layout: Plan) -> int:
    """Of one batch forward: each weight meets every pixel of its output.

    Squeeze-and-excitation has squeezed them into one.
    """
    pixels = {
        point.name: point.shape[1] * point.shape[2] if len(point.shape) == 3 else 1
        for point in layout.points
    }
    return layout.spec.batch_size * sum(
        layer.params * (1 if layer.kind == "excitation" else pixels[layer.block])
        for layer in (*layout.layers, *layout.other_layers)
    )


def _measured(layout: Plan) -> FirstBatch:
    setup = prepare(layout)
    x, y = setup.train.batch(next(order(layout.spec, len(setup.train))))
    net = setup.net
    net.noise.step = 1
    params = list(net.parameters())
    taking = Taking(layout.spec.measures, layout.spec.net, net)
    grads = gradients(net, params, x, y, sites=taking.sites, loss=setup.task.loss)
    error = setup.task.error(grads.logits, y)
    main = {
        layer.name: n for layer, n in zip(outline.layers(net), outline.main_path(net), strict=False)
    }
    values = taking(
        Look(
            net=net,
            signals=grads.signals,
            grads=grads.sites,
            weights={name: params[n].detach() for name, n in main.items()},
            weight_grads={name: grads.params[n] for name, n in main.items()},
        ),
        updated=False,
    )
    look = Underflow(net, setup.task.loss, taking.all)
    return FirstBatch(
        loss=rounded([grads.loss.item()])[0],
        error=None if error is None else rounded([error])[0],
        measures={name: rounded(each) for name, each in values.items()},
        underflowed=look(params, (x, y), grads, values),
    )
