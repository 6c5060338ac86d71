"""Networks that were trained a little, and what an analysis says of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.analyses.program import Analysing
from app.analyses.spec import ANALYSIS_SPEC, Asked
from app.events import Event
from app.training.loop import Training
from tests.app.training.specs import small


@cache
def trained(skip: str, **net: Any) -> Training:
    """A small run at its end."""
    training = Training(small(**{**net, "net__skip": skip, "evaluate__limit": 100}), fetch=False)
    for _ in training:
        pass
    return training


def asked(training: Training, analysis: str, **settings: Any) -> list[Event]:
    """What an analysis of its network says."""
    spec = ANALYSIS_SPEC.validate_python({"analysis": analysis, "of": "a" * 10, **settings})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        assert training.keep(path) is None
        return [event for event in Analysing(Asked(spec, path)) if event is not None]
