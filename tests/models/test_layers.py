"""Layers compute what they say on every processor."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# oneDNN chooses its code once a process, by the processor or by this variable.
LIMITED = {**os.environ, "ONEDNN_MAX_CPU_ISA": "AVX2", "MALLOC_CHECK_": "3"}

GRADIENTS = """
import torch
from models.layers import Pointwise

torch.manual_seed(0)
torch.set_num_threads(1)
for inside in (2, 5, 8):
    layer = Pointwise(inside, 2 * inside, 2, bias=False).to(memory_format=torch.channels_last)
    for _ in range(50):
        x = torch.randn(32, inside, 8, 8).contiguous(memory_format=torch.channels_last)
        x.requires_grad_()
        found = torch.autograd.grad(layer(x).square().sum(), (x, layer.weight))
        even = x.detach().double()[:, :, ::2, ::2]
        weight = layer.weight.detach().double()[..., 0, 0]
        y = torch.einsum("oi,bihw->bohw", weight, even)
        by_weight = 2 * torch.einsum("bohw,bihw->oi", y, even)
        by_x = torch.zeros_like(x, dtype=torch.double)
        by_x[:, :, ::2, ::2] = 2 * torch.einsum("oi,bohw->bihw", weight, y)
        torch.testing.assert_close(found[1][..., 0, 0].double(), by_weight, rtol=1e-4, atol=1e-3)
        torch.testing.assert_close(found[0].double(), by_x, rtol=1e-4, atol=1e-4)
"""


@pytest.mark.processes
def test_a_strided_pointwise_convolution_is_right_without_avx_512() -> None:
    """Held against its formula in float64; torch's own corrupts memory there: see Pointwise."""
    done = subprocess.run(
        [sys.executable, "-c", GRADIENTS], env=LIMITED, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
