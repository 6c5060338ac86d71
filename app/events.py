"""What a run says, event by event, and how it is written as JSON.

A number that is not finite travels as null. Readers ignore types and fields they don't know.
"""

from __future__ import annotations

from math import isfinite, isnan
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.spec import RunSpec
from models.anatomy import Anatomy


def absent(value: Any) -> bool:
    """Whether a field says nothing, and is left out."""
    return value is None


class Event(BaseModel):
    """What all events have in common."""

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="null")


class Point(Event):
    """Where gradient flow is measured: the output of the stem, of a block, or of the head."""

    name: str
    kind: Literal["stem", "block", "head"]
    shape: tuple[int, ...]  # of one example


class Layer(Event):
    """A weighted layer. ``block`` names the point whose output it helps to make."""

    name: str
    kind: Literal["linear", "conv", "projection", "gate", "excitation"]
    block: str
    shape: tuple[int, ...]  # of the weight
    params: int  # with its bias, and those of the norm that goes with it


class Metric(Event):
    """A quantity in frames and evaluations: its unit and which way is better."""

    name: str
    title: str
    unit: Literal["fraction", "nat", "variance"]  # of the inputs
    better: Literal["lower", "higher"]


class Measured(Event):
    """A measure of a run: what frames list under its name, and at which places, in depth order.

    ``at``: each place is the output of a part, a block, or a weighted layer of the main path.
    ``relative``: it is shown beside the last block's. ``absent``: why it has no place here.
    ``untold``: a run of an earlier version, which did not tell what a 0 of it is.
    """

    name: str
    title: str
    summary: str
    unit: str
    scale: Literal["log", "linear"]
    relative: bool
    at: Literal["part", "block", "layer"]
    places: tuple[str, ...]
    untold: Literal[True] | None = Field(None, exclude_if=absent)
    absent: str | None = Field(None, exclude_if=absent)


class Engine(Event):
    """What trained: torch's device, its threads, and whether runs were stacked in one step."""

    device: str
    threads: int
    stacked: bool = False


class Started(Event):
    """The first event: everything that is known before step 1."""

    type: Literal["started"] = "started"
    spec: RunSpec
    layers: tuple[Layer, ...]  # of the main path, in depth order
    other_layers: tuple[Layer, ...]  # beside it: projections, gates, excitation
    points: tuple[Point, ...]  # in depth order
    blocks: tuple[Anatomy, ...] = ()  # what they are made of; nothing of runs of earlier versions
    measures: tuple[Measured, ...]
    params: int
    steps_per_epoch: int
    metrics: tuple[Metric, ...]
    engine: Engine
    versions: dict[str, str]  # and what else decides about the last digits: docs/measurements.md
    analysis: dict[str, Any] | None = Field(None, exclude_if=absent)  # what is asked, of one


Number = float | None  # None: not finite

Underflowed = dict[str, tuple[int, ...]]  # by measure


class Frame(Event):
    """What was measured up to step ``step``.

    ``loss`` and ``error`` have one value for each step since the previous frame, of the step's
    own batch before its update; ``error`` is a fraction, absent where the task has none.
    ``measures`` are taken at ``step``: by name the values at the measure's places, null where one
    is not finite or the loss does not depend on the place.

    ``underflowed`` names by measure the places at which a 0 is not exactly 0 but less than float32
    holds (1e-45); training gets 0 all the same. ``signal`` stands there even where it is not
    measured: points whose output itself is 0 so, for the whole batch, through which no gradient can
    come back. Absent where there are none.
    """

    type: Literal["frame"] = "frame"
    step: int
    loss: tuple[Number, ...]
    error: tuple[Number, ...] | None = Field(None, exclude_if=absent)
    measures: dict[str, tuple[Number, ...]]
    underflowed: Underflowed | None = Field(None, exclude_if=absent)
    lr: float
    time: float  # seconds of training, evaluations excluded


class Evaluated(Event):
    """The whole sets after ``step`` updates, or as many examples as the counts say; errors 0 to 1.

    Errors are absent where the task has none.
    """

    type: Literal["evaluated"] = "evaluated"
    step: int
    train_error: float | None = Field(None, exclude_if=absent)
    train_loss: Number
    test_error: float | None = Field(None, exclude_if=absent)
    test_loss: Number
    count: int
    test_count: int


class Predicted(Event):
    """What the network answers to a few test examples after ``step`` updates, one by one.

    ``examples`` are their places in the test set, ``truth`` their classes. ``predicted`` is the
    class that the network finds most probable (null where its answer is not finite),
    ``probability`` what it gives to that class, and ``true_probability`` what it gives to the true
    one. A regression has no classes: all these are absent, and ``outputs`` holds its answers.
    """

    type: Literal["predicted"] = "predicted"
    step: int
    examples: tuple[int, ...]
    truth: tuple[int, ...] | None = Field(None, exclude_if=absent)
    predicted: tuple[int | None, ...] | None = Field(None, exclude_if=absent)
    probability: tuple[Number, ...] | None = Field(None, exclude_if=absent)
    true_probability: tuple[Number, ...] | None = Field(None, exclude_if=absent)
    outputs: tuple[tuple[Number, ...], ...] | None = Field(None, exclude_if=absent)


class Changed(Event):
    """From step ``step`` on, these settings have these values."""

    type: Literal["changed"] = "changed"
    step: int
    set: dict[str, float]


class Finding(Event):
    """One result of an analysis: of ``what``, or after ``what`` was done to these blocks.

    ``train`` and ``test`` hold the ``loss`` and ``error`` (0 to 1, absent where the task has none)
    of the network as it is then, over as many examples as ``evaluated`` counted. ``values`` are
    numbers of the analysis's own, by name. ``absent``: why it can't be done here; then nothing was
    measured.
    """

    type: Literal["result"] = "result"
    step: int
    what: str
    blocks: tuple[str, ...] = ()
    train: dict[str, Number] | None = Field(None, exclude_if=absent)
    test: dict[str, Number] | None = Field(None, exclude_if=absent)
    values: dict[str, Number] | None = Field(None, exclude_if=absent)
    absent: str | None = Field(None, exclude_if=absent)


NotFinite = Literal["infinite", "nan"]


def not_finite(loss: float) -> NotFinite | None:
    """What a loss has become that is not finite; None of one that is."""
    if isfinite(loss):
        return None
    return "nan" if isnan(loss) else "infinite"


class Finished(Event):
    """An ending: all steps done, or the loss stopped being finite (``diverged``) at ``step``.

    ``became`` says what such a loss was: ``infinite``, or ``nan``, no number at all. ``unkept``
    says why the network could not be kept, where it was to be.
    """

    type: Literal["finished"] = "finished"
    step: int
    diverged: bool = False
    became: NotFinite | None = Field(None, exclude_if=absent)
    unkept: str | None = Field(None, exclude_if=absent)


class Stopped(Event):
    """An ending: somebody stopped the run after ``step`` steps; ``unkept`` as of ``Finished``."""

    type: Literal["stopped"] = "stopped"
    step: int
    reason: str | None = Field(None, exclude_if=absent)
    unkept: str | None = Field(None, exclude_if=absent)


class Failed(Event):
    """An ending: the run could not go on after ``step`` steps; ``reason`` is for people."""

    type: Literal["failed"] = "failed"
    step: int
    reason: str


AnyEvent = Annotated[
    Started | Frame | Evaluated | Predicted | Changed | Finding | Finished | Stopped | Failed,
    Field(discriminator="type"),
]
EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
ENDINGS = (Finished, Stopped, Failed)


def encode(run: str, seq: int, event: Event) -> bytes:
    """The event as one JSON object with its run and its number (from 0, without holes)."""
    body = event.model_dump_json().encode()
    return b'{"run":"%s","seq":%d,%s' % (run.encode(), seq, body[1:])


class Result(Event):
    """What is kept of a run beside its events: the last evaluation, and the sum of its parts."""

    step: int
    params: int
    seconds: float  # of training, evaluations excluded
    diverged: bool = False
    became: NotFinite | None = Field(None, exclude_if=absent)  # of one that diverged
    unkept: str | None = Field(None, exclude_if=absent)  # why its network could not be kept
    evaluated: int | None = None  # the step of that evaluation, which may lie before ``step``
    train_error: Number = None
    train_loss: Number = None
    test_error: Number = None
    test_loss: Number = None
    count: int | None = None
    test_count: int | None = None

    def after(self, event: Event) -> Result:
        """What it is once the run has said this too."""
        match event:
            case Started():
                news: dict[str, Any] = {"params": event.params}
            case Frame():
                news = {"step": event.step, "seconds": event.time}
            case Finding():
                news = {"step": event.step}
            case Evaluated():
                news = event.model_dump(exclude={"type"}) | {"evaluated": event.step}
            case Finished():
                news = event.model_dump(exclude={"type"})
            case Stopped():
                news = {"step": event.step, "unkept": event.unkept}
            case Failed():
                news = {"step": event.step}
            case _:
                return self
        return self.model_copy(update=news)

    def measured_after(self, step: int) -> bool:
        """Whether its errors and losses are those after ``step`` steps, not from before."""
        return self.evaluated == step


NOTHING = Result(step=0, params=0, seconds=0.0)  # of a run that has not said anything
