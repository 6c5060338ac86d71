"""Branches: the weighted layers of a block. And where norm and activation stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from models.norms import NORMED, SCALED
from models.registry import Entry, Need, registry
from models.skips import SHARING, SKIPS


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchEntry(Entry):
    """A kind of branch: ``sizes`` are its layers' kernels, ``wider`` how much wider it ends.

    A layer's kernel is ``size`` by ``size`` pixels in a convolutional network. All layers but the
    last have the stage's width; the last has ``wider`` times as many channels.
    """

    sizes: tuple[int, ...] = ()
    wider: int = 1

    @property
    def layers(self) -> int:
        """Weighted layers."""
        return len(self.sizes)


BRANCHES = registry(
    BranchEntry(
        name="single",
        title="Single",
        summary="One weighted layer (in convolutional networks 3x3).",
        source="He et al. 2015, arXiv:1512.03385, section 3.2",
        code="models.branches.branch:Branch",
        sizes=(3,),
    ),
    BranchEntry(
        name="basic",
        title="Basic",
        summary="Two weighted layers (in convolutional networks 3x3).",
        source="He et al. 2015, arXiv:1512.03385, figure 2",
        code="models.branches.branch:Branch",
        sizes=(3, 3),
    ),
    BranchEntry(
        name="triple",
        title="Triple",
        summary="Three weighted layers (in convolutional networks 3x3).",
        source="Zagoruyko and Komodakis 2016, arXiv:1605.07146, B(3,3,3)",
        code="models.branches.branch:Branch",
        sizes=(3, 3, 3),
    ),
    BranchEntry(
        name="bottleneck",
        title="Bottleneck",
        summary="Three convolutions: 1x1 to few channels, 3x3 on these, and 1x1 to four times as "
        "many.",
        source="He et al. 2015, arXiv:1512.03385, figure 5",
        code="models.branches.branch:Branch",
        needs=(Need("family", ("convnet",), "is made of convolutions"),),
        sizes=(1, 3, 1),
        wider=4,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementEntry(Entry):
    """Where norm and activation stand: l is a weighted layer, n the norm, a the activation.

    ``layer`` is each layer of a branch with what belongs to it, ``last`` its last; ``stem`` is
    what follows the first layer of the network, ``after`` what follows the addition, ``before``
    what branch and shortcut share at the first block and where the shape changes (there the
    branch begins without it), and ``end`` what comes before the head. ``normed_shortcuts``: a
    projection on a shortcut is followed by the norm. Concatenation and attention residuals share
    nothing: what passes their branches is not what these read.

    In a network without skips all placements are the same: only the blocks' borders move. What
    follows a branch's output before it is written (squeeze-and-excitation) tells some apart.
    """

    layer: str
    last: str
    stem: str = ""
    before: str = ""
    after: str = ""
    end: str = ""
    normed_shortcuts: bool = True


WEIGHED = {"tail": ("squeeze-excitation",)}
NOTHING_ADDED = "would change nothing where nothing is added"
ADDED = Need("skip", SHARING, NOTHING_ADDED, WEIGHED, same="original")
NOTHING_MOVED = "without a norm to move would change nothing"


def skips_but(name: str, why: str, **unless: tuple[str, ...]) -> Need:
    """A need of any skip but this one, with which a placement is the original."""
    others = tuple(skip for skip in SKIPS if skip != name)
    return Need("skip", others, why, unless, same="original")


PLACEMENTS = registry(
    PlacementEntry(
        name="original",
        title="Original (activation after the addition)",
        summary="Norm after each layer; the last activation comes after the addition.",
        source="He et al. 2015, arXiv:1512.03385, figure 2",
        published="Test error of ResNet-110 and -164 on CIFAR-10: 6.61 and 5.93 % (He et al. 2016, "
        "table 2).",
        layer="lna",
        last="ln",
        stem="na",
        after="a",
    ),
    PlacementEntry(
        name="norm-after-addition",
        title="Norm after the addition",
        summary="As the original, but the last norm comes after the addition, too: what the "
        "shortcut carries is normalised at every block.",
        source="He et al. 2016, arXiv:1603.05027, figure 4(b)",
        published="Test error of ResNet-110 and -164 on CIFAR-10: 8.17 and 6.50 % (He et al. 2016, "
        "table 2).",
        needs=(Need("norm", SCALED, NOTHING_MOVED, same="original"), ADDED),
        layer="lna",
        last="l",
        stem="na",
        after="na",
    ),
    PlacementEntry(
        name="activation-before-addition",
        title="Activation before the addition",
        summary="As the original, but the last activation comes before the addition: with ReLU, "
        "a block can only add to what the shortcut carries.",
        source="He et al. 2016, arXiv:1603.05027, figure 4(c)",
        published="Test error of ResNet-110 and -164 on CIFAR-10: 7.84 and 6.14 % (He et al. 2016, "
        "table 2).",
        needs=(ADDED,),
        layer="lna",
        last="lna",
        stem="na",
    ),
    PlacementEntry(
        name="activation-only",
        title="Activation-only pre-activation",
        summary="The activation comes before each layer and the norm after it; nothing follows the "
        "addition.",
        source="He et al. 2016, arXiv:1603.05027, figure 4(d)",
        published="Test error of ResNet-110 and -164 on CIFAR-10: 6.71 and 5.91 % (He et al. 2016, "
        "table 2).",
        needs=(
            skips_but("none", "is the same as original in a plain network"),
            skips_but(
                "concat",
                "is the same as original where vectors are concatenated",
                family=("convnet",),
            ),
        ),
        layer="aln",
        last="aln",
        stem="n",
        before="a",
        end="a",
        normed_shortcuts=False,
    ),
    PlacementEntry(
        name="pre-activation",
        title="Full pre-activation",
        summary="Norm and activation come before each layer; nothing follows the addition, so the "
        "shortcuts carry the signal unchanged from block to block.",
        source="He et al. 2016, arXiv:1603.05027, figure 4(e)",
        published="Test error of ResNet-110 and -164 on CIFAR-10: 6.37 and 5.46 % (He et al. 2016, "
        "table 2).",
        needs=(
            Need(
                "norm",
                NORMED,
                "without a norm is the same as activation-only",
                same="activation-only",
            ),
            skips_but("none", "is the same as original in a plain network", **WEIGHED),
        ),
        layer="nal",
        last="nal",
        before="na",
        end="na",
        normed_shortcuts=False,
    ),
)
