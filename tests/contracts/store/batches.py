"""What tests put into a store: frames, endings, studies."""

from __future__ import annotations

from app.events import Finished, Frame, encode
from app.executors.base import Batch, State
from app.spec import RunSpec
from app.store.records import NewRun, NewStudy
from app.store.store import Store


def frame(run: str, seq: int, width: int = 3) -> bytes:
    """A real frame, small unless it is asked to be wide."""
    values = (0.5,) * width
    return encode(
        run,
        seq,
        Frame(
            step=seq,
            loss=(2.3,),
            measures={
                "flow": values,
                "weight_grad": values,
                "update_ratio": values,
            },
            lr=0.05,
            time=0.1,
        ),
    )


def frames(run: str, first: int, count: int) -> Batch:
    """Consecutive frames, one a step."""
    events = tuple(frame(run, seq) for seq in range(first, first + count))
    return Batch(run, first, events, step=first + count - 1)


def finish(run: str, seq: int) -> Batch:
    """The ending of a run that went well."""
    result = {"step": seq, "params": 10, "seconds": 0.1, "train_error": float("nan")}
    event = encode(run, seq, Finished(step=seq))
    return Batch(run, seq, (event,), step=seq, ending=State.FINISHED, result=result)


def add_study(store: Store, name: str, runs: list[str], kind: str = "twins") -> None:
    """A study of new runs, in this order."""
    spec = RunSpec().model_dump_json()
    store.add(
        [NewRun(run, spec, "me") for run in runs],
        NewStudy(name, kind, f'{{"study":"{kind}"}}', "me"),
    )
