"""The data in a configuration: which set, and how much of it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_serializer, model_validator

from app.data.entry import DataEntry
from app.data.errors import DataError
from app.data.images import NAME as OWN_IMAGES
from app.data.registry import DATASETS, find
from app.mistakes import BadField, of_data
from app.spec.model import Model, named

DataName = Annotated[
    str,
    Field(
        json_schema_extra={
            "anyOf": [
                {"enum": list(DATASETS)},
                {"title": "folder:NAME", "pattern": f"^{OWN_IMAGES.pattern}$"},
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
    """

    name: DataName = "digits"
    limit: int | None = Field(None, ge=1, le=1_000_000)
    shuffle: bool = True
    augment: bool = False
    label_noise: float = Field(0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _possible(self) -> Data:
        if self.name not in DATASETS and not OWN_IMAGES.fullmatch(self.name):
            raise BadField(
                "name",
                "is not a known data set",
                f"allowed: {', '.join(DATASETS)}, or folder:NAME for your own images",
            )
        if self.augment and self.kind != "image":
            images = ", ".join(name for name, entry in DATASETS.items() if entry.kind == "image")
            raise BadField("augment", f"{self.name} are no images", f"allowed for: {images}")
        if self.label_noise and self.entry and self.entry.task == "regression":
            raise BadField("label_noise", f"{self.name} has no labels", "allowed: 0")
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
            return find(self.name)
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
