"""The variants in which a published file can lie in the data folder, and be used where it lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from app.data.entry import File, Variant


@dataclass(frozen=True, slots=True)
class Found:
    """A published file that is there: in which variant, where, and how many bytes it has."""

    variant: Variant
    path: Path
    size: int

    @property
    def damaged(self) -> bool:
        """Whether its size alone tells that it is another."""
        return bool(self.variant.size) and self.size != self.variant.size

    def content(self) -> bytes:
        """What is published, made of what lies there.

        Raises:
            OSError: it can't be read.
            ValueError: that can't be made of it; the message goes on from "it".
        """
        raw = self.path.read_bytes()
        if not self.variant.code:
            return raw
        module, _, function = self.variant.code.partition(":")
        return cast("bytes", getattr(import_module(module), function)(raw))


def variants(file: File) -> tuple[Variant, ...]:
    """All variants of a file, the published one first."""
    return Variant(file.path, file.sha256, file.size), *file.variants


def find(file: File, places: Iterable[Path]) -> Found | None:
    """The file in the first of these places that has it, in whichever variant."""
    for place in places:
        for variant in variants(file):
            path = place / variant.path
            if (size := size_of(path)) is not None:
                return Found(variant, path, size)
    return None


def size_of(path: Path) -> int | None:
    """A file's bytes; None where it is not, or where it may not be looked at."""
    try:
        return path.stat().st_size
    except OSError:
        return None
