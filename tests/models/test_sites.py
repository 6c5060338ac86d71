"""Sites: places in a network where signal and gradient can be looked at."""

import pytest
import torch
import torch.nn.functional as F

from models.families import net_spec
from models.spec import NetSpec
from tests.models.nets import built

SPECS = [net_spec(family="mlp", depth=8, width=6), net_spec(depth=14, width=2, norm="none")]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.family)
def test_the_gradient_by_a_site_is_that_of_the_network_cut_there(spec: NetSpec) -> None:
    net = built(spec).double()
    x, y = torch.randn(4, 1, 8, 8, dtype=torch.float64), torch.arange(4)
    with net.sites.recording(("out",)) as kept:
        loss = F.cross_entropy(net(x), y)
    assert list(kept) == [f"{part.name}.out" for part in net.parts]
    gradients = torch.autograd.grad(loss, list(kept.values()))

    for n, (signal, gradient) in enumerate(zip(kept.values(), gradients, strict=True)):
        leaf = signal.detach().requires_grad_()
        out = leaf
        for part in net.parts[n + 1 :]:
            out = part(out)
        (expected,) = torch.autograd.grad(F.cross_entropy(out, y), leaf)
        torch.testing.assert_close(gradient, expected)


def test_nothing_is_kept_unless_it_is_recorded_and_recording_changes_nothing() -> None:
    net = built(SPECS[0])
    x = torch.randn(4, 1, 8, 8)
    with net.sites.recording(("elsewhere",)) as other:
        net(x)
    with net.sites.recording(("out",)) as kept:
        recorded = net(x)
    kept.clear()

    again = net(x)

    assert not other
    assert not kept
    assert torch.equal(recorded, again)


def test_what_was_recorded_ends_with_an_error_too() -> None:
    net = built(SPECS[0])
    with pytest.raises(RuntimeError), net.sites.recording(("out",)) as kept:  # noqa: PT012
        net(torch.randn(4, 1, 8, 8))
        net(torch.randn(4, 7, 7))
    before = len(kept)
    net(torch.randn(4, 1, 8, 8))
    assert len(kept) == before
