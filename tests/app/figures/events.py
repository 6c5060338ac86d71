"""Made-up runs, small enough to check by hand."""

from __future__ import annotations

import json
from typing import Any

from app.events import (
    Engine,
    Evaluated,
    Event,
    Finished,
    Frame,
    Layer,
    Metric,
    Point,
    Started,
    encode,
)
from app.spec import RunSpec, with_values
from tests.app.measured import usual

Json = dict[str, Any]


def spec(skip: str = "none", steps: int = 3, **values: Any) -> RunSpec:
    """A run of an mlp of depth 4: a stem, one block, a head."""
    return with_values(
        RunSpec(steps=steps),
        {"net.family": "mlp", "net.depth": 4, "net.skip": skip, **values},
    )


def said(
    run: str = "aaaaaaaaaa",
    of: RunSpec | None = None,
    *,
    flow: tuple[float | None, ...] = (1e-3, 0.0, 0.5),
    diverged: bool = False,
) -> list[bytes]:
    """What such a run says, encoded as the store keeps it: an evaluation, frames, an ending."""
    of = of or spec()
    names = ("stem", "block1.layer1", "block1.layer2", "head")
    layers = tuple(
        Layer(name=name, kind="linear", block=name.split(".")[0], shape=(2, 2), params=6)
        for name in names
    )
    points = (
        Point(name="stem", kind="stem", shape=(2,)),
        Point(name="block1", kind="block", shape=(2,)),
        Point(name="head", kind="head", shape=(10,)),
    )
    events: list[Event] = [
        Started(
            spec=of,
            layers=layers,
            other_layers=(),
            points=points,
            measures=usual([point.name for point in points], names),
            params=24,
            steps_per_epoch=22,
            metrics=(Metric(name="loss", title="Loss", unit="nat", better="lower"),),
            engine=Engine(device="cpu", threads=1),
            versions={},
        ),
        _evaluated(0, 0.9),
    ]
    for step in range(1, of.steps + 1):
        lost = diverged and step == of.steps
        events.append(
            Frame(
                step=step,
                loss=(None if lost else 2.5 / step,),
                error=(0.5,),
                measures={
                    "flow": flow,
                    "weight_grad": (0.1, 0.2, 0.3, 0.4),
                    "update_ratio": (1e-3, 1e-3, 1e-3, 1e-3),
                },
                lr=0.05,
                time=0.01 * step,
            )
        )
    if not diverged:
        events.append(_evaluated(of.steps, 0.25))
    events.append(Finished(step=of.steps, diverged=diverged, became="nan" if diverged else None))
    return [encode(run, seq, event) for seq, event in enumerate(events)]


def _evaluated(step: int, error: float) -> Evaluated:
    return Evaluated(
        step=step,
        train_error=error,
        train_loss=2 * error,
        test_error=error / 2,
        test_loss=error,
        count=1000,
        test_count=360,
    )


def run_view(run: str = "aaaaaaaaaa", of: RunSpec | None = None, **more: Any) -> Json:
    """A finished run as HTTP shows it."""
    of = of or spec()
    view = {
        "id": run,
        "state": "finished",
        "spec": json.loads(of.model_dump_json()),
        "study": None,
        "step": of.steps,
        "steps": of.steps,
        "last_seq": of.steps + 3,
        "result": {
            "step": of.steps,
            "params": 24,
            "seconds": 0.03,
            "diverged": False,
            "evaluated": of.steps,
            "train_error": 0.25,
            "train_loss": 0.5,
            "test_error": 0.125,
            "test_loss": 0.25,
            "count": 1000,
            "test_count": 360,
        },
        "reason": None,
        "created": "2024-01-01T00:00:00Z",
        "started": "2024-01-01T00:00:01Z",
        "ended": "2024-01-01T00:00:02Z",
        "waits": None,
        "ends_in": None,
        "mine": True,
    }
    return {**view, **more}


def twins() -> tuple[Json, dict[str, list[bytes]]]:
    """A finished pair and what its runs said."""
    plain, residual = spec("none"), spec("identity")
    runs = [run_view("bbbbbbbbbb", residual), run_view("aaaaaaaaaa", plain)]
    view = {"id": "cccccccccc", "study": "twins", "state": "finished", "runs": runs, "mine": False}
    view["created"] = runs[0]["created"]
    view["spec"] = {"study": "twins", "base": runs[0]["spec"], "against": "none"}
    return view, {
        "aaaaaaaaaa": said("aaaaaaaaaa", plain),
        "bbbbbbbbbb": said("bbbbbbbbbb", residual),
    }
