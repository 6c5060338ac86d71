"""What can be measured inside a network while it trains. One measure a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from models.registry import Entry, registry

Where = Literal["part", "block", "layer"]
Scale = Literal["log", "linear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Entry):
    """A measure: one number for each place of a kind.

    ``at``: at the output of every part (stem, blocks, head), at every block, or at every weighted
    layer of the main path. ``sites`` are the sites it looks at. ``adds``: it exists only where a
    skip adds its branch to its shortcut. ``learns``: only where a skip has a scale that is learned.
    ``relative``: it is shown beside the last block's. ``updates``: it needs the step that was
    taken. ``usual``: a run measures it unless told otherwise. ``size``: it is how large the
    gradient, or the signal, is at its one site (without a site, the gradient of a weight), so that
    its 0 may be exactly 0 or one that underflowed, and a run tells which.
    """

    at: Where
    unit: str = ""
    scale: Scale = "log"
    sites: tuple[str, ...] = ()
    adds: bool = False
    learns: bool = False
    relative: bool = False
    updates: bool = False
    size: Literal["gradient", "signal"] | None = None
    usual: bool = False

    @property
    def measure(self) -> Callable[..., list[float]]:
        """The function behind it: of a Look and the places; imports torch."""
        return self.load()


MEASURES = registry(
    Measure(
        name="flow",
        title="Gradient flow",
        summary="Size (L2 norm) of the gradient of the batch's mean loss at each block's output.",
        code="app.measures.flow:flow",
        at="part",
        unit="1/output",
        sites=("out",),
        size="gradient",
        relative=True,
        usual=True,
    ),
    Measure(
        name="weight_grad",
        title="Weight gradient",
        summary="Size (L2 norm) of the same gradient by each layer's weights.",
        code="app.measures.weight_grad:weight_grad",
        at="layer",
        unit="1/weight",
        size="gradient",
        relative=True,
        usual=True,
    ),
    Measure(
        name="update_ratio",
        title="Update ratio",
        summary="Size of each layer's step, divided by the size of its weights.",
        code="app.measures.update_ratio:update_ratio",
        at="layer",
        updates=True,
        usual=True,
    ),
    Measure(
        name="shortcut_grad",
        title="Gradient through the shortcut",
        summary="Size of the part of each block's input gradient that comes through the shortcut.",
        source="He et al. 2016, arXiv:1603.05027, equation 5",
        code="app.measures.roads:shortcut_grad",
        at="block",
        unit="1/output",
        sites=("shortcut",),
        size="gradient",
        adds=True,
    ),
    Measure(
        name="branch_grad",
        title="Gradient through the branch",
        summary="Size of the part of each block's input gradient that comes through the branch.",
        source="He et al. 2016, arXiv:1603.05027, equation 5",
        code="app.measures.roads:branch_grad",
        at="block",
        unit="1/output",
        sites=("branch",),
        size="gradient",
        adds=True,
    ),
    Measure(
        name="branch_share",
        title="Branch's share of the gradient",
        summary="How much of each block's input gradient the branch gives, along that gradient: "
        "below 0 where it works against it, above 1 where the shortcut does; none where that is 0.",
        code="app.measures.roads:branch_share",
        at="block",
        scale="linear",
        sites=("shortcut", "branch"),
        adds=True,
    ),
    Measure(
        name="signal",
        title="Signal",
        summary="Root mean square of what each part puts out.",
        code="app.measures.signal:signal",
        at="part",
        unit="output",
        sites=("out",),
        size="signal",
    ),
    Measure(
        name="stream",
        title="Stream",
        summary="Root mean square of what each block's shortcut brings to the addition.",
        code="app.measures.signal:stream",
        at="block",
        unit="output",
        sites=("kept",),
        size="signal",
        adds=True,
    ),
    Measure(
        name="branch_norm",
        title="Branch's output",
        summary="Root mean square of what each branch writes.",
        source="He et al. 2015, arXiv:1512.03385, figure 7",
        code="app.measures.signal:branch_norm",
        at="block",
        unit="output",
        sites=("written",),
        size="signal",
    ),
    Measure(
        name="cosine",
        title="Branch against stream",
        summary="Cosine of the angle between what the branch writes and what the shortcut brings, "
        "the mean over examples: below 0 where the branch takes away; none where either is 0.",
        code="app.measures.signal:cosine",
        at="block",
        scale="linear",
        sites=("kept", "written"),
        adds=True,
    ),
    Measure(
        name="activation_std",
        title="Layer responses",
        summary="Standard deviation of each layer's response, after its norm and before the "
        "activation.",
        source="He et al. 2015, arXiv:1512.03385, figure 7",
        code="app.measures.signal:activation_std",
        at="layer",
        unit="output",
        sites=("response",),
        size="signal",
    ),
    Measure(
        name="dead",
        title="Dead units",
        summary="Share of each block's units that give 0 for every example of the batch.",
        code="app.measures.dead:dead",
        at="block",
        scale="linear",
        sites=("out",),
    ),
    Measure(
        name="skip_scale",
        title="Learned scale",
        summary="Mean size of the scale by which each block's skip multiplies its branch.",
        code="app.measures.skip_scale:skip_scale",
        at="block",
        scale="linear",
        learns=True,
    ),
)

USUAL = tuple(measure.name for measure in MEASURES.values() if measure.usual)
