"""Answers the tests of JavaScript from Python's side: one process for all their files.

Each line that comes is ``{"name": ..., "args": [...]}``, each that goes ``{"value": ...}``, or
``{"error": ...}`` where there is none: what the server itself makes of a configuration, so that the
modules of the pages are held against it.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

from pydantic import ValidationError

from app.figures.themes import DASHES, MARKERS
from app.spec import RunSpec, with_skip, with_values
from app.spec.optimizer import Sgd
from app.studies.presets import PRESETS
from app.studies.registry import plan
from app.studies.spec import STUDY_SPEC, SWEEPABLE
from app.web.catalog import catalog
from models.build import sketch
from models.dissection import anatomies as dissected
from models.families import FAMILIES, net_spec
from models.outline import layers
from models.skips import SKIPS
from models.spec import nearest

Json = dict[str, Any]


def spec(settings: Json) -> Json:
    """The whole RunSpec."""
    return RunSpec.model_validate_json(json.dumps(settings)).model_dump(mode="json")


def study(settings: Json) -> Json:
    """The whole StudySpec."""
    return STUDY_SPEC.validate_json(json.dumps(settings)).model_dump(mode="json")


def accepts(settings: Json) -> bool:
    """Whether the server takes this study."""
    return _valid(lambda: study(settings))


def skipped(settings: Json, skip: str) -> Json:
    """The RunSpec with another skip."""
    spec = RunSpec.model_validate_json(json.dumps(settings))
    return with_skip(spec, skip).model_dump(mode="json")


def legal(field: str, value: object) -> bool:
    """Whether a run may have this setting."""
    return _valid(lambda: with_values(RunSpec(), {field: value}))


def _valid(make: Callable[[], object]) -> bool:
    try:
        make()
    except ValidationError:
        return False
    return True


def runs(settings: Json) -> list[Json]:
    """The runs of a study, in the order of its plan."""
    whole = STUDY_SPEC.validate_json(json.dumps(settings))
    return [run.model_dump(mode="json") for run in plan(whole)]


def depths(family: str, wanted: list[int]) -> list[Json]:
    """Of each depth, whether the family can have it, and which are nearest."""
    can = FAMILIES[family].depths("basic")
    return [{"legal": depth in can, "nearest": nearest(can, depth)} for depth in wanted]


def shortcuts(choice: Json) -> Json:
    """A convnet's parts with their output shapes, and which of them have a learned shortcut."""
    net, example = net_spec(family="convnet", **choice), (1, 8, 8)
    built = sketch(net, example, 10)
    parts = [
        {"name": part.name, "kind": part.kind, "shape": shape}
        for part, shape in zip(built.parts, built.shapes, strict=True)
    ]
    learned = sorted({layer.part for layer in layers(built) if not layer.main})
    return {"net": net.plain(), "parts": parts, "learned": learned}


def anatomies(choice: Json) -> list[Json]:
    """What the blocks of a convnet are made of, as a run tells it."""
    net = net_spec(family="convnet", **choice)
    return [asdict(one) for one in dissected(sketch(net, (1, 8, 8), 10), net)]


ANSWERS: dict[str, Callable[..., Any]] = {
    "catalog": catalog,
    "spec": spec,
    "study": study,
    "accepts": accepts,
    "legal": legal,
    "skipped": skipped,
    "runs": runs,
    "depths": depths,
    "shortcuts": shortcuts,
    "anatomies": anatomies,
    "looks": lambda: [DASHES, MARKERS],
    "families": lambda: list(FAMILIES),
    "sweepable": lambda: list(SWEEPABLE),
    "sgd": lambda: [field for field in Sgd.model_fields if field != "name"],
    "presets": lambda: [
        {"name": p.name, "title": p.title, "spec": p.spec.model_dump(mode="json")} for p in PRESETS
    ],
    "skips": lambda: list(SKIPS),
}


class _Asked(StreamRequestHandler):
    """The questions of one file of tests, in their order."""

    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(json.dumps(_answer(json.loads(line))).encode() + b"\n")


def _answer(asked: Json) -> Json:
    try:
        return {"value": ANSWERS[asked["name"]](*asked["args"])}
    except Exception:  # noqa: BLE001  # the test that asked fails with it
        return {"error": traceback.format_exc()}


@contextmanager
def answering() -> Iterator[int]:
    """Answer on a port of this machine, which is given, while the block runs."""
    with ThreadingTCPServer(("127.0.0.1", 0), _Asked) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
