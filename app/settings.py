"""The server's settings, from the environment (DEPTHSCOPE_...) or the command line."""

from __future__ import annotations

import os
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


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
    origins: tuple[str, ...] = Field(
        (), description="further origins that may write, for a server behind a proxy"
    )

    public_address: str | None = Field(
        None, description="what others open, as http://host:port, where it is not this machine's"
    )
    container: bool = Field(
        False, description="the machine's own addresses lead here from nowhere else"
    )

    @field_validator("public_address")
    @classmethod
    def _plain_address(cls, address: str | None) -> str | None:
        return _origin(address.removesuffix("/")) if address else None

    @field_validator("origins")
    @classmethod
    def _plain_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(_origin, origins))

    @cached_property
    def pages(self) -> frozenset[str]:
        """Origins of our own pages beside the address of each request."""
        public = () if self.public_address is None else (self.public_address,)
        return frozenset((*self.origins, *public))

    @cached_property
    def database_url(self) -> str:
        """Where the store is."""
        return self.database or f"sqlite:///{self.data / 'depthscope.sqlite'}"

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
