"""The same networks and training as plain PyTorch: what Depthscope is held against.

Written from the papers and PyTorch's documentation, sharing no code with ``app`` or ``models``
but the data set: the CIFAR 6n+2 net of He et al. 2015 (arXiv:1512.03385, section 4.2) with
shortcuts of option A, and a perceptron of two-layer blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from app.data.registry import DATASETS

Examples = tuple[Tensor, Tensor]


class ConvBlock(nn.Module):
    """Two 3x3 convolutions, each with batch normalisation."""

    def __init__(self, inside: int, outside: int, stride: int, residual: bool) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outside)
        self.residual = residual
        self.stride = stride
        self.extra = outside - inside

    def forward(self, x: Tensor) -> Tensor:
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.residual:
            if self.stride > 1 or self.extra:
                x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.extra))
            out = out + x
        return F.relu(out)


class ConvNet(nn.Module):
    """Depth 6n+2 on images of one channel."""

    def __init__(self, depth: int, width: int, residual: bool, classes: int = 10) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, width, 3, 1, 1, bias=False)
        self.bn = nn.BatchNorm2d(width)
        blocks = []
        inside = width
        for stage in range(3):
            for number in range((depth - 2) // 6):
                outside = width * 2**stage
                stride = 2 if stage and not number else 1
                blocks.append(ConvBlock(inside, outside, stride, residual))
                inside = outside
        self.blocks = nn.Sequential(*blocks)
        self.fc = nn.Linear(inside, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(F.relu(self.bn(self.conv(x))))
        return self.fc(x.mean((2, 3)))  # type: ignore[no-any-return]


class DenseBlock(nn.Module):
    """Two linear layers, each with batch normalisation."""

    def __init__(self, width: int, residual: bool) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, width, bias=False)
        self.bn1 = nn.BatchNorm1d(width)
        self.fc2 = nn.Linear(width, width, bias=False)
        self.bn2 = nn.BatchNorm1d(width)
        self.residual = residual

    def forward(self, x: Tensor) -> Tensor:
        out = self.bn2(self.fc2(F.relu(self.bn1(self.fc1(x)))))
        return F.relu(out + x if self.residual else out)


class MLP(nn.Module):
    """A stem, (depth - 2) / 2 blocks, a head."""

    def __init__(self, depth: int, width: int, residual: bool, features: int = 64) -> None:
        super().__init__()
        self.stem = nn.Linear(features, width, bias=False)
        self.bn = nn.BatchNorm1d(width)
        count = (depth - 2) // 2
        self.blocks = nn.Sequential(*(DenseBlock(width, residual) for _ in range(count)))
        self.head = nn.Linear(width, 10)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.blocks(F.relu(self.bn(self.stem(x.flatten(1))))))  # type: ignore[no-any-return]


def digits() -> tuple[Examples, Examples]:
    """The training and the test set, as tensors."""
    data = DATASETS["digits"].load()
    return (
        (torch.from_numpy(data.train_x), torch.from_numpy(data.train_y)),
        (torch.from_numpy(data.test_x), torch.from_numpy(data.test_y)),
    )


def steps(net: nn.Module, train: Examples, lr: float, batch: int = 64) -> Iterator[float]:
    """Take a step at each ``next``, and give its loss."""
    inputs, labels = train
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9, weight_decay=1e-4)
    net.train()
    while True:
        order = torch.randperm(len(labels))
        for start in range(0, len(labels) - batch + 1, batch):
            index = order[start : start + batch]
            loss = F.cross_entropy(net(inputs[index]), labels[index])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            yield loss.item()


def evaluate(net: nn.Module, train: Examples, test: Examples) -> dict[str, float]:
    """Errors and losses on both sets, after batch-norm statistics were estimated anew."""
    copy = deepcopy(net)
    norms = [m for m in copy.modules() if isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a plain mean over the batches that follow
    measured: dict[str, float] = {}
    with torch.no_grad():
        copy.train()
        for chunk in torch.split(train[0][:1024], 256):
            copy(chunk)
        copy.eval()
        for name, (inputs, labels) in {"train": train, "test": test}.items():
            logits = torch.cat([copy(chunk) for chunk in torch.split(inputs, 256)])
            measured[f"{name}_error"] = (logits.argmax(1) != labels).float().mean().item()
            measured[f"{name}_loss"] = F.cross_entropy(logits, labels).item()
    return measured


def script(run: dict[str, Any]) -> dict[str, float]:
    """One whole run: train and evaluate at step 0 and at the end."""
    torch.manual_seed(run["seed"])
    train, test = digits()
    net = ConvNet(run["depth"], run["width"], run["residual"])
    evaluate(net, train, test)
    training = steps(net, train, run["lr"])
    for _ in range(run["steps"]):
        next(training)
    return evaluate(net, train, test)


def prepare() -> None:
    """For a fresh process: everything loaded, one thread, as the workers have it."""
    torch.set_num_threads(1)
    script({"seed": 0, "depth": 8, "width": 8, "residual": True, "lr": 0.05, "steps": 2})
