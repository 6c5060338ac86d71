"""An engine that trains nothing: a test says what its runs do, and when."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

from app.events import Changed, Event, Failed, Finished, Frame, Result, Stopped, encode
from app.executors.base import Action, Batch, Job, Queue, Refused, Sink, State, Task
from app.spec import RunSpec

ENDING: dict[State, type[Event]] = {
    State.FINISHED: Finished,
    State.STOPPED: Stopped,
    State.FAILED: Failed,
}


@dataclass
class Script:
    """Where a run of the engine stands."""

    task: Task
    held: bool
    step: int = 0
    seq: int = 0
    state: State = State.QUEUED


@dataclass
class Scripted:
    """Obeys the Executor protocol. Runs wait until ``start_run``; whatever they say, a test says.

    ``inertia``: how many steps more a run makes before it obeys a pause. ``workers``: how many it
    says that train at once. ``ending``: who is to make room, and in how many seconds. ``reserved``:
    the runs that wait to be amended; who is ``speechless`` does not answer when that is asked.
    """

    inertia: dict[str, int] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    orders: list[tuple[str, Action]] = field(default_factory=list)
    aligned: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    scripts: dict[str, Script] = field(default_factory=dict)
    workers: int = 2
    ending: dict[str, float] = field(default_factory=dict)
    reserved: list[str] = field(default_factory=list)
    speechless: set[str] = field(default_factory=set)
    closing: bool = False
    sink: Sink | None = None

    # What the service calls.

    def start(self, sink: Sink) -> None:
        """Take note of who listens."""
        self.sink = sink

    def submit(self, job: Job) -> None:
        """Queue the job."""
        if self.closing:
            raise Refused("the engine is closing")
        self.jobs.append(job)
        for task in job.tasks:
            self.scripts[task.run] = Script(task, held=job.paused)

    def control(self, run: str, action: Action, reason: str | None = None) -> None:
        """Obey at once, but for a pause's inertia."""
        if run not in self.scripts:
            raise Refused("the engine does not hold this run")
        self.orders.append((run, action))
        script = self.scripts[run]
        match action, script.state:
            case Action.STOP, _:
                self.end(run, State.STOPPED, reason)
            case ((Action.PAUSE | Action.RESUME), State.QUEUED):
                script.held = action is Action.PAUSE
            case Action.PAUSE, State.RUNNING:
                self.steps(run, self.inertia.get(run, 0))
                self.move(run, State.PAUSED)
            case Action.RESUME, State.PAUSED:
                self.move(run, State.RUNNING)
            case Action.STEP, State.PAUSED:
                self.steps(run, 1)
                self.move(run, State.PAUSED)
            case _:
                pass  # has no meaning

    def align(self, runs: Sequence[str], step: int) -> None:
        """Let each go on until there."""
        self.aligned.append((tuple(runs), step))
        for run in runs:
            script = self.scripts.get(run)
            if script is not None and script.state is State.PAUSED:
                last = script.task.spec.steps
                self.steps(run, min(step, last) - script.step)
                if script.step < last:
                    self.move(run, State.PAUSED)
                else:
                    self.end(run, State.FINISHED)

    def reserve(self, run: str) -> Future[int | None]:
        """Answered at once: of one that waits, or of the next step, if there is one."""
        if run not in self.scripts:
            raise Refused("the engine does not hold this run")
        script = self.scripts[run]
        self.reserved.append(run)
        answer: Future[int | None] = Future()
        if run not in self.speechless:
            done = script.step >= script.task.spec.steps
            answer.set_result(None if done else script.step + 1)
        return answer

    def amend(self, run: str, spec: RunSpec) -> None:
        """Take over the spec; ``steps`` tell of its changes."""
        self.reserved.remove(run)
        if run in self.scripts:
            self.scripts[run].task = replace(self.scripts[run].task, spec=spec)

    def queue(self) -> Queue:
        """Those that were not started, and whom a test gave notice."""
        jobs = (tuple(task.run for task in job.tasks if self._waits(task.run)) for job in self.jobs)
        begun = sum(not self._waits(run) for run in self.scripts)
        free = 0 if self.ending else max(0, self.workers - begun)
        return Queue(tuple(job for job in jobs if job), self.workers, free, self.ending)

    def _waits(self, run: str) -> bool:
        return run in self.scripts and self.scripts[run].state is State.QUEUED

    def devices(self) -> tuple[str, ...] | None:
        """No worker tells."""
        return None

    def describe(self, spec: RunSpec) -> dict[str, Any]:
        """The spec, described by itself."""
        return {"spec": spec.model_dump(mode="json")}

    def samples(self, data: str, count: int, resize: int | None = None) -> dict[str, Any]:
        """What was asked for."""
        return {"data": data, "count": count}

    def close(self) -> None:
        """Interrupt all."""
        self.closing = True
        for run in list(self.scripts):
            self.end(run, State.INTERRUPTED, "the engine closed")

    # What a test calls.

    def begin(self, run: str) -> None:
        """The run gets a worker."""
        held = self.scripts[run].held
        self.move(run, State.RUNNING)
        if held:
            self.move(run, State.PAUSED)

    def move(self, run: str, state: State) -> None:
        """The run is running or paused."""
        script = self.scripts[run]
        script.state = state
        assert self.sink
        self.sink.moved(run, state, script.step)

    def steps(self, run: str, count: int) -> None:
        """The run makes so many steps, each told by a frame of its own."""
        script = self.scripts[run]
        for _ in range(count):
            script.step += 1
            for change in script.task.spec.changes:
                if change.step == script.step:
                    self.say(run, Changed(step=change.step, set=change.set))
            self.say(run, a_frame(script.step))

    def say(self, run: str, *events: Event) -> None:
        """The run says this."""
        script = self.scripts[run]
        first = script.seq
        script.seq += len(events)
        encoded = tuple(encode(run, seq, event) for seq, event in enumerate(events, first))
        assert self.sink
        self.sink.received(Batch(run, first, encoded, script.step))

    def end(self, run: str, ending: State, reason: str | None = None) -> None:
        """The run ends."""
        script = self.scripts.pop(run)
        said = {} if reason is None else {"reason": reason}
        kind = ENDING.get(ending)
        event = None if kind is None else kind.model_validate({"step": script.step, **said})
        result = Result(step=script.step, params=10, seconds=0.5, evaluated=0, train_error=0.25)
        batch = Batch(
            run,
            script.seq,
            (encode(run, script.seq, event),) if event else (),
            script.step,
            ending=ending,
            result=result.model_dump(mode="json"),
            reason=reason,
        )
        assert self.sink
        self.sink.received(batch)


def a_frame(step: int, width: int = 3) -> Frame:
    """A frame of one step; ``width`` is how many layers it tells of."""
    values = (0.5,) * width
    return Frame(
        step=step,
        loss=(2.3,),
        error=(0.9,),
        measures={
            "flow": values,
            "weight_grad": values,
            "update_ratio": values,
        },
        lr=0.05,
        time=step / 100,
    )
