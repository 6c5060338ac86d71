"""The catalogue as of the images that are there now."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from app.data.own import own_images, stamp
from app.web.assets import Blob
from app.web.catalog import catalog

JSON = "application/json"


@dataclass(frozen=True)
class CachedCatalog:
    """A catalogue, and what it was made from."""

    stamp: Hashable
    catalog: dict[str, Any]

    @cached_property
    def blob(self) -> Blob:
        """The catalogue as served."""
        return Blob.text(json.dumps(self.catalog, allow_nan=False).encode(), JSON)


class CatalogCache:
    """Makes the catalogue anew when somebody's own images were added, changed or taken away."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: CachedCatalog | None = None

    def now(self) -> CachedCatalog:
        """What can be chosen now. Looks at the disk: not for the server's loop."""
        at = stamp(self._folder)
        kept = self._kept
        if kept is None or kept.stamp != at:
            kept = self._kept = CachedCatalog(at, catalog(own_images(self._folder)))
        return kept
