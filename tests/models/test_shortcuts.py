"""What a shortcut does where the shape changes, against arithmetic written out."""

import torch

from models.activations import ACTIVATIONS
from models.layers import Layers
from models.norms import NORMS
from models.shortcuts.shortcuts import Pad, Project, Unchanged

X = torch.randn(2, 3, 4, 4)
IMAGES = Layers(images=True, norms=NORMS["none"].choose(), activations=ACTIVATIONS["relu"].choose())


def test_padding_takes_every_second_pixel_and_appends_zero_channels() -> None:
    padded = Pad(IMAGES, 3, 6, stride=2)(X)
    assert padded.shape == (2, 6, 2, 2)
    for row in range(2):
        for column in range(2):
            pixel = padded[:, :, row, column]
            assert torch.equal(pixel[:, :3], X[:, :, 2 * row, 2 * column])
            assert torch.equal(pixel[:, 3:], torch.zeros(2, 3))


def test_padding_has_no_parameters() -> None:
    assert not list(Pad(IMAGES, 3, 6, stride=2).parameters())


def test_projecting_maps_the_channels_of_every_second_pixel() -> None:
    project = Project(IMAGES, 3, 6, stride=2)
    weight, bias = project.parameters()
    expected = torch.einsum("oi,bihw->bohw", weight[:, :, 0, 0], X[:, :, ::2, ::2])
    torch.testing.assert_close(project(X), expected + bias[:, None, None])


def test_what_is_left_alone_is_the_same() -> None:
    assert torch.equal(Unchanged(IMAGES, 3, 6, stride=2)(X), X)
