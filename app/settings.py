"""The server's settings, from the environment (DEPTHSCOPE_...) or the command line."""

from __future__ import annotations

import os
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_data_path
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from sqlalchemy import URL


class Settings(BaseSettings):
    """What a server needs to know. Each can be set as ``DEPTHSCOPE_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="DEPTHSCOPE_", frozen=True)

    host: str = Field("127.0.0.1", description="address to bind; 0.0.0.0 opens it to the network")
    port: int = Field(8000, ge=0, le=65535, description="port to bind; 0 picks a free one")
    data: Path = Field(
        default_factory=lambda: user_data_path("depthscope"),
        description="folder for the database, the secret and downloaded data sets",
    )
    database: str | None = Field(
        None, description="SQLAlchemy URL; by default SQLite in the data folder"
    )
    workers: int = Field(
        default_factory=lambda: max(2, os.cpu_count() or 1),
        ge=2,
        le=256,
        description="training processes kept warm",
    )
    networks: int = Field(
        2000,
        ge=0,
        le=10_000_000,
        description="megabytes that trained networks may take, the oldest go first; 0 keeps none",
    )
    origins: tuple[str, ...] = Field(
        (), description="further origins that may write, for a server behind a proxy"
    )

    public_address: str | None = Field(
        None,
        description="what others open, as http://host:port or http://host/path, "
        "where it is not this machine's",
    )
    container: bool = Field(
        False,
        description="nobody else can open the machine's own addresses: they are a container's",
    )

    @field_validator("public_address")
    @classmethod
    def _plain_address(cls, address: str | None) -> str | None:
        if not address:
            return None
        scheme, separator, rest = address.rstrip("/").partition("://")
        host, *path = rest.split("/", 1)
        return "/".join((_origin(f"{scheme}{separator}{host}"), *path))

    @field_validator("origins")
    @classmethod
    def _plain_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(_origin, origins))

    @cached_property
    def pages(self) -> frozenset[str]:
        """Origins of our own pages beside the address of each request."""
        address = self.public_address
        public = () if address is None else ("/".join(address.split("/", 3)[:3]),)
        return frozenset((*self.origins, *public))

    @cached_property
    def database_url(self) -> str | URL:
        """Where the store is."""
        from sqlalchemy import URL  # takes a moment, and help needs none

        if self.database:
            return self.database
        # made, not written: what has a meaning in an address may stand in a folder's name
        return URL.create("sqlite", database=str(self.data / "depthscope.sqlite"))

    @cached_property
    def networks_folder(self) -> Path:
        """Where trained networks are kept; absolute, since workers write there."""
        return self.data.absolute() / "networks"

    @cached_property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def _origin(text: str) -> str:
    scheme, found, rest = text.partition("://")
    if scheme not in ("http", "https") or not found or not rest or "/" in rest:
        raise ValueError("it is written scheme://host or scheme://host:port")
    return text.lower()
