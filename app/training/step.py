"""One training step, and what is kept of it for the next frame."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from time import perf_counter

import torch
from torch import Tensor

from app.events import Frame, NotFinite, not_finite
from app.spec import RunSpec
from app.spec.run import Changeable
from app.training.optim import optimizer
from app.training.probes import Gradients, gradients, norms, rounded
from app.training.setup import Setup
from app.training.weights import Weights


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
        self._layers = setup.net.main_path()
        self._before = torch.empty_like(self._weights.flat)
        self._change = torch.empty_like(self._weights.flat)
        before, change = (self._weights.views(flat) for flat in (self._before, self._change))
        self._sizes = [before[n] for n in self._layers]
        self._steps = [change[n] for n in self._layers]
        self._losses: list[float] = []
        self._errors: list[float] = []
        self._time = 0.0
        setup.net.train()

    def change(self, values: Mapping[Changeable, float]) -> None:
        """From the next step on, use these values; keys are ``optimizer.<setting>``."""
        for path, value in values.items():
            self._optimizer.param_groups[0][path.removeprefix("optimizer.")] = value

    def __call__(self, index: Tensor) -> Frame | None:
        """Take one step on the examples at ``index``, (batch,); the frame that is due after it."""
        began = perf_counter()
        step = self.step + 1
        due = step in (1, self._spec.steps) or step % self._spec.frame_every == 0
        x, y = self._train.batch(index)
        grads = self._gradients(x, y, flow=due)
        loss = grads.loss.item()
        self._losses.append(loss)
        if (error := self._task.error(grads.logits, y)) is not None:
            self._errors.append(error)
        self.became = not_finite(loss)
        if self.became and not due:  # the last frame shows the gradients, wherever it falls
            grads = self._gradients(x, y, flow=True)
        due = due or self.became is not None
        if due:
            self._before.copy_(self._weights.flat)
        if self.became is None:
            self._weights.set_grads(grads.params)
            self._optimizer.step()
        self.step = step
        self._time += perf_counter() - began
        return self._frame(grads) if due else None

    def _gradients(self, x: Tensor, y: Tensor, *, flow: bool) -> Gradients:
        return gradients(self._net, self._weights.params, x, y, flow=flow, loss=self._task.loss)

    def _frame(self, grads: Gradients) -> Frame:
        torch.sub(self._weights.flat, self._before, out=self._change)
        flow = norms(grads.outputs)
        weight_grads = norms([grads.params[n] for n in self._layers])
        steps, sizes = norms(self._steps), norms(self._sizes)
        frame = Frame(
            step=self.step,
            loss=rounded(self._losses),
            error=rounded(self._errors) if self._task.wrong else None,
            flow_norm=rounded(flow),
            grad_norm=rounded(weight_grads),
            update_ratio=rounded([a / b if b else nan for a, b in zip(steps, sizes, strict=True)]),
            lr=self._optimizer.param_groups[0]["lr"],
            time=round(self._time, 6),
        )
        self._losses.clear()
        self._errors.clear()
        return frame
