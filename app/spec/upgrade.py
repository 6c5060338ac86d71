"""Configurations of earlier versions, brought to this one."""

from __future__ import annotations

from typing import Any

VERSION = 2
IDLE = ("none", "projection")  # skips of version 1 that never used the network's ``downsample``


def upgrade(config: Any) -> Any:
    """The same configuration as this version writes it; what is none is left to be refused.

    Version 1 had one flat network for both families: a ``block`` without effect, and a
    ``downsample`` that networks had, too, which never use it. A configuration without a version is
    1 where only that fits.
    """
    if not isinstance(config, dict) or not _is_first(config):
        return config
    net = config.get("net", {})
    if isinstance(net, dict):
        dropped = {*_dropped(net), *(("downsample",) if _named(net.get("skip")) in IDLE else ())}
        net = {key: value for key, value in net.items() if key not in dropped}
        if "family" in net:
            net["family"] = _named(net["family"])
    return {**config, "version": VERSION, **({"net": net} if "net" in config else {})}


def _is_first(config: dict[str, Any]) -> bool:
    if "version" not in config:
        net = config.get("net")
        return isinstance(net, dict) and any(key in net for key in _dropped(net))
    version = config["version"]
    return type(version) is int and version == 1


def _dropped(net: dict[str, Any]) -> tuple[str, ...]:
    return ("block", "downsample") if _named(net.get("family")) == "mlp" else ("block",)


def _named(choice: Any) -> Any:
    """A choice's name, which version 1 took as an object with its name, too."""
    return choice["name"] if isinstance(choice, dict) and set(choice) == {"name"} else choice
