"""What the parts of the web share: one object a server, no globals."""

from __future__ import annotations

from dataclasses import dataclass

from app.runs import Runs
from app.settings import Settings
from app.web.assets import Assets
from app.web.catalog_cache import CatalogCache
from app.web.describer import Describer
from app.web.downloads import Downloads
from app.web.owners import Owners
from app.web.queue_limits import QueueLimits
from app.web.sockets import Viewers


@dataclass(frozen=True)
class AppContext:
    """A server's parts."""

    settings: Settings
    shared: str | None  # the address that other machines open, where that is known
    runs: Runs
    assets: Assets
    catalogs: CatalogCache
    owners: Owners
    queue_limits: QueueLimits
    describer: Describer
    downloads: Downloads
    viewers: Viewers
