"""One training step, and what is kept of it for the next frame."""

from __future__ import annotations

from collections.abc import Collection
from time import perf_counter

import torch
from torch import Tensor

from app.events import Frame, NotFinite, not_finite
from app.measures.look import Look
from app.measures.norms import rounded
from app.measures.taking import Taking
from app.spec import RunSpec
from app.spec.changes import Values, in_order
from app.training.examples import Batch
from app.training.optim import optimizer
from app.training.probes import Gradients, gradients
from app.training.setup import Setup
from app.training.underflow import Underflow
from app.training.weights import Weights
from models.outline import layers, main_path


class Stepper:
    """Takes steps; every ``spec.frame_every`` of them, and at the first and last, makes a frame.

    ``step`` counts the updates done. A step whose loss is not finite makes no update but counts,
    makes a frame, and says in ``became`` what the loss was.
    """

    def __init__(self, spec: RunSpec, setup: Setup) -> None:
        self.step = 0
        self.became: NotFinite | None = None
        self._spec = spec
        self._net = setup.net
        self._task = setup.task
        self._train = setup.train
        self._weights = Weights(setup.net)
        self._optimizer = optimizer(spec.optimizer, self._weights)
        self._layers = {
            layer.name: n for layer, n in zip(layers(setup.net), main_path(setup.net), strict=False)
        }
        self._taking = Taking(spec.measures, spec.net, setup.net)
        self._before = torch.empty_like(self._weights.flat)
        self._change = torch.empty_like(self._weights.flat)
        before, change = (self._weights.views(flat) for flat in (self._before, self._change))
        self._sizes = {name: before[n] for name, n in self._layers.items()}
        self._steps = {name: change[n] for name, n in self._layers.items()}
        self._params_before = before
        self._underflow = Underflow(setup.net, setup.task.loss, self._taking.all)
        self._losses: list[float] = []
        self._errors: list[float] = []
        self._time = 0.0
        setup.net.train()

    def change(self, values: Values) -> None:
        """From the next step on, use these values."""
        for path, value in in_order(values):
            part, _, setting = path.partition(".")
            if part == "optimizer":
                self._optimizer.param_groups[0][setting] = value
            else:
                self._net.change(setting, value)

    def __call__(self, index: Tensor) -> Frame | None:
        """Take one step on the examples at ``index``, (batch,); the frame that is due after it."""
        began = perf_counter()
        step = self.step + 1
        due = step in (1, self._spec.steps) or step % self._spec.frame_every == 0
        x, y = self._train.batch(index)
        self._net.noise.step = step
        grads = self._gradients(x, y, sites=self._taking.sites if due else ())
        loss = grads.loss.item()
        self._losses.append(loss)
        if (error := self._task.error(grads.logits, y)) is not None:
            self._errors.append(error)
        self.became = not_finite(loss)
        if self.became and not due:  # the last frame shows the gradients, wherever it falls
            grads = self._gradients(x, y, sites=self._taking.sites)
        due = due or self.became is not None
        if due:
            self._before.copy_(self._weights.flat)
        if self.became is None:
            self._weights.set_grads(grads.params)
            self._optimizer.step()
        self.step = step
        self._time += perf_counter() - began
        return self._frame(grads, (x, y)) if due else None

    def _gradients(self, x: Tensor, y: Tensor, *, sites: Collection[str]) -> Gradients:
        return gradients(self._net, self._weights.params, x, y, sites=sites, loss=self._task.loss)

    def _frame(self, grads: Gradients, batch: Batch) -> Frame:
        torch.sub(self._weights.flat, self._before, out=self._change)
        values = self._taking(
            Look(
                net=self._net,
                signals=grads.signals,
                grads=grads.sites,
                weights=self._sizes,
                weight_grads={name: grads.params[n] for name, n in self._layers.items()},
                steps=self._steps,
            )
        )
        frame = Frame(
            step=self.step,
            loss=rounded(self._losses),
            error=rounded(self._errors) if self._task.wrong else None,
            measures={name: rounded(each) for name, each in values.items()},
            underflowed=self._underflow(self._params_before, batch, grads, values),
            lr=self._optimizer.param_groups[0]["lr"],
            time=round(self._time, 6),
        )
        self._losses.clear()
        self._errors.clear()
        return frame
