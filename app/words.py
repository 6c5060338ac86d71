"""Words from the one file that holds all words of the pages."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from app.assets import folder

_PLACEHOLDER = re.compile(r"\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}")


@cache
def table() -> dict[str, Any]:
    """All words as nested dictionaries."""
    words: dict[str, Any] = json.loads((folder("templates") / "words.json").read_text("utf-8"))
    return words


def raw(key: str) -> str:
    """The words at a dotted key as they stand: for Plotly's own ``%{...}`` templates.

    Raises:
        KeyError: there are no words at this key.
    """
    found: Any = table()
    for part in key.split("."):
        found = found[part]
    if not isinstance(found, str):
        raise KeyError(key)
    return found


def t(key: str, **values: object) -> str:
    """The words at a dotted key with ``{name}`` filled in; ``{n|step|steps}`` picks by number.

    Raises:
        KeyError: there are no words at this key, or one of its values is missing.
    """

    def fill(match: re.Match[str]) -> str:
        name, one, many = match.groups()
        value = values[name]
        if one is None:
            return str(value)
        return str(one if value == 1 else many)

    return _PLACEHOLDER.sub(fill, raw(key))


def divergence(step: int, became: str | None) -> str:
    """What a loss did that stopped being finite: "became infinite at step 3".

    ``became`` is "infinite" or "nan"; None of a run that was kept before this was told apart.
    """
    return t(f"common.divergence.{became or 'unknown'}", step=step)
