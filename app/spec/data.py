"""The data in a configuration: which set, and how much of it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_serializer, model_validator

from app.data import images
from app.data.entry import DataEntry
from app.data.errors import DataError
from app.data.imagefile import LARGEST, SMALLEST
from app.data.registry import DATASETS, find
from app.spec.model import Model, named
from app.validation import BadField, of_data

DataName = Annotated[
    str,
    Field(
        json_schema_extra={
            "anyOf": [
                {"enum": list(DATASETS)},
                {"title": "folder:NAME", "pattern": f"^{images.NAME.pattern}$"},
            ]
        }
    ),
]


class Data(Model):
    """Which data set, and how much of it.

    ``name`` is a registered set's, or ``folder:NAME`` for one's own images. ``limit`` keeps that
    many training examples, the same at every seed; ``shuffle`` draws a new order each epoch;
    ``augment`` shifts and mirrors the images that training sees, anew each time; ``label_noise``
    is the fraction of training examples whose label is replaced by a wrong one, drawn by the seed.
    ``resize`` brings one's own images to so many pixels high and wide: of each the largest square
    in the middle (None: as they are).
    """

    name: DataName = "digits"
    limit: int | None = Field(None, ge=1, le=1_000_000, title="Training examples")
    shuffle: bool = Field(True, title="Shuffle each epoch")
    augment: bool = Field(False, title="Shift and mirror images")
    label_noise: float = Field(0.0, ge=0, le=1, title="Wrong labels (fraction)")
    resize: int | None = Field(None, ge=SMALLEST, le=LARGEST, title="Resize images to (pixels)")

    @model_validator(mode="after")
    def _possible(self) -> Data:
        if self.name not in DATASETS and not images.named(self.name):
            raise BadField(
                "",
                "is not a known data set",
                f"allowed: {', '.join(DATASETS)}, or folder:NAME for your own images",
            )
        if self.resize is not None and self.entry:
            raise BadField(
                "resize", f"is only for your own images, not for {self.name}", "allowed: none"
            )
        if self.augment and self.kind != "image":
            fit = ", ".join(name for name, entry in DATASETS.items() if entry.kind == "image")
            raise BadField(
                "augment", f"is only for images, not for {self.name}", f"allowed for: {fit}"
            )
        if self.label_noise and self.entry and self.entry.task == "regression":
            raise BadField(
                "label_noise", f"is only for labels, and {self.name} has none", "allowed: 0"
            )
        return self

    @property
    def entry(self) -> DataEntry | None:
        """The registered facts; None for one's own images, which are looked at when they train."""
        return DATASETS.get(self.name)

    @property
    def kind(self) -> str:
        """What an example is: an image, or a point."""
        return self.entry.kind if self.entry else "image"

    def look(self) -> DataEntry:
        """The facts; one's own images are looked at now.

        Raises:
            BadField: they are not there, or not as they should be.
        """
        try:
            return find(self.name, self.resize)
        except DataError as error:
            raise of_data(error) from error

    def kept(self, size: int) -> int:
        """How many training examples a run sees, of so many."""
        return size if self.limit is None else min(size, self.limit)

    @model_serializer(mode="wrap")
    def _short(self, full: Any) -> Any:
        """The bare name where nothing else was set."""
        return self.name if self == Data(name=self.name) else full(self)


DataOrName = Annotated[Data, BeforeValidator(named, json_schema_input_type=Data | DataName)]
