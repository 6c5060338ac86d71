"""What people ask about skip connections, each with networks that answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TWO_ROADS = "flow,shortcut_grad,branch_grad,branch_share,update_ratio"


@dataclass(frozen=True, slots=True)
class Trial:
    """A pair of twins to train: what to call it, and the settings that are not the defaults."""

    title: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, a short answer, what to look at to see it, and what to train for that."""

    name: str
    question: str
    answer: str
    look_for: str
    trials: tuple[Trial, ...]


def _mlp(**settings: Any) -> dict[str, Any]:
    """A network of fully connected layers without a norm, where what a norm hides can be seen."""
    net = {"family": "mlp", "depth": 32, "width": 32, "norm": "none", **settings}
    return {f"net.{name}": value for name, value in net.items()}


QUESTIONS = (
    Question(
        "norm",
        question="What does a skip connection solve that batch normalisation does not?",
        answer="Degradation. With batch normalisation the gradients of both twins are healthy in "
        "size when training starts, and still the deep plain one learns far more slowly.",
        look_for="At step 0 the plain network's gradient is larger at its first block than at its "
        "last, not smaller. After 200 steps the errors are far apart.",
        trials=(Trial("56 layers, both with batch normalisation", {}),),
    ),
    Question(
        "vanishing",
        question="Some say that skips cure vanishing gradients, the paper says not. Which is it?",
        answer="There are two regimes. Without a norm and with weights that are too small the "
        "gradients do vanish, and skips cure that. With batch normalisation nothing vanishes at "
        "the start, and skips help all the same: this is what the paper is about.",
        look_for="The gradient by depth before you press Train: in the one it falls to nothing "
        "towards the input, in the other it grows.",
        trials=(
            Trial("They vanish: 32 layers without a norm", _mlp(init="default")),
            Trial("They do not: 56 layers with batch normalisation", {}),
        ),
    ),
    Question(
        "two-roads",
        question="If the gradient takes the shortcut, how do the weights in the branch learn?",
        answer="The gradient takes both. What arrives at the addition goes whole into the branch "
        "and whole into the shortcut; at the block's input the two parts add, as vectors, to the "
        "gradient there.",
        look_for="Choose “Gradient through the shortcut”, “… through the branch” and “Update "
        "ratio” above the gradient chart: none of them is zero.",
        trials=(Trial("20 layers, both parts measured", {"net.depth": 20, "measures": TWO_ROADS}),),
    ),
    Question(
        "identity",
        question="How is pushing weights towards zero “learning the identity”?",
        answer="With y = x + F(x), a branch whose weights are zero gives F(x) = 0, so that the "
        "block is the identity. A plain block has to find weights that copy its input.",
        look_for="“Branch's output” beside “Stream”: how much each block adds to what passes it. "
        "Whether it shrinks while the network trains is for you to see.",
        trials=(
            Trial("56 layers, branch and stream measured", {"measures": "flow,stream,branch_norm"}),
        ),
    ),
    Question(
        "after-addition",
        question="A ReLU comes after the addition: is the shortcut still an identity?",
        answer="Not quite: what is negative after the addition is cut to 0 at every block. "
        "Pre-activation networks have nothing after the addition, and there the signal passes "
        "unchanged from block to block.",
        look_for="“Signal” along the depth, in both placements: nothing bounds the sum of a "
        "pre-activation network, so it grows.",
        trials=(
            Trial("ReLU after the addition", {"measures": "flow,signal"}),
            Trial(
                "Pre-activation",
                {"net.placement": "pre-activation", "measures": "flow,signal"},
            ),
        ),
    ),
    Question(
        "nothing",
        question="Why does a block that does nothing at first make training easier?",
        answer="A deep network whose branches start at zero computes what a shallow one does, and "
        "is as easy to train. The blocks then join in as far as that lowers the loss.",
        look_for="With ReZero all blocks of one size pass on the same gradient at step 0. "
        "“Learned scale” then leaves 0.",
        trials=(
            Trial(
                "ReZero: one learned factor a block",
                {"net.skip": "rezero", "measures": "flow,skip_scale"},
            ),
            Trial(
                "Zero gamma: the last norm of each branch starts at 0", {"net.init": "zero-gamma"}
            ),
        ),
    ),
    Question(
        "zero",
        question="Is starting at zero not a mistake, since all units then learn the same?",
        answer="It is if all layers are zero. Here only the last factor of a branch is: it gets a "
        "gradient, from units before it that all differ; once it has moved, so do they.",
        look_for="“Weight gradient” at step 1: zero in every layer of the branches. From step 2 "
        "on, when the factors at their ends have moved, it is not.",
        trials=(Trial("Zero gamma", {"net.depth": 20, "net.init": "zero-gamma"}),),
    ),
    Question(
        "shallow",
        question="My network of eight layers is no better with skips. What is wrong?",
        answer="Nothing. Such a shallow network trains well without; skips matter where depth "
        "makes training hard.",
        look_for="Both training errors, and how they differ from seed to seed.",
        trials=(Trial("Eight layers", {"net.depth": 8}),),
    ),
    Question(
        "sizes",
        question="What happens at the shortcut where height, width or channels change?",
        answer="x can't be added as it is. Option A takes every second pixel and pads the new "
        "channels with zeros; option B learns a 1x1 convolution; without either PyTorch refuses "
        "the addition.",
        look_for="The parameters of each, and the message of the third.",
        trials=(
            Trial("A: pad with zeros", {"net.depth": 20}),
            Trial("B: project", {"net.depth": 20, "net.downsample": "project"}),
            Trial("Neither", {"net.depth": 20, "net.downsample": "error"}),
        ),
    ),
    Question(
        "without-norm",
        question="Do residual networks work without batch normalisation?",
        answer="Not by themselves: each block adds to the sum, which may double with every block, "
        "and the loss soon stops being finite. It is the growing sum that has to be held; a norm "
        "is one way, small branches are another.",
        look_for="“Signal” along the depth at step 0, and at which step the loss is no longer "
        "finite.",
        trials=(
            Trial("He weights and nothing else", _mlp(init="he") | {"measures": "flow,signal"}),
            Trial("The branch times 1/√L", _mlp(skip="scaled") | {"measures": "flow,signal"}),
            Trial("ReZero", _mlp(skip="rezero") | {"measures": "flow,signal,skip_scale"}),
            Trial("Fixup", _mlp(norm="scalar", init="fixup") | {"measures": "flow,signal"}),
        ),
    ),
    Question(
        "fixup",
        question="What are L and m in Fixup?",
        answer="L is the number of branches, m that of the weighted layers in each. All layers of "
        "a branch but the last are scaled by L to the power of −1/(2m − 2); the last one and the "
        "classifier start at zero.",
        look_for="The loss at step 0: exactly ln 10 with ten classes, since all logits are zero.",
        trials=(
            Trial("27 branches of two layers", {"net.norm": "scalar", "net.init": "fixup"}),
            Trial(
                "18 branches of three",
                {"net.branch": "triple", "net.norm": "scalar", "net.init": "fixup"},
            ),
        ),
    ),
    Question(
        "middle",
        question="My gradient plot says that the middle layers learn nothing. What now?",
        answer="Look at it on a logarithmic axis first. Then ask which gradient it is: that by a "
        "layer's weights is the product of the signal that comes in and the gradient that comes "
        "back. How far a layer moves is said by its update ratio.",
        look_for="“Gradient flow”, “Weight gradient” and “Update ratio” of the same step.",
        trials=(Trial("56 layers", {}),),
    ),
    Question(
        "branches",
        question="A skip around every layer, or around every two or three?",
        answer="Papers use two or three. Around one layer a block is x + W x but for norm and "
        "activation, nearly a layer itself; He et al. 2015 (section 3.2) saw no advantage in it.",
        look_for="Errors at one depth with branches of one, two and three layers.",
        trials=(
            Trial("One layer", {"net.branch": "single"}),
            Trial("Two layers", {}),
            Trial("Three layers", {"net.branch": "triple"}),
        ),
    ),
    Question(
        "streams",
        question="Do several streams do more than one?",
        answer="Hyper-connections start as the identity does and learn to mix their copies. Here "
        "they did no better than one stream: 2.7 % training error against 0.3 % with 56 layers "
        "after 200 steps on the digits, means of three seeds. The published gains are of large "
        "language models.",
        look_for="Whether either twin is ahead by more than seeds differ.",
        trials=(
            Trial("Hyper-connections beside plain", {"net.skip": "hyper"}),
            Trial(
                "Hyper-connections beside identity", {"net.skip": "hyper", "against": "identity"}
            ),
        ),
    ),
    Question(
        "paths",
        question="Is a residual network an ensemble of shallow ones?",
        answer="It can be written as a sum over paths: each block is passed through its branch or "
        "by its shortcut. Here, with 56 layers after 200 steps on the digits, half of the "
        "gradient came back through at most 5 of 27 branches (three seeds), and most single "
        "blocks could be removed at little cost, though not the first (two seeds). But the paths "
        "share their weights and are trained together, so they are not independent networks.",
        look_for="After training, press “Split the gradient by paths” and “Take the networks "
        "apart”: how long are the paths that count, and how many blocks are missed?",
        trials=(Trial("56 layers, to be split afterwards", {}),),
    ),
)
