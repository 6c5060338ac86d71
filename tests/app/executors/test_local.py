"""The engine of one machine."""

from __future__ import annotations

from app.executors.local import LocalExecutor
from tests.contracts.executor import ExecutorContract


class TestLocalExecutor(ExecutorContract):
    """The contract."""

    @staticmethod
    def make(workers: int, trainer: str, describer: str) -> LocalExecutor:
        return LocalExecutor(workers, trainer=trainer, describer=describer, warm=None)
