"""Every way to join shortcut and branch, against arithmetic written out."""

import torch
from torch import nn

from models.skips import Change, Identity, Pad, Plain, Projection

X, FX = torch.randn(2, 3, 4, 4), torch.randn(2, 3, 4, 4)


def test_plain_is_the_branch_alone() -> None:
    assert torch.equal(Plain(Change(3, 3))(X, FX), FX)


def test_identity_is_the_sum() -> None:
    assert torch.equal(Identity(Change(3, 3))(X, FX), X + FX)


def test_padding_takes_every_second_pixel_and_appends_zero_channels() -> None:
    padded = Pad(Change(3, 6, stride=2))(X)
    assert padded.shape == (2, 6, 2, 2)
    for row in range(2):
        for column in range(2):
            pixel = padded[:, :, row, column]
            assert torch.equal(pixel[:, :3], X[:, :, 2 * row, 2 * column])
            assert torch.equal(pixel[:, 3:], torch.zeros(2, 3))


def test_projection_maps_the_input_also_where_shapes_agree() -> None:
    linear = nn.Linear(5, 5)
    x, fx = torch.randn(2, 5), torch.randn(2, 5)
    joined = Projection(Change(5, 5, project=lambda: linear))(x, fx)
    torch.testing.assert_close(joined, x @ linear.weight.T + linear.bias + fx)


def test_an_identity_has_no_parameters_where_it_pads() -> None:
    assert not list(Identity(Change(3, 6, 2, "pad")).parameters())
