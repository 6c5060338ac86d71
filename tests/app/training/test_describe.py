"""A description against the run that it describes."""

import pytest
import torch

from app.events import Frame, Started
from app.spec import RunSpec, with_values
from app.training.describe import describe
from app.training.loop import train
from app.training.setup import plan, prepare
from app.validation import BadField
from tests.app.training.specs import small


def test_step_zero_is_what_the_first_frame_will_say() -> None:
    spec = small(net__norm="batch")
    frame = next(event for event in train(spec) if isinstance(event, Frame))
    measured = describe(spec)["measured"]
    assert measured["measures"]["flow"] == list(frame.measures["flow"])
    assert measured["measures"]["weight_grad"] == list(frame.measures["weight_grad"])
    assert (measured["loss"], measured["error"]) == (frame.loss[0], (frame.error or ())[0])


def test_layers_and_points_are_those_of_the_started_event() -> None:
    spec = small(net__skip="projection")
    started, description = next(train(spec)), describe(spec)
    assert isinstance(started, Started)
    for field in ("spec", "layers", "other_layers", "points", "params", "steps_per_epoch"):
        assert description[field] == started.model_dump(mode="json")[field]


def test_a_very_deep_network_is_described_without_being_measured() -> None:
    description = describe(with_values(RunSpec(), {"net.depth": 1202}))
    assert description["measured"] is None
    assert len(description["points"]) == 602
    assert description["points"][-2]["shape"] == [32, 2, 2]


def test_reading_all_that_was_written_is_work_too() -> None:
    of = {
        skip: describe(small(net__depth=302, net__width=64, net__skip=skip))["measured"]
        for skip in ("identity", "attention")
    }
    assert of["identity"] is not None
    assert of["attention"] is None


def test_what_can_not_fit_is_refused_with_figures() -> None:
    spec = with_values(RunSpec(), {"net.width": 1024, "net.depth": 1202, "batch_size": 1437})
    for refuse in (describe, lambda spec: next(train(spec))):
        with pytest.raises(
            BadField, match=r"needs about .* GiB of memory .*, and only .* GiB is free"
        ):
            refuse(spec)


def test_cuda_is_refused_where_there_is_none() -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    with pytest.raises(BadField, match="no CUDA device"):
        describe(small(device="cuda"))


@pytest.mark.parametrize(
    ("family", "depth", "norm"),
    [("mlp", 64, "none"), ("mlp", 64, "batch"), ("convnet", 20, "batch")],
)
def test_the_estimate_of_memory_covers_what_autograd_keeps(
    family: str, depth: int, norm: str
) -> None:
    spec = small(net__family=family, net__depth=depth, net__width=32, net__norm=norm)
    setup = prepare(plan(spec))
    kept: dict[int, int] = {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        logits = setup.net(setup.train[: spec.batch_size][0])
    assert logits.requires_grad
    estimate = plan(spec).need.total
    assert sum(kept.values()) <= estimate <= 6 * sum(kept.values())
