"""What one run said, gathered for drawing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.data.registry import DATASETS
from app.words import t

Json = dict[str, Any]
ENDINGS = ("finished", "stopped", "failed")
QUANTITIES = ("flow_norm", "grad_norm", "update_ratio")


@dataclass(slots=True)
class Series:
    """One run: ``loss[i]`` and ``error[i]`` belong to step i + 1 (None: not finite)."""

    spec: Json
    label: str = ""
    variant: int = 0
    started: Json | None = None
    loss: list[float | None] = field(default_factory=list)
    error: list[float | None] = field(default_factory=list)
    frames: list[Json] = field(default_factory=list)
    evaluations: list[Json] = field(default_factory=list)
    ending: Json | None = None

    @property
    def role(self) -> str:
        """How the run is painted: plain, residual, or another skip."""
        return role(self.spec)

    @property
    def chance(self) -> float | None:
        """The error of always naming the most frequent class, a fraction; None without classes."""
        entry = DATASETS.get(data_name(self.spec))  # None: somebody's own images
        return entry.chance if entry else None

    @property
    def has_error(self) -> bool:
        """Whether answers can be right or wrong: not in a regression."""
        entry = DATASETS.get(data_name(self.spec))
        return entry is None or entry.task == "classification"

    @property
    def per_epoch(self) -> int | None:
        """Steps of one epoch, once the run has started."""
        return None if self.started is None else int(self.started["steps_per_epoch"])

    def places(self, quantity: str) -> list[Json]:
        """Where a quantity is measured, in depth order: flow at points, the others at layers."""
        if self.started is None:
            return []
        return list(self.started["points" if quantity == "flow_norm" else "layers"])


def gather(spec: Json, events: Iterable[bytes | str | Mapping[str, Any]]) -> Series:
    """The events of one run, encoded or not, in order; types that are not known are left out."""
    series = Series(spec)
    for event in events:
        body = json.loads(event) if isinstance(event, bytes | str) else dict(event)
        _take(series, body)
    return series


def _take(series: Series, event: Json) -> None:
    kind = event["type"]
    if kind == "started":
        series.started = event
    elif kind == "evaluated":
        series.evaluations.append(event)
    elif kind == "frame":
        series.frames.append(event)
        series.loss += event["loss"]
        series.error += event.get("error") or []
    elif kind in ENDINGS:
        series.ending = event


def role(spec: Mapping[str, Any]) -> str:
    """How a run of this spec is painted on every page."""
    return {"none": "plain", "identity": "residual"}.get(spec["net"]["skip"], "other")


def data_name(spec: Mapping[str, Any]) -> str:
    """The data set's name, whether it has settings or not."""
    data = spec["data"]
    return str(data if isinstance(data, str) else data["name"])


def labelled(runs: Sequence[Series]) -> Sequence[Series]:
    """Give each run a label that says what sets it apart, and runs of one role their lightness."""
    flats = [settings_of(run.spec) for run in runs]
    keys = {key for flat in flats for key in flat}
    varied = sorted(
        key for key in keys if key != "net.skip" and len({flat.get(key) for flat in flats}) > 1
    )
    seen: dict[str, int] = {}
    for run, flat in zip(runs, flats, strict=True):
        details = [f"{key.rsplit('.', 1)[-1]} {flat[key]}" for key in varied if key in flat]
        run.label = ", ".join([name(run.spec), *details])
        run.variant = seen.get(run.role, 0)
        seen[run.role] = run.variant + 1
    return runs


def name(spec: Mapping[str, Any]) -> str:
    """What a run is called on charts: plain, residual, or by its skip."""
    kind = role(spec)
    return str(spec["net"]["skip"]) if kind == "other" else t(f"common.roles.{kind}")


def settings_of(value: Any, path: str = "") -> dict[str, str]:
    """All settings of a spec by dotted path, as texts; a choice's name by the choice's path."""
    if not isinstance(value, Mapping):
        return {path: json.dumps(value).strip('"')}
    inner = (
        settings_of(below, path if key == "name" else f"{path}.{key}".lstrip("."))
        for key, below in value.items()
    )
    return {key: text for flat in inner for key, text in flat.items()}
