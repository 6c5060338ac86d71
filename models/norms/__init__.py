"""Normalisations, and what stands in for one. One a file."""

from __future__ import annotations

from dataclasses import dataclass

from models.registry import BadNet, Choice, Entry, Sized, integer, number, registry


@dataclass(frozen=True, slots=True, kw_only=True)
class NormEntry(Entry):
    """A normalisation.

    ``shifts``: it adds a learned shift, so that the layer before it needs no bias. ``scales``: it
    multiplies by a learned scale for each channel. ``ties``: it mixes the examples of a batch.
    ``own``: it mixes an example's own values, and leaves nothing of a single one.
    ``scalars``: branches get a learned number before each layer, and one that multiplies.
    """

    shifts: bool = False
    scales: bool = False
    ties: bool = False
    own: bool = False
    scalars: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Own(Choice):
    """A norm over an example's own values."""

    def check(self, field: str, net: Sized) -> None:
        _several(field, net, net.width)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Choice):
    """A norm over groups of an example's channels; their number divides the width."""

    groups: int = integer(4, "Groups", 2, 1024)

    def check(self, field: str, net: Sized) -> None:
        if net.width % self.groups:
            divisors = [n for n in range(2, net.width + 1) if net.width % n == 0]
            raise BadNet(
                f"{field}.groups",
                "does not divide the width",
                f"allowed for {net.width}: {', '.join(map(str, divisors)) or 'none'}",
            )
        _several(f"{field}.groups", net, net.width // self.groups)


def _several(field: str, net: Sized, values: int) -> None:
    """Refuse to normalise a single number, which leaves nothing of it."""
    if not net.pixels and values < 2:
        raise BadNet(field, "would normalise single numbers", "allowed: two or more at once")


@dataclass(frozen=True, slots=True, kw_only=True)
class DyT(Choice):
    """Dynamic tanh."""

    start: float = number(0.5, "Alpha at the start", 0, 10, above=True)


NORMS = registry(
    NormEntry(name="none", title="None", summary="No normalisation; layers have biases."),
    NormEntry(
        name="batch",
        title="Batch",
        summary="Each channel gets mean 0 and variance 1 over the examples of a batch, then a "
        "learned scale and shift.",
        source="Ioffe and Szegedy 2015, arXiv:1502.03167",
        code="models.norms.batch:norm",
        shifts=True,
        scales=True,
        ties=True,
    ),
    NormEntry(
        name="layer",
        title="Layer",
        summary="Each example's values, over all channels and pixels, get mean 0 and variance 1; "
        "then each channel gets a learned scale and shift.",
        source="Ba et al. 2016, arXiv:1607.06450",
        code="models.norms.layer:norm",
        parameters=Own,
        own=True,
        shifts=True,
        scales=True,
    ),
    NormEntry(
        name="group",
        title="Group",
        summary="As layer normalisation, but over a group of neighbouring channels at a time.",
        source="Wu and He 2018, arXiv:1803.08494",
        code="models.norms.group:norm",
        parameters=Group,
        own=True,
        shifts=True,
        scales=True,
    ),
    NormEntry(
        name="rms",
        title="RMS",
        summary="Each example's values are divided by the root of their mean square; then each "
        "channel gets a learned scale. No mean is taken off, no shift added.",
        source="Zhang and Sennrich 2019, arXiv:1910.07467",
        code="models.norms.rms:norm",
        parameters=Own,
        own=True,
        scales=True,
    ),
    NormEntry(
        name="dyt",
        title="Dynamic tanh",
        summary="No statistics at all: tanh(alpha x) with one learned alpha, then a learned scale "
        "and shift for each channel.",
        source="Zhu et al. 2025, arXiv:2503.10622",
        code="models.norms.dyt:norm",
        parameters=DyT,
        shifts=True,
        scales=True,
    ),
    NormEntry(
        name="scalar",
        title="Scalars (Fixup's)",
        summary="No normalisation, only learned numbers: one is added before each layer of a "
        "branch and before each activation, and one multiplies what the branch's last layer gives.",
        source="Zhang et al. 2019, arXiv:1901.09321, section 3",
        code="models.norms.scalar:norm",
        shifts=True,
        scalars=True,
    ),
)

NORMED = tuple(name for name, entry in NORMS.items() if entry.code)
SCALED = tuple(name for name, entry in NORMS.items() if entry.scales)
