"""The lines of docs/networks-kept.md give the error that the run told."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.events import Evaluated
from app.training.loop import train

ROOT = Path(__file__).parents[2]
PATH = f"import sys; sys.path.insert(0, {str(ROOT)!r})"


@pytest.mark.processes
def test_a_kept_network_in_plain_pytorch_makes_the_error_that_the_run_told(tmp_path: Path) -> None:
    run = train({"net": {"depth": 20, "width": 4}, "steps": 30, "evaluate": {"every": 30}})
    (*_, last) = (event for event in run if isinstance(event, Evaluated))
    assert run.keep(tmp_path / "network.safetensors") is None
    text = (ROOT / "docs" / "networks-kept.md").read_text(encoding="utf-8")
    examples = "\n".join(re.findall(r"```python\n(.*?)```", text, re.S))

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{PATH}\n{examples}"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert last.test_error is not None
    (error,) = re.findall(r"tensor\((.*)\)", done.stdout.splitlines()[0])
    assert float(error) == pytest.approx(last.test_error, abs=1e-4)
    assert done.stdout.splitlines()[1].startswith("20 30 Net(")
