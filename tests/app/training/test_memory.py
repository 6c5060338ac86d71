"""What is free, and what of it a run may take."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from app.machine import VARIABLE
from app.mistakes import BadField
from app.training import memory

CPU = torch.device("cpu")
MIB = 2**20


def test_cached_files_that_nobody_uses_are_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "CGROUP", tmp_path)
    (tmp_path / "memory.max").write_text(f"{100 * MIB}\n")
    (tmp_path / "memory.current").write_text(f"{90 * MIB}\n")
    (tmp_path / "memory.stat").write_text(f"anon {30 * MIB}\ninactive_file {60 * MIB}\n")
    assert memory.available(CPU) == 70 * MIB


def test_a_container_without_a_limit_has_what_the_machine_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "CGROUP", tmp_path)
    machine = memory.available(CPU)
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.available(CPU) == pytest.approx(machine, rel=0.5)


def test_runs_that_may_train_at_once_share_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    memory.check(needs=80 * MIB, free=100 * MIB)
    monkeypatch.setenv(VARIABLE, "2")
    memory.check(needs=40 * MIB, free=100 * MIB)
    with pytest.raises(BadField, match="are free, for 2 runs that may train at once"):
        memory.check(needs=80 * MIB, free=100 * MIB)
