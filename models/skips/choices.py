"""What can be set of skips: the parameters of those that have any. No torch."""

from __future__ import annotations

from dataclasses import dataclass

from models.registry import BadNet, Choice, Sized, integer, number


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled(Choice):
    """Constant factors; ``branch`` None: 1 / sqrt(L) of L blocks."""

    shortcut: float = number(1.0, "Shortcut's factor", 0, 2, help="1: the identity.", live=True)
    branch: float | None = number(
        None,
        "Branch's factor",
        -2,
        2,
        help="Empty: 1/√L for L blocks, so that the signal stays about as large at any depth.",
        nullable=True,
        live=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated(Choice):
    """What a gate's bias starts at: closed gates (negative) start near the identity."""

    bias: float = number(
        -6.0,
        "Gate's bias at the start",
        -12,
        12,
        help="Negative: at first the shortcut passes almost unchanged.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Highway(Gated):
    """As Gated."""

    bias: float = number(
        -2.0,
        "Gate's bias at the start",
        -12,
        12,
        help="Negative: at first the shortcut passes almost unchanged.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropout(Choice):
    """How much of the shortcut is dropped, a fraction below 1."""

    rate: float = number(
        0.5, "Dropped from the shortcut", 0, 0.95, help="A fraction of all its values.", live=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Choice):
    """Where a learned factor starts."""

    start: float = number(
        0.0, "Factor at the start", -2, 2, help="0: every block passes its input on unchanged."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipInit(Choice):
    """Where a learned factor starts; None: at 1 / sqrt(L) of L blocks."""

    start: float | None = number(
        None,
        "Factor at the start",
        -2,
        2,
        help="Empty: 1/√L for L blocks. 0: every block passes its input on unchanged.",
        nullable=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerScale(Choice):
    """Where the learned factors start; None: by the number of blocks."""

    start: float | None = number(
        None,
        "Factors at the start",
        -2,
        2,
        help="Empty: 0.1 up to 18 blocks, 0.00001 up to 24, 0.000001 beyond.",
        nullable=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied(Choice):
    """How many copies of the stream there are."""

    copies: int = integer(
        4,
        "Copies of the signal",
        2,
        4,
        help="How they mix depends on what they hold; of images, on its mean over the pixels.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hyper(Copied):
    """As Copied; each copy is normalised by itself."""

    def check(self, field: str, net: Sized) -> None:
        if net.width < 2:
            raise BadNet(field, "would normalise single numbers", "allowed: a width of 2 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Constrained(Copied):
    """And how much the copies mix at first."""

    off_diagonal: float = number(
        -3.0,
        "Mixing at the start",
        -8,
        0,
        help="-8: each copy keeps to itself, and that hardly ever changes. 0: all are averaged.",
    )
