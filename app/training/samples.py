"""A few test examples, asked of a network one by one while it trains."""

from __future__ import annotations

from collections.abc import Callable
from math import nan
from typing import Any

import torch
from torch import Tensor

from app.data.errors import DataError
from app.data.pictures import pictures
from app.data.registry import find
from app.data.samples import choose
from app.events import Predicted
from app.measures.norms import rounded
from app.training.examples import Examples
from app.validation import of_data


class Samples:
    """``count`` examples of a test set, as ``choose`` chooses them."""

    def __init__(self, test: Examples, count: int) -> None:
        places = torch.as_tensor(choose(test.answers.cpu().numpy(), count))
        self._places = tuple(places.tolist())
        self._x, self._y = test[places]

    def asked(self, net: Callable[[Tensor], Tensor], step: int) -> Predicted:
        """What the network answers after ``step`` updates."""
        outputs = net(self._x).double().cpu()
        if self._y.ndim > 1:
            answers = tuple(map(rounded, outputs.tolist()))
            return Predicted(step=step, examples=self._places, outputs=answers)
        return self._classes(outputs, step)

    def _classes(self, logits: Tensor, step: int) -> Predicted:
        known = logits.isfinite().all(1)
        shares = logits.softmax(1).where(known[:, None], nan)
        best, truth = logits.argmax(1), self._y.cpu()
        found = zip(best.tolist(), known.tolist(), strict=True)
        return Predicted(
            step=step,
            examples=self._places,
            truth=tuple(truth.tolist()),
            predicted=tuple(one if is_known else None for one, is_known in found),
            probability=_of(shares, best),
            true_probability=_of(shares, truth),
        )


def _of(shares: Tensor, classes: Tensor) -> tuple[float, ...]:
    """Each example's probability of its class."""
    return rounded(shares.gather(1, classes[:, None])[:, 0].tolist())


def show(data: str, count: int, resize: int | None = None) -> dict[str, Any]:
    """The examples that a run on this data set asks, as ``pictures`` shows them.

    ``resize``: what one's own images are brought to.

    Raises:
        BadField: the data set is not there, or can't be read.
    """
    try:
        return pictures(find(data, resize), count)
    except DataError as error:
        raise of_data(error) from error
