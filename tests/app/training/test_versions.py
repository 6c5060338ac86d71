"""What a run tells of the machine is what makes its curves differ."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from app.events import Started
from app.training.loop import train
from app.training.versions import versions
from tests.app.training.specs import small

TOLD = """
import json
from app.training.versions import versions
import torch
print(json.dumps(versions(torch.device("cpu"))))
"""


def test_a_run_tells_versions_and_kernels() -> None:
    started = next(train(small()))
    assert isinstance(started, Started)
    assert started.versions == versions(torch.device("cpu"))
    assert started.versions["numpy"] == np.__version__
    assert started.versions["cpu"] == torch.backends.cpu.get_cpu_capability()


@pytest.mark.processes
def test_kernels_that_were_chosen_by_the_environment_are_told_and_threads_are_not() -> None:
    chosen = {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE"}
    threads = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", TOLD],
        env={**os.environ, **chosen, **threads}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    usual = versions(torch.device("cpu"))
    assert json.loads(done.stdout) == {**usual, **chosen, "cpu": "DEFAULT"}


def test_a_library_that_was_switched_off_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mkl, "is_available", lambda: False)
    assert versions(torch.device("cpu"))["mkl"] == "off"
