"""How runs that were asked for together are handed to an engine."""

from __future__ import annotations

from collections.abc import Sequence

from app.executors.base import Job, Task
from app.studies.registry import STUDIES


def jobs(study: str | None, tasks: Sequence[Task], *, paused: bool = False) -> list[Job]:
    """Twins start together; the runs of another kind of study, or of none, follow one another."""
    if study is not None and STUDIES[study].together:
        return [Job(tuple(tasks), paused)]
    return [Job((task,), paused) for task in tasks]
