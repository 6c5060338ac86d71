"""Networks with a choice that has no effect, which earlier versions took."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from models.families import FAMILIES, net_spec
from models.registry import parameters
from models.skips import SKIPS
from models.spec import NetSpec


def refused() -> Iterator[NetSpec]:
    """Every network with one choice that has no effect, over all skips and two norms."""
    for family, skip, norm in product(FAMILIES, SKIPS, ("none", "batch")):
        usual = net_spec(family=family, depth=8, width=4, skip=skip, norm=norm)
        for name, _, parameter in parameters(type(usual)):
            for entry in (parameter.registry or {}).values():
                chosen: dict[str, Any] = {name: entry.choose()}
                spec = replace(usual, **chosen)
                unmet = [need for field, need in spec.unmet() if field == name]
                if any(need.same for need in unmet):
                    yield spec


CASES = list(refused())


def said(spec: NetSpec) -> str:
    return "-".join(spec.named(name) for name in ("family", "skip", "norm", "placement"))
