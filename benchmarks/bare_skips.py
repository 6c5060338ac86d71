"""Other skips as plain PyTorch, each in the CIFAR 6n+2 net of ``bare.py`` and in its paper's words.

Sharing no code with ``app`` or ``models``. Where the size changes, what goes past a block is padded
(option A), a list's entries are averaged.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def shrunk(x: Tensor, stride: int, extra: int) -> Tensor:
    """Shortcut A: every ``stride``-th pixel, and so many channels of zeros more."""
    if stride == 1 and not extra:
        return x
    return F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, 0, extra))


class Branch(nn.Module):
    """conv-BN-ReLU-conv-BN."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outside)

    def forward(self, x: Tensor) -> Tensor:
        return self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))  # type: ignore[no-any-return]


class Block(nn.Module):
    """A branch, and what its shortcut needs to know."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.extra = outside - inside
        self.branch = Branch(inside, outside, stride)


class ReZero(Block):
    """x + alpha F(x). Bachlechner et al. 2020 (arXiv:2003.04887)."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__(inside, outside, stride)
        self.alpha = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(shrunk(x, self.stride, self.extra) + self.alpha * self.branch(x))


class Highway(Block):
    """T F(x) + (1 - T) x. Srivastava et al. 2015 (arXiv:1505.00387)."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__(inside, outside, stride)
        self.gate = nn.Conv2d(outside, outside, 3, padding=1)
        nn.init.constant_(self.gate.bias, -2)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        past = shrunk(x, self.stride, self.extra)
        open_ = torch.sigmoid(self.gate(past))
        return F.relu(open_ * self.branch(x) + (1 - open_) * past)


class PreActivation(nn.Module):
    """x + F(x), F BN-ReLU-conv twice. He et al. 2016 (arXiv:1603.05027), figure 4(e).

    At the ends of the stages the shortcut, too, begins behind the first BN-ReLU.
    """

    def __init__(self, inside: int, outside: int, stride: int, shared: bool) -> None:
        super().__init__()
        self.stride = stride
        self.extra = outside - inside
        self.shared = shared
        self.bn1 = nn.BatchNorm2d(inside)
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        ready = F.relu(self.bn1(x))
        past = shrunk(ready if self.shared else x, self.stride, self.extra)
        return past + self.conv2(F.relu(self.bn2(self.conv1(ready))))  # type: ignore[no-any-return]


class Hyper(Block):
    """n copies, read, mixed and written by learned weights. Zhu et al. 2024 (arXiv:2409.19606)."""

    def __init__(self, inside: int, outside: int, stride: int, turn: int, copies: int = 4) -> None:
        super().__init__(inside, outside, stride)
        static = torch.zeros(copies, copies + 2)
        static[turn % copies, 0] = 1
        static[:, 1:-1].fill_diagonal_(1)
        static[:, -1] = 1
        self.static = nn.Parameter(static)
        self.dynamic = nn.Parameter(torch.zeros(inside, copies + 2))
        self.small = nn.Parameter(torch.full((2,), 0.01))  # of reading and mixing, of writing

    def forward(self, x: Tensor) -> Tensor:
        """(batch, copies, channels, height, width), both ways."""
        held = x.mean((3, 4))
        moved = torch.tanh(F.layer_norm(held, held.shape[2:]) @ self.dynamic)
        reads = self.static[:, 0] + self.small[0] * moved[:, :, 0]
        mixes = self.static[:, 1:-1] + self.small[0] * moved[:, :, 1:-1]
        writes = self.static[:, -1] + self.small[1] * moved[:, :, -1]
        fx = self.branch(torch.einsum("bn,bnchw->bchw", reads, x))
        past = shrunk(x.flatten(0, 1), self.stride, self.extra)
        past = past.view(*x.shape[:2], *past.shape[1:])
        mixed = torch.einsum("bnm,bnchw->bmchw", mixes, past)
        return F.relu(mixed + torch.einsum("bn,bchw->bnchw", writes, fx))


class SkipNet(nn.Module):
    """Depth 6n+2 on images of one channel, with the skip of this name."""

    def __init__(self, skip: str, depth: int, width: int, classes: int = 10) -> None:
        super().__init__()
        self.skip = skip
        self.conv = nn.Conv2d(1, width, 3, 1, 1, bias=False)
        self.bn = None if skip == "pre-activation" else nn.BatchNorm2d(width)
        blocks: list[nn.Module] = []
        inside = written = width
        for stage in range(3):
            for number in range((depth - 2) // 6):
                outside = width * 2**stage
                stride = 2 if stage and not number else 1
                match skip:
                    case "rezero":
                        blocks.append(ReZero(inside, outside, stride))
                    case "highway":
                        blocks.append(Highway(inside, outside, stride))
                    case "hyper":
                        blocks.append(Hyper(inside, outside, stride, len(blocks)))
                    case "pre-activation":
                        shared = not blocks or stride > 1
                        blocks.append(PreActivation(inside, outside, stride, shared))
                    case "concat":
                        blocks.append(Block(written, outside, stride))
                inside = outside
                written += outside
        self.blocks = nn.ModuleList(blocks)
        inside = written if skip == "concat" else inside
        self.end = nn.BatchNorm2d(inside) if skip == "pre-activation" else None
        self.fc = nn.Linear(inside, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        x = x if self.bn is None else F.relu(self.bn(x))
        x = self._through(x)
        x = x if self.end is None else F.relu(self.end(x))
        return self.fc(x.mean((2, 3)))  # type: ignore[no-any-return]

    def _through(self, x: Tensor) -> Tensor:
        if self.skip == "concat":
            written = [x]
            for block in self.blocks:
                fx = F.relu(block.branch(torch.cat(written, 1)))  # type: ignore[operator]
                if block.stride > 1:  # type: ignore[operator]
                    written = [F.avg_pool2d(x, 2, ceil_mode=True) for x in written]
                written.append(fx)
            return torch.cat(written, 1)
        if self.skip == "hyper":
            x = torch.stack([x] * 4, 1)
        for block in self.blocks:
            x = block(x)
        return x.mean(1) if self.skip == "hyper" else x
