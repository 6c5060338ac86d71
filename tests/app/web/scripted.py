"""An engine without processes: what its runs say is made up, and said when the test wants it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from app.events import (
    Engine,
    Evaluated,
    Finished,
    Frame,
    Layer,
    Metric,
    Point,
    Started,
    Stopped,
    encode,
)
from app.executors.base import Action, Batch, Job, Queue, Refused, Sink, State, Task
from app.spec import RunSpec
from app.validation import BadField
from tests.app.measured import usual

FRAMES = 4


class ScriptedExecutor:
    """Keeps every run in its queue until ``go`` is set; then each says all it has at once."""

    def __init__(self, *, go: bool = True) -> None:
        self.go = threading.Event()
        if go:
            self.go.set()
        self.answering = threading.Event()  # while it isn't set, a description takes its time
        self.answering.set()
        self.described = 0
        self.measured: dict[str, Any] | None = None
        self.known: tuple[str, ...] | None = ("cpu",)  # the devices, once a worker has told
        self.missing: set[str] = set()  # data sets that are not there
        self._queue: dict[str, Task] = {}
        self._stopped: set[str] = set()
        self._thread = ThreadPoolExecutor(1)
        self._sink: Sink | None = None
        self._closing = False

    def start(self, sink: Sink) -> None:
        self._sink = sink

    def submit(self, job: Job) -> None:
        for task in job.tasks:
            self._queue[task.run] = task
            self._thread.submit(self._tell, task)

    def control(self, run: str, action: Action, reason: str | None = None) -> None:
        if run not in self._queue:
            raise Refused("the engine does not hold this run")
        if action is Action.STOP:
            self._stopped.add(run)
            self.go.set()

    def align(self, runs: Sequence[str], step: int) -> None:
        return

    def reserve(self, run: str) -> Future[int | None]:
        if run not in self._queue:
            raise Refused("the engine does not hold this run")
        answer: Future[int | None] = Future()
        answer.set_result(1)
        return answer

    def amend(self, run: str, spec: RunSpec) -> None:
        self._queue[run] = replace(self._queue[run], spec=spec)

    def queue(self) -> Queue:
        return Queue(tuple((run,) for run in self._queue))

    def devices(self) -> tuple[str, ...] | None:
        return self.known

    def describe(self, spec: RunSpec) -> dict[str, Any]:
        self.described += 1
        self.answering.wait()
        if spec.net.width == 1000:
            raise BadField("net.width", "does not fit into memory", "allowed: less")
        return {
            "spec": spec.model_dump(mode="json"),
            "layers": [],
            "other_layers": [],
            "points": [],
            "measures": [],
            "params": 1,
            "memory": {"needed": 1, "available": 2},
            "steps_per_epoch": 1,
            "device": "cpu",
            "measured": self.measured,
        }

    def samples(self, data: str, count: int, resize: int | None = None) -> dict[str, Any]:
        self.described += 1
        if data in self.missing:
            raise BadField("data", "is not complete", "get it with: depthscope data get")
        return {
            "data": data,
            "kind": "points",
            "shape": [2],
            "examples": [*range(count)],
            "truth": [0] * count,
            "classes": ["a", "b"],
            "images": None,
            "points": [[0.5, -1.0]] * count,
            "backdrop": {"points": [[0.0, 0.0]], "truth": [1]},
        }

    def close(self) -> None:
        self._closing = True
        self._stopped.update(self._queue)
        self.go.set()
        self._thread.shutdown(wait=True)

    def _tell(self, task: Task) -> None:
        self.go.wait()
        assert self._sink is not None
        del self._queue[task.run]
        stopped = task.run in self._stopped
        events = script(task.spec, stopped=stopped)
        self._sink.moved(task.run, State.RUNNING, 0)
        self._sink.received(
            Batch(
                run=task.run,
                first_seq=task.first_seq,
                events=tuple(
                    encode(task.run, task.first_seq + number, event)
                    for number, event in enumerate(events)
                ),
                step=FRAMES,
                ending=State.STOPPED if stopped else State.FINISHED,
                result={"step": FRAMES, "params": 1, "seconds": 0.5, "train_error": 0.25},
            )
        )


def script(spec: RunSpec, *, stopped: bool = False) -> list[Any]:
    """What a run says here."""
    return [
        Started(
            spec=spec,
            layers=(Layer(name="head", kind="linear", block="head", shape=(2, 2), params=6),),
            other_layers=(),
            points=(
                Point(name="stem", kind="stem", shape=(2,)),
                Point(name="head", kind="head", shape=(2,)),
            ),
            measures=usual(["stem", "head"], ["head"]),
            params=1,
            steps_per_epoch=1,
            metrics=(Metric(name="loss", title="Loss", unit="nat", better="lower"),),
            engine=Engine(device="cpu", threads=1),
            versions={},
        ),
        *(
            Frame(
                step=step,
                loss=(1.0 / step,),
                error=(0.5,),
                measures={
                    "flow": (1.0, None),
                    "weight_grad": (1.0,),
                    "update_ratio": (0.1,),
                },
                lr=0.05,
                time=0.1 * step,
            )
            for step in range(1, FRAMES + 1)
        ),
        Evaluated(
            step=FRAMES,
            train_error=0.25,
            train_loss=0.5,
            test_error=0.3,
            test_loss=0.6,
            count=100,
            test_count=50,
        ),
        Stopped(step=FRAMES) if stopped else Finished(step=FRAMES),
    ]
