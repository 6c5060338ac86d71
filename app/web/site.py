"""What the parts of the web share: one object a server, no globals."""

from __future__ import annotations

from dataclasses import dataclass

from app.runs import Runs
from app.settings import Settings
from app.web.assets import Assets
from app.web.choices import Choices
from app.web.describer import Describer
from app.web.downloads import Downloads
from app.web.owners import Owners
from app.web.sockets import Viewers
from app.web.waiting import Waiting


@dataclass(frozen=True)
class Site:
    """A server's parts."""

    settings: Settings
    shared: str | None  # the address that other machines open, where that is known
    runs: Runs
    assets: Assets
    choices: Choices
    owners: Owners
    waiting: Waiting
    describer: Describer
    downloads: Downloads
    viewers: Viewers
