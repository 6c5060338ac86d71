"""The link that holds a whole configuration, as static/js/logic/link.js reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from app.figures.series import settings_of

Json = Mapping[str, Any]


def link(view: Json) -> str:
    """Path and query of the page that trains a run or study again, with every setting in it.

    A single run is trained beside its plain twin; a plain one beside the one with identity skips.
    """
    spec = view["spec"]
    if "runs" not in view:
        plain = spec["net"]["skip"] == "none"
        net = {**spec["net"], "skip": "identity"} if plain else spec["net"]
        return _page("/", {**spec, "net": net}, {"against": "none"})
    own = {key: value for key, value in spec.items() if key not in ("study", "base")}
    return _page("/" if view["study"] == "twins" else "/depth", spec["base"], own)


def _page(path: str, base: Json, own: Json) -> str:
    settings = {key: text for key, text in settings_of(base).items() if key != "version"}
    # Values may be names or numbers, which only JSON tells apart.
    others = {
        key: json.dumps(value) if key == "values" else _text(value) for key, value in own.items()
    }
    return f"{path}?{urlencode({'v': base['version'], **settings, **others})}"


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
