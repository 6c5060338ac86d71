"""Events as JSON: what every reader relies on."""

import json
from math import inf, nan

from app.events import EVENT, NOTHING, Evaluated, Finished, Frame, Stopped, encode


def frame(**values: object) -> Frame:
    shown = {
        "step": 3,
        "loss": (0.5, nan),
        "error": (0.25, 0.5),
        "measures": {"flow": (1e-30, 0.0, inf), "weight_grad": (1.0,)},
        "lr": 0.1,
        "time": 0.5,
    }
    return Frame.model_validate({**shown, **values})


def test_an_event_is_one_json_object_with_its_run_and_number() -> None:
    said = json.loads(encode("abc", 7, frame()))
    assert (said["run"], said["seq"], said["type"], said["step"]) == ("abc", 7, "frame", 3)


def test_what_is_not_finite_travels_as_null_and_a_zero_as_a_zero() -> None:
    text = encode("abc", 0, frame()).decode()
    said = json.loads(text, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))
    assert said["loss"] == [0.5, None]
    assert said["measures"]["flow"] == [1e-30, 0.0, None]


def test_error_is_absent_where_the_task_has_none() -> None:
    assert "error" not in json.loads(encode("abc", 0, frame(error=None)))
    assert "reason" not in json.loads(encode("abc", 0, Stopped(step=0)))


def test_a_reader_gets_back_what_was_written() -> None:
    said = frame(loss=(0.5,), measures={"flow": (1e-30, 0.0)})
    assert EVENT.validate_json(encode("abc", 0, said)) == said


def test_a_result_says_what_was_measured_last_and_when() -> None:
    measured = {"train_loss": nan, "test_loss": 0.5, "count": 4, "test_count": 2}
    evaluated = Evaluated.model_validate({"step": 2, "train_error": 0.25, **measured})
    after = (
        NOTHING.after(evaluated).after(frame()).after(Finished(step=3, diverged=True, became="nan"))
    )
    assert json.loads(after.model_dump_json()) == {
        "step": 3,
        "params": 0,
        "seconds": 0.5,
        "diverged": True,
        "became": "nan",
        "evaluated": 2,
        "train_error": 0.25,
        "test_error": None,
        **measured,
        "train_loss": None,
    }
