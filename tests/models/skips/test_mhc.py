"""The mixing of mHC: what 20 rounds make of a matrix."""

from __future__ import annotations

import pytest
import torch

from models.skips.mhc import sinkhorn


@pytest.mark.parametrize("size", [0.1, 1.0, 5.0, 20.0])
@pytest.mark.parametrize("n", [2, 3, 4])
def test_rows_sum_to_one_and_columns_to_what_twenty_rounds_leave(n: int, size: float) -> None:
    draws = torch.Generator().manual_seed(0)
    logits = size * torch.randn(200, n, n, generator=draws, dtype=torch.float64)
    found = sinkhorn(logits)
    expected = logits.exp()
    for _ in range(20):
        expected = expected / expected.sum(1, keepdim=True)
        expected = expected / expected.sum(2, keepdim=True)
    torch.testing.assert_close(found, expected)
    ones = torch.ones(200, n, dtype=torch.float64)
    torch.testing.assert_close(found.sum(2), ones, rtol=0, atol=1e-15)
    left = (found.sum(1) - 1).abs().max().item()
    assert (left < 1e-9) == (size < 1)  # columns are off where entries differ by much
    assert (found >= 0).all()


def test_logits_of_any_size_stay_numbers() -> None:
    logits = torch.tensor([[[500.0, -500.0], [300.0, 200.0]]], requires_grad=True)
    found = sinkhorn(logits)
    (gradient,) = torch.autograd.grad(found.square().sum(), logits)
    assert found.isfinite().all()
    assert gradient.isfinite().all()


def test_what_is_doubly_stochastic_already_stays() -> None:
    matrix = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.7, 0.2], [0.2, 0.1, 0.7]])
    torch.testing.assert_close(sinkhorn(matrix.log()), matrix)
