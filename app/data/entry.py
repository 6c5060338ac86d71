"""What is said of a data set without loading it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from math import prod
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from app.data.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Variant:
    """Another way in which a published file may lie there: where, and how it is checked.

    ``sha256``: of its content or, where there is ``code``, of what that makes of it
    ("module:function", from bytes to bytes). ``size`` 0: any.
    """

    path: str
    sha256: str
    size: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """One published file: its place below the data folder, bytes, and checksums in hexadecimal.

    ``md5`` is as its publishers or the common loaders give it; empty where none does. ``variants``:
    others that are used where they lie, and are not downloaded.
    """

    path: str
    size: int
    sha256: str
    md5: str = ""
    variants: tuple[Variant, ...] = ()

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Published:
    """Files to be downloaded once.

    ``train``, ``test``: the files that are used, in their official layout; the training set comes
    in parts of equal size, each with the files that belong together. ``mirrors``: addresses that
    a file's name (or the archive's, where they come packed) completes.
    """

    mirrors: tuple[str, ...]
    train: tuple[tuple[File, ...], ...]
    test: tuple[File, ...]
    archive: File | None = None

    @property
    def files(self) -> tuple[File, ...]:
        """All that are used."""
        return (*(file for part in self.train for file in part), *self.test)

    @property
    def size(self) -> int:
        """Bytes to download."""
        return self.archive.size if self.archive else sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataEntry:
    """A data set's facts. ``shape`` is one example's: (channels, height, width) or (features,).

    ``mean`` and ``std`` (by channel, of values from 0 to 255) scale sets that are kept as bytes.
    ``pad`` and ``flip`` are what augmentation does to these images: shift by up to so many
    pixels each way, mirror left to right. A regression has no classes, and its chance is None.
    """

    name: str
    title: str
    noun: str  # what one example is called, in the plural: "digits", "points"
    summary: str
    kind: str  # "image" or "points": what families can take it
    shape: tuple[int, ...]
    classes: int
    train_size: int
    test_size: int
    chance: float | None  # error of always naming the most frequent training class, a fraction
    source: str
    licence: str
    citation: str
    task: Literal["classification", "regression"] = "classification"
    labels: tuple[str, ...] = ()  # what the classes are called, where that is not their number
    pad: int = 0
    flip: bool = False
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    published: Published | None = None  # None: comes with the program, or is the user's own
    version: str = ""  # of the user's own images: changes when they do
    resize: int | None = None  # pixels high and wide that they are brought to; None: as they are
    # "module:function"; for an embedded set a function of no arguments that returns the Dataset,
    # else the reader of its files (see app.data.decoded).
    code: str

    @property
    def outputs(self) -> int:
        """How many numbers a network answers with: one a class, or as many as it was given."""
        return self.classes or prod(self.shape)

    @property
    def embedded(self) -> bool:
        """Whether the set comes with the program."""
        return self.published is None and not self.version

    def load(self) -> Dataset:
        """An embedded set itself; imports what its loader needs."""
        assert self.embedded
        module, _, function = self.code.partition(":")
        return cast("Dataset", getattr(import_module(module), function)())
