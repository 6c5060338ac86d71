"""Skip connections: what each branch reads, and where its output is written. One skip a file."""

from __future__ import annotations

from dataclasses import dataclass

from models.mathml import mathml
from models.registry import Entry, registry
from models.skips import choices
from models.skips.drawing import Drawing, Paint, Roads


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipEntry(Entry):
    """A skip connection.

    ``called``: a network of it, in the few words of a legend. ``paint``: its lines on charts.
    ``drawing``: what stands beside a block on a drawing of the network: an ``arc`` (the shortcut,
    by the network's ``downsample`` where the shape changes), a ``learned`` one everywhere, one
    whose values are ``changed``, by a constant or at random, an arc with a ``gate``, one that goes
    ``onward`` to all later blocks, ``copies`` of the signal; or nothing, in a plain network.
    ``adds``: its write is a sum of a shortcut and a branch, so that the gradient splits in two.
    ``concatenates``: a branch reads all that was written before it, side by side.
    ``shares``: what a branch reads passes it, too, so that both may share norm and activation
    (a placement's ``before``); elsewhere nothing is added to what the branch gives.
    ``downsamples``: where the shape changes, its shortcut is the network's ``downsample``.
    ``roads``: what stands on the two ways through one block.
    """

    called: str
    paint: Paint
    drawing: Drawing = "arc"
    adds: bool = False
    concatenates: bool = False
    shares: bool = True
    downsamples: bool = True
    roads: Roads = Roads()  # noqa: RUF009 (frozen)


SKIPS = registry(
    SkipEntry(
        name="none",
        title="None (plain)",
        called="plain",
        paint=Paint("vermillion", "dash", "square"),
        drawing="",
        summary="No shortcut: a block is just its layers, F.",
        formula=mathml("y = F(x)"),
        published="More than 20 % test error (ResNet-110 on CIFAR-10, He et al. 2016, table 1).",
        code="models.skips.none:Plain",
        shares=False,
        downsamples=False,
        roads=Roads(meets=""),
    ),
    SkipEntry(
        name="identity",
        title="Identity",
        called="residual",
        paint=Paint("blue", "solid", "circle"),
        summary="The block's input is added, unchanged, to what its layers F make of it.",
        source="He et al. 2015, arXiv:1512.03385, equation 1",
        formula=mathml("y = x + F(x)"),
        published="6.61 % test error (ResNet-110 on CIFAR-10, He et al. 2016, table 1).",
        code="models.skips.identity:Identity",
        adds=True,
    ),
    SkipEntry(
        name="projection",
        title="Projection everywhere (C)",
        called="projection",
        paint=Paint("purple", "dashdot", "diamond"),
        drawing="learned",
        summary="Every shortcut is a learned linear map, even where the size stays the same.",
        source="He et al. 2015, arXiv:1512.03385, equation 2 and option C",
        formula=mathml("y = W x + F(x)"),
        published="12.22 % test error (ResNet-110 on CIFAR-10, He et al. 2016, table 1).",
        code="models.skips.projection:Projection",
        adds=True,
        downsamples=False,
    ),
    SkipEntry(
        name="scaled",
        title="Scaled",
        called="scaled",
        paint=Paint("ochre", "dash", "diamond"),
        drawing="changed",
        summary="Shortcut and branch are multiplied by constants before they are added.",
        source="He et al. 2016, arXiv:1603.05027, section 3.1; 1/√L: Yang et al. 2023, "
        "arXiv:2310.02244",
        formula=mathml("y = a x + b F(x)"),
        published="With 0.5 on both 12.35 % test error; with 0.5 on the shortcut alone more than "
        "20 % (ResNet-110 on CIFAR-10, He et al. 2016, table 1).",
        code="models.skips.scaled:Scaled",
        parameters=choices.Scaled,
        adds=True,
        roads=Roads(shortcut="a", branch="b"),
    ),
    SkipEntry(
        name="exclusive-gate",
        title="Exclusive gate",
        called="exclusive gate",
        paint=Paint("rose", "dash", "triangle-down"),
        drawing="gate",
        summary="For every value, a learned gate g between 0 and 1 blends the block's input with "
        "what its layers make of it.",
        source="He et al. 2016, arXiv:1603.05027, figure 2d and table 1",
        formula=mathml("y = (1 - g) x + g F(x), g = σ(W x + b)"),
        published="8.70 % test error with a bias of -6; with 0 to -5 more than 20 % (ResNet-110 "
        "on CIFAR-10, He et al. 2016, table 1).",
        code="models.skips.exclusive_gate:ExclusiveGate",
        parameters=choices.Gated,
        roads=Roads(shortcut="1 − g", branch="g"),
    ),
    SkipEntry(
        name="shortcut-gate",
        title="Shortcut-only gate",
        called="shortcut-only gate",
        paint=Paint("green", "solid", "triangle-up"),
        drawing="gate",
        summary="A learned gate g between 0 and 1 holds back the shortcut; the layers' output is "
        "added in full.",
        source="He et al. 2016, arXiv:1603.05027, figure 2e and table 1",
        formula=mathml("y = (1 - g) x + F(x), g = σ(W x + b)"),
        published="12.86 % test error with a bias of 0, 6.91 % with -6 (ResNet-110 on CIFAR-10, "
        "He et al. 2016, table 1).",
        code="models.skips.shortcut_gate:ShortcutGate",
        parameters=choices.Gated,
        adds=True,
        roads=Roads(shortcut="1 − g"),
    ),
    SkipEntry(
        name="dropout",
        title="Dropout on the shortcut",
        called="dropout on the shortcut",
        paint=Paint("purple", "longdash", "star"),
        drawing="changed",
        summary="While the network trains, random values of the shortcut are set to 0 and the "
        "others enlarged, so that the mean stays.",
        source="He et al. 2016, arXiv:1603.05027, figure 2f and table 1",
        formula=mathml("y = m x / (1 - p) + F(x)"),
        published="With a rate of 0.5 more than 20 % test error (ResNet-110 on CIFAR-10, He et "
        "al. 2016, table 1).",
        code="models.skips.dropout:Dropout",
        parameters=choices.Dropout,
        adds=True,
        roads=Roads(shortcut="m / (1 − p)"),
    ),
    SkipEntry(
        name="highway",
        title="Highway",
        called="highway",
        paint=Paint("green", "longdashdot", "triangle-down"),
        drawing="gate",
        summary="A learned gate T decides, for every value, how much is transformed by the layers "
        "and how much is carried on unchanged.",
        source="Srivastava et al. 2015, arXiv:1505.00387",
        formula=mathml("y = T F(x) + (1 - T) x, T = σ(W x + b)"),
        code="models.skips.highway:Highway",
        parameters=choices.Highway,
        roads=Roads(shortcut="1 − T", branch="T"),
    ),
    SkipEntry(
        name="rezero",
        title="ReZero",
        called="ReZero",
        paint=Paint("rose", "longdashdot", "square"),
        summary="The layers' output is multiplied by one learned number a block, which starts at "
        "0: at first every block passes its input on unchanged.",
        source="Bachlechner et al. 2020, arXiv:2003.04887",
        formula=mathml("y = x + α F(x)"),
        code="models.skips.rezero:ReZero",
        parameters=choices.Started,
        adds=True,
        roads=Roads(branch="α"),
    ),
    SkipEntry(
        name="skipinit",
        title="SkipInit",
        called="SkipInit",
        paint=Paint("ochre", "dot", "star"),
        summary="One learned factor a block, small at first, stands in for normalisation: by it "
        "the signal keeps its size at any depth.",
        source="De and Smith 2020, arXiv:2002.10444",
        formula=mathml("y = x + α F(x)"),
        code="models.skips.skipinit:SkipInit",
        parameters=choices.SkipInit,
        adds=True,
        roads=Roads(branch="α"),
    ),
    SkipEntry(
        name="layerscale",
        title="LayerScale",
        called="LayerScale",
        paint=Paint("vermillion", "solid", "diamond"),
        summary="Every channel of the layers' output has a learned factor of its own, which "
        "starts small.",
        source="Touvron et al. 2021, arXiv:2103.17239",
        formula=mathml("y = x + λ ⊙ F(x)"),
        code="models.skips.layerscale:LayerScale",
        parameters=choices.LayerScale,
        adds=True,
        roads=Roads(branch="λ"),
    ),
    SkipEntry(
        name="concat",
        title="Concatenation (DenseNet)",
        called="concatenation",
        paint=Paint("blue", "longdashdot", "diamond"),
        drawing="onward",
        summary="Nothing is added: each block reads the outputs of all blocks before it, side by "
        "side.",
        source="Huang et al. 2016, arXiv:1608.06993",
        formula=mathml("y = [x, F(x)]"),
        code="models.skips.concat:Concat",
        concatenates=True,
        shares=False,
        downsamples=False,
        roads=Roads(read="[x₀ … x]", meets="append"),
    ),
    SkipEntry(
        name="dense-average",
        title="Dense average (DenseFormer)",
        called="dense average",
        paint=Paint("purple", "dot", "circle"),
        drawing="onward",
        summary="Each block reads a learned weighted sum of the outputs of all blocks before it; "
        "at first that is the last output alone.",
        source="Pagliardini et al. 2024, arXiv:2402.02622",
        formula=mathml("y = h + F(h), h = ∑ a_j x_j"),
        published="A final loss of 1.767, against 1.766 with identity shortcuts (language models, "
        "arXiv:2603.15031).",
        code="models.skips.dense_average:DenseAverage",
        roads=Roads(read="∑ aⱼ xⱼ", both=True),
    ),
    SkipEntry(
        name="attention",
        title="Attention residuals",
        called="attention residuals",
        paint=Paint("rose", "longdash", "diamond"),
        drawing="onward",
        summary="Each block chooses, for every example, how much it reads of what each block "
        "before it wrote; at first it reads their mean.",
        source="arXiv:2603.15031",
        formula=mathml("y = F(h), h = ∑ α_j v_j, α = softmax(w · RMSNorm(v_j))"),
        published="A final loss of 1.737, against 1.766 without, 1.767 with a dense average and "
        "1.747 with mHC (language models, arXiv:2603.15031).",
        code="models.skips.attention:Attention",
        shares=False,
        roads=Roads(read="∑ αⱼ vⱼ", meets="append"),
    ),
    SkipEntry(
        name="hyper",
        title="Hyper-connections",
        called="hyper-connections",
        paint=Paint("vermillion", "dashdot", "x"),
        drawing="copies",
        summary="The signal travels in several copies; each block learns from which it reads, to "
        "which it writes, and how they mix.",
        source="Zhu et al. 2024, arXiv:2409.19606",
        formula=mathml("Y = R X + p F(r X)"),
        published="The same loss 1.8 times faster (a language model of 7 billion parameters, 1 "
        "billion of them active, Zhu et al. 2024).",
        code="models.skips.hyper:Hyper",
        parameters=choices.Hyper,
        roads=Roads(read="r X", shortcut="R", branch="p"),
    ),
    SkipEntry(
        name="mhc",
        title="mHC (constrained hyper-connections)",
        called="mHC",
        paint=Paint("green", "longdash", "circle"),
        drawing="copies",
        summary="Hyper-connections whose mixing only averages the copies: however deep the "
        "network, it can't make them grow, and keeps their mean.",
        source="arXiv:2512.24880",
        formula=mathml("Y = R X + p F(r X)"),
        published="A final loss of 1.747, against 1.766 with identity shortcuts (language models, "
        "arXiv:2603.15031).",
        code="models.skips.mhc:Mhc",
        parameters=choices.Constrained,
        roads=Roads(read="r X", shortcut="R", branch="p"),
    ),
)

SHARING = tuple(name for name, entry in SKIPS.items() if entry.shares)
DOWNSAMPLING = tuple(name for name, entry in SKIPS.items() if entry.downsamples)
ADDING = tuple(name for name, entry in SKIPS.items() if entry.adds)
