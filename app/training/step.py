"""One training step, and what is kept of it for the next frame."""

from __future__ import annotations

from math import isfinite, nan
from time import perf_counter

from torch import Tensor

from app.events import Frame
from app.spec import RunSpec
from app.training.optim import optimizer
from app.training.probes import Gradients, gradients, norms, rounded, wrong
from app.training.setup import Setup
from app.training.weights import Weights


class Stepper:
    """Takes steps; every ``spec.frame_every`` of them, and at the first and last, makes a frame.

    ``step`` counts the updates done. A step whose loss is not finite makes no update but counts,
    makes a frame, and sets ``diverged``.
    """

    def __init__(self, spec: RunSpec, setup: Setup) -> None:
        self.step = 0
        self.diverged = False
        self._spec = spec
        self._net = setup.net
        self._x, self._y = setup.train
        self._weights = Weights(setup.net)
        self._optimizer = optimizer(spec.optimizer, self._weights)
        self._layers = setup.net.main_path()
        self._losses: list[float] = []
        self._errors: list[float] = []
        self._time = 0.0
        setup.net.train()

    def change(self, values: dict[str, float]) -> None:
        """From the next step on, use these values; keys are ``optimizer.<setting>``."""
        for path, value in values.items():
            self._optimizer.param_groups[0][path.removeprefix("optimizer.")] = value

    def __call__(self, index: Tensor) -> Frame | None:
        """Take one step on the examples at ``index``, (batch,); the frame that is due after it."""
        began = perf_counter()
        step = self.step + 1
        due = step in (1, self._spec.steps) or step % self._spec.frame_every == 0
        index = index.to(self._x.device)
        x, y = self._x[index], self._y[index]
        grads = gradients(self._net, self._weights.params, x, y, flow=due)
        loss = grads.loss.item()
        self._losses.append(loss)
        self._errors.append(int(wrong(grads.logits, y).sum()) / len(y))
        self.diverged = not isfinite(loss)
        if self.diverged and not due:  # the last frame shows the gradients, wherever it falls
            grads = gradients(self._net, self._weights.params, x, y)
        before = self._weights.flat.clone() if due or self.diverged else None
        if not self.diverged:
            self._weights.set_grads(grads.params)
            self._optimizer.step()
        self.step = step
        self._time += perf_counter() - began
        return None if before is None else self._frame(grads, before)

    def _frame(self, grads: Gradients, before: Tensor) -> Frame:
        layers, weights = self._layers, self._weights
        old, change = weights.views(before), weights.views(weights.flat - before)
        measured = norms(
            [
                *grads.outputs,
                *(grads.params[n] for n in layers),
                *(change[n] for n in layers),
                *(old[n] for n in layers),
            ]
        )
        points, count = len(grads.outputs), len(layers)
        flow, by_layer = measured[:points], measured[points:]
        steps, sizes = by_layer[count : 2 * count], by_layer[2 * count :]
        frame = Frame(
            step=self.step,
            loss=rounded(self._losses),
            error=rounded(self._errors),
            flow_norm=rounded(flow),
            grad_norm=rounded(by_layer[:count]),
            update_ratio=rounded([a / b if b else nan for a, b in zip(steps, sizes, strict=True)]),
            lr=self._optimizer.param_groups[0]["lr"],
            time=round(self._time, 6),
        )
        self._losses.clear()
        self._errors.clear()
        return frame
