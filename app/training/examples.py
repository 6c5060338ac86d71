"""Examples on the device: kept as the data set has them, scaled where they are gathered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import torch
from torch import Tensor

from app.data.entry import DataEntry
from app.data.loading import load
from app.spec import RunSpec
from app.training.augment import Augment
from models.noise import generator

Batch = tuple[Tensor, Tensor]


class Examples:
    """Inputs, (n, *shape), and their answers, (n,) of int64 or (n, outputs) of float32.

    ``x`` is float32 and already scaled, or bytes that become so by ``(x - mean) / std``, both
    (channels,). ``augment`` is done to batches for training, never to what is evaluated.
    """

    def __init__(
        self,
        x: Tensor,
        y: Tensor,
        scale: tuple[Tensor, Tensor] | None = None,
        augment: Augment | None = None,
    ) -> None:
        self._x, self._y = x, y
        self._scale = scale
        self._augment = augment

    def __len__(self) -> int:
        return len(self._y)

    @property
    def answers(self) -> Tensor:
        """What is to be answered to each."""
        return self._y

    def __getitem__(self, index: Tensor | slice) -> Batch:
        """The examples at these places, as they are."""
        return self._scaled(self._x[index]), self._y[index]

    def batch(self, index: Tensor) -> Batch:
        """The examples at these places, (batch,), to train on: augmented where asked for."""
        index = index.to(self._x.device)
        x = self._x.index_select(0, index)  # copies whole examples, which plain indexing does not
        if self._augment:
            x = self._augment(x)
        return self._scaled(x), self._y[index]

    def first(self, limit: int | None) -> Examples:
        """The first so many (None: all)."""
        return Examples(self._x[:limit], self._y[:limit], self._scale)

    def seen(self, limit: int, draws: torch.Generator) -> Examples:
        """The first so many as training sees them: augmented once, by these draws."""
        x = self._x[:limit]
        if self._augment:
            x = self._augment(x, draws)
        return Examples(x, self._y[:limit], self._scale)

    def spread(self, limit: int | None) -> Spread:
        """So many (None: all), evenly spread: published sets can be easier at their beginning."""
        count = len(self) if limit is None else min(limit, len(self))
        return Spread(self, count)

    def chunks(self, size: int) -> Iterator[Batch]:
        """All examples in about equal parts of at most ``size``, so that none is a single one."""
        yield from self.spread(None).chunks(size)

    def _scaled(self, x: Tensor) -> Tensor:
        if self._scale is None:
            return x
        mean, std = self._scale
        return x.to(torch.float32).sub_(mean[:, None, None]).div_(std[:, None, None])


class Spread:
    """``count`` examples, at least one, evenly spread over some; copied a chunk at a time."""

    def __init__(self, examples: Examples, count: int) -> None:
        self._examples = examples
        self._count = count

    def __len__(self) -> int:
        return self._count

    def chunks(self, size: int) -> Iterator[Batch]:
        """All of them in about equal parts of at most ``size``, so that none is a single one."""
        parts = -(-self._count // size)
        for places in torch.arange(self._count).tensor_split(parts):
            if self._count == len(self._examples):
                yield self._examples[int(places[0]) : int(places[-1]) + 1]
            else:
                yield self._examples[places * len(self._examples) // self._count]


def examples(spec: RunSpec, entry: DataEntry, device: torch.device) -> tuple[Examples, Examples]:
    """What a run trains on and what it is tested on.

    Raises:
        DataError: a file is missing or damaged.
    """
    kept = spec.data.kept(entry.train_size)
    (train_x, train_y), (test_x, test_y), scale = _on(entry, kept, device)
    if spec.data.label_noise:
        draws = generator(spec.seed, "labels")
        train_y = wrong_labels(train_y.cpu(), spec.data.label_noise, entry.classes, draws)
    augment = None
    if spec.data.augment:
        fill = scale[0].round() if scale else train_x.new_zeros(entry.shape[0])
        augment = Augment(entry.pad, entry.flip, fill, generator(spec.seed, "noise"))
    return (
        Examples(train_x, train_y.to(device), scale, augment),
        Examples(test_x, test_y, scale),
    )


def wrong_labels(y: Tensor, share: float, classes: int, draws: torch.Generator) -> Tensor:
    """A copy of ``y`` with exactly this share of its labels replaced, each by another class."""
    count = round(share * len(y))
    places = torch.randperm(len(y), generator=draws)[:count]
    shift = torch.randint(1, classes, (count,), generator=draws)
    y = y.clone()
    y[places] = (y[places] + shift) % classes
    return y


@lru_cache(maxsize=2)  # a warm worker keeps the set it trained on last
def _on(
    entry: DataEntry, kept: int, device: torch.device
) -> tuple[Batch, Batch, tuple[Tensor, Tensor] | None]:
    data = load(entry, kept)

    def tensors(x: object, y: object) -> Batch:
        return torch.as_tensor(x).to(device), torch.as_tensor(y).to(device)

    scale = (
        (torch.tensor(data.mean, device=device), torch.tensor(data.std, device=device))
        if data.mean
        else None
    )
    train = tensors(data.train_x[:kept], data.train_y[:kept])
    return train, tensors(data.test_x, data.test_y), scale
