"""Sweeps, their runs and their measured cells, as the page's logic is given them."""

from __future__ import annotations

import json
from typing import Any

from app.spec import RunSpec

IMPORTS = """
const sweep = await load("sweep");
const { linkOf, planOf } = await load("sweeplink");
const points = await load("points");
const { trendOf, verdict } = await load("predict");
const said = await load("sweepwords");
"""

Cells = list[tuple[int, float, float]]  # depth, least and greatest error of the seeds

PLAIN: Cells = [(8, 0.0, 0.0), (56, 0.7, 0.8)]
FLAT: Cells = [(8, 0.0, 0.0), (56, 0.0, 0.01)]
DIGITS = {"noun": "digits", "task": "classification", "train_size": 1000}
POINTS = {"noun": "points", "task": "regression", "train_size": 1024}


def base(**settings: Any) -> dict[str, Any]:
    return RunSpec.model_validate_json(json.dumps(settings)).model_dump(mode="json")


def run(seed: int = 0, skip: str = "none", depth: int = 8, **state: Any) -> dict[str, Any]:
    spec = base(net={"depth": depth, "skip": skip}, seed=seed)
    return {
        "id": f"{skip}{depth}{seed}", "spec": spec, "state": "queued", "step": 0, "steps": 200,
        "last_seq": -1, "result": None, "reason": None, "started": None, "place": None, **state,
    }  # fmt: skip


def done(error: float, **where: Any) -> dict[str, Any]:
    result = {"train_error": error, "step": 200, "count": 1000, "diverged": False}
    return run(**where, state="finished", step=200, result=result)


def cells(skip: str, of: Cells) -> list[dict[str, Any]]:
    return [
        {"skip": skip, "value": d, "n": 2, "min": a, "max": b, "mean": (a + b) / 2}
        for d, a, b in of
    ]
