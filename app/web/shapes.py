"""What is answered as bytes that others have written: described here, and not checked again."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class Backdrop(BaseModel):
    """Some training points in the plane, and their classes."""

    points: list[list[float]]
    truth: list[int]


class Samples(BaseModel):
    """Test examples to be shown: those that `predicted` events of a run on this set tell of.

    `examples` are their places in the test set, `truth` their classes, `classes` what all classes
    are called; both are null of a regression. Of images, `images` are data URLs of PNGs; of points,
    `points` are what a network sees, and `backdrop` what lies around them in the plane.
    """

    data: str
    kind: str
    shape: list[int]
    examples: list[int]
    truth: list[int] | None
    classes: list[str] | None
    images: list[str] | None
    points: list[list[float]] | None
    backdrop: Backdrop | None


class Catalog(BaseModel):
    """What can be chosen, in words and numbers."""

    version: str
    families: list[dict[str, Any]]
    skips: list[dict[str, Any]]
    downsamples: list[dict[str, Any]]
    branches: list[dict[str, Any]]
    placements: list[dict[str, Any]]
    tails: list[dict[str, Any]]
    norms: list[dict[str, Any]]
    activations: list[dict[str, Any]]
    inits: list[dict[str, Any]]
    devices: list[dict[str, Any]]
    statistics: list[dict[str, Any]]
    measures: list[dict[str, Any]]
    analyses: list[dict[str, Any]]
    data: list[dict[str, Any]]
    unusable: list[dict[str, str]] = Field(description="folders of images, and what is wrong")
    optimizers: list[dict[str, Any]]
    studies: list[dict[str, Any]]
    presets: list[dict[str, Any]]
    fields: list[dict[str, Any]] = Field(description="all settings of a run, as one flat list")
    live: list[dict[str, Any]] = Field(description="what can be changed while a network trains")
    sweepable: list[str]
    most: dict[str, int] = Field(description="how much of each a study may have")
