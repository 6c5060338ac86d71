"""The example of docs/library.md does what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.processes
def test_the_example_trains_and_its_network_makes_the_error_that_was_told() -> None:
    text = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.S)

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    *told, last = done.stdout.splitlines()
    assert len(told) == 5
    (error,) = re.findall(r"after 40 steps (.*)% of", told[-1])
    assert abs(float(error) / 100 - float(re.findall(r"[\d.]+", last)[0])) < 0.0006
