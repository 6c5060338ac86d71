"""What data sets there are, in words and numbers; a set's code is imported when it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from app.data.dataset import Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class DataEntry:
    """A data set's facts. ``shape`` is one example's: (channels, height, width) or (features,)."""

    name: str
    title: str
    noun: str  # what one example is called, in the plural: "digits", "points"
    summary: str
    kind: str  # "image" or "points": what families can take it
    shape: tuple[int, ...]
    classes: int
    train_size: int
    test_size: int
    chance: float  # error of always naming the most frequent training class, a fraction
    source: str
    licence: str
    citation: str
    code: str  # "module:function", a function of no arguments that returns the Dataset

    def load(self) -> Dataset:
        """The data set itself; imports what its loader needs."""
        module, _, function = self.code.partition(":")
        return cast("Dataset", getattr(import_module(module), function)())


DATASETS: Mapping[str, DataEntry] = {
    entry.name: entry
    for entry in (
        DataEntry(
            name="digits",
            title="Handwritten digits",
            noun="digits",
            summary="Real handwritten digits of 43 people, 8x8 pixels, ten classes.",
            kind="image",
            shape=(1, 8, 8),
            classes=10,
            train_size=1437,
            test_size=360,
            chance=0.898,
            source="UCI Optical Recognition of Handwritten Digits, as scikit-learn ships it",
            licence="CC BY 4.0",
            citation="Alpaydin and Kaynak 1998, doi:10.24432/C50P49",
            code="app.data.digits:load",
        ),
        DataEntry(
            name="spirals",
            title="Two spirals",
            noun="points",
            summary="Points on two interleaved spirals in the plane, with a little noise.",
            kind="points",
            shape=(2,),
            classes=2,
            train_size=1024,
            test_size=512,
            chance=0.5,
            source="Made here from a fixed seed",
            licence="public domain",
            citation="After Lang and Witbrock 1988, Learning to tell two spirals apart",
            code="app.data.spirals:load",
        ),
    )
}
