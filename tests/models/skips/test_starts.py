"""What theory says of skips before the first update."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from models.branches import PLACEMENTS
from tests.models.skips.places import inputs, network, place, skip

FAMILIES = ["mlp", "convnet"]
ZERO: list[Any] = ["rezero", {"name": "skipinit", "start": 0.0}]
PLACED = [
    (placement.name, norm)
    for placement in PLACEMENTS.values()
    for norm in ("none", "batch")
    if all(norm in need.names for need in placement.needs if need.field == "norm")
]
PLACED_IN_BRANCH = ("original", "activation-before-addition")  # every norm
# Parts between which shapes stay and nothing else comes: 0 is the stem, 1 to 6 the blocks.
STAGES = {"mlp": [range(1, 7)], "convnet": [range(1, 3), range(3, 5), range(5, 7)]}


@pytest.mark.parametrize(
    ("placement", "norm"),
    [
        ("original", "none"),
        ("original", "batch"),
        ("activation-only", "none"),
        ("pre-activation", "batch"),
    ],
)
@pytest.mark.parametrize("chosen", ZERO, ids=["rezero", "skipinit"])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_learned_factor_of_zero_hands_on_signal_and_gradient_as_they_are(
    family: str, chosen: Any, placement: str, norm: str
) -> None:
    """Bachlechner et al. 2020, section 3.

    Where nothing follows the addition, the gradient at every block's input is the same. A ReLU
    there sees no negative value, but lets no gradient through where it sees 0.
    """
    net = network(family, chosen, placement=placement, norm=norm)
    kinds = ("out", "branch", "written")
    with net.sites.recording(kinds) as kept:
        logits = net(inputs(family))
    loss = F.cross_entropy(logits, torch.tensor([0, 1, 2, 0, 1, 2]))
    alphas = [net.get_parameter(f"{block.name}.skip.alpha") for block in net.blocks]
    branches = [p for block in net.blocks for p in block.branch.parameters()]
    outs = [kept[f"{part.name}.out"] for part in net.parts[:-1]]
    reads = [kept[f"block{n}.branch"] for n in range(1, 7)]
    gradients = torch.autograd.grad(loss, [*outs, *alphas, *branches, *reads])
    g, by_alpha, rest = gradients[:7], gradients[7:13], gradients[13:]

    def through(x: torch.Tensor) -> torch.Tensor:
        return x > 0 if placement == "original" else torch.ones_like(x)

    assert not any(gradient.any() for gradient in rest)
    for stage in STAGES[family]:
        for before, after in pairwise(stage):
            assert torch.equal(outs[before], outs[after])
            assert torch.equal(g[before], g[after] * through(outs[after]))
    for n, gradient in enumerate(by_alpha, 1):
        arrives = g[n] * through(outs[n])
        torch.testing.assert_close(gradient, (arrives * kept[f"block{n}.written"]).sum())


@pytest.mark.parametrize(("placement", "norm"), PLACED)
@pytest.mark.parametrize("chosen", ["dense-average", "hyper", {"name": "hyper", "copies": 2}])
@pytest.mark.parametrize("family", FAMILIES)
def test_dense_averages_and_hyper_connections_start_as_the_identity_bit_for_bit(
    family: str, chosen: Any, placement: str, norm: str
) -> None:
    """But for a norm over copies, whose sums are longer than over one."""
    theirs, ours = (
        network(family, name, norm=norm, placement=placement) for name in ("identity", chosen)
    )
    x = inputs(family)
    if norm == "none" or chosen == "dense-average" or placement in PLACED_IN_BRANCH:
        assert torch.equal(ours(x), theirs(x))
        assert torch.equal(ours.eval()(x), theirs.eval()(x))
    torch.testing.assert_close(ours.train()(x), theirs.train()(x))


@pytest.mark.parametrize(("placement", "norm"), PLACED)
@pytest.mark.parametrize("off_diagonal", [-8.0, -3.0, 0.0])
@pytest.mark.parametrize("family", FAMILIES)
def test_mhc_starts_as_the_identity(
    family: str, off_diagonal: float, placement: str, norm: str
) -> None:
    chosen = {"name": "mhc", "off_diagonal": off_diagonal}
    theirs, ours = (
        network(family, name, norm=norm, placement=placement).double()
        for name in ("identity", chosen)
    )
    x = inputs(family).double()
    torch.testing.assert_close(ours(x), theirs(x))


@pytest.mark.parametrize(("placement", "norm"), PLACED)
@pytest.mark.parametrize(
    ("gate", "bias", "ungated"),
    [
        ("shortcut-gate", -12.0, "identity"),
        ("exclusive-gate", -12.0, "rezero"),
        ("exclusive-gate", 12.0, "none"),
        ("highway", -12.0, "rezero"),
    ],
)
@pytest.mark.parametrize("family", FAMILIES)
def test_gates_as_good_as_closed_or_open_leave_what_is_not_gated(
    family: str, gate: str, bias: float, ungated: str, placement: str, norm: str
) -> None:
    # Plain networks have but one placement, since all are the same there.
    usual = "original" if ungated == "none" else placement
    theirs = network(family, ungated, norm=norm, placement=usual)
    ours = network(family, {"name": gate, "bias": bias}, norm=norm, placement=placement)
    for block in ours.blocks:  # of the bias alone
        torch.nn.init.zeros_(block.skip.get_parameter("gate.weight"))
    x = inputs(family)
    # A batch's own statistics would enlarge what a gate lets through where else is nothing.
    torch.testing.assert_close(ours.eval()(x), theirs.eval()(x), rtol=1e-3, atol=1e-3)


def test_each_block_reads_another_copy() -> None:
    copies = torch.randn(5, 4, 3)
    for index in range(1, 9):
        turn = (index - 1) % 4
        read, _ = skip("hyper", place(index, 8)).read(copies)
        assert torch.equal(read, copies[:, turn])
        read, _ = skip("mhc", place(index, 8)).read(copies)
        shares = torch.full((4,), 0.1 / 3)
        shares[turn] = 0.9
        torch.testing.assert_close(read, torch.einsum("n,bnc->bc", shares, copies))


@pytest.mark.parametrize("images", [False, True])
def test_attention_starts_as_the_plain_mean(images: bool) -> None:
    shape = (5, 3, 4, 4) if images else (5, 3)
    for index in range(1, 9):
        written = [torch.randn(shape) for _ in range(index)]
        made = skip("attention", place(index, 8, images=images))
        torch.testing.assert_close(made.read(written)[0], sum(written) / index)
    written.append(torch.randn(shape))
    torch.testing.assert_close(made.close(written), sum(written) / 9)


@pytest.mark.parametrize("family", FAMILIES)
def test_skipinit_and_scaled_start_alike(family: str) -> None:
    learned, constant = (network(family, name) for name in ("skipinit", "scaled"))
    x = inputs(family)
    torch.testing.assert_close(learned(x), constant(x))
    assert learned.get_parameter("block1.skip.alpha").item() == pytest.approx(6**-0.5)


@pytest.mark.parametrize(
    ("blocks", "start"), [(1, 0.1), (18, 0.1), (19, 1e-5), (24, 1e-5), (25, 1e-6), (600, 1e-6)]
)
def test_layerscale_starts_smaller_the_deeper(blocks: int, start: float) -> None:
    made = skip("layerscale", place(1, blocks))
    x, fx = torch.randn(5, 3), torch.randn(5, 3)
    torch.testing.assert_close(made.write(x, fx), x + start * fx)
    given = skip("layerscale", place(1, blocks), start=0.25)
    torch.testing.assert_close(given.write(x, fx), x + fx / 4)


@pytest.mark.parametrize("chosen", ["identity", {"name": "scaled", "shortcut": 1.0}, "rezero"])
def test_what_passes_unchanged_is_not_multiplied(chosen: Any) -> None:
    """The sum's backward gives a shortcut its gradient as it came, not a product's."""
    block = network("mlp", chosen).blocks[0]
    x = torch.randn(6, 4, requires_grad=True)
    node = block.skip.write(x, torch.zeros(6, 4)).grad_fn
    assert node is not None
    assert any("AccumulateGrad" in type(after).__name__ for after, _ in node.next_functions)
