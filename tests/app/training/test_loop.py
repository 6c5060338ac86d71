"""A run stepped by hand: what it says, when, and that it says the same again."""

import math
from typing import Any

import pytest
import torch

from app.events import Changed, Evaluated, Event, Finished, Frame, Predicted, Started
from app.spec import RunSpec
from app.training.loop import Training, order, train
from app.training.setup import plan, prepare
from app.training.step import Stepper
from app.validation import BadField
from tests.app.training.specs import small


def events(spec: RunSpec) -> list[Event]:
    return [event for event in train(spec) if event is not None]


def of(kind: type[Any], said: list[Event]) -> list[Any]:
    return [event for event in said if isinstance(event, kind)]


def without_time(said: list[Event]) -> list[dict[str, Any]]:
    return [event.model_dump(exclude={"time"}) for event in said]


def test_a_run_starts_is_measured_trains_and_finishes() -> None:
    said = events(small(steps=8))
    assert isinstance(said[0], Started)
    assert isinstance(said[1], Predicted)
    assert isinstance(said[2], Evaluated)
    assert said[-1] == Finished(step=8)
    assert [frame.step for frame in of(Frame, said)] == list(range(1, 9))
    assert [evaluated.step for evaluated in of(Evaluated, said)] == [0, 2, 4, 6, 8]


def test_one_spec_gives_the_same_events_twice_but_for_the_time() -> None:
    spec = small(net__norm="batch")
    assert without_time(events(spec)) == without_time(events(spec))


def test_another_seed_gives_other_losses() -> None:
    first, second = (of(Frame, events(small(seed=seed)))[0].loss for seed in (0, 1))
    assert first != second


def test_twice_as_long_repeats_the_first_half() -> None:
    short, long = (of(Frame, events(small(steps=steps))) for steps in (6, 12))
    assert [f.loss for f in short] == [f.loss for f in long[:6]]
    assert [f.measures["flow"] for f in short] == [f.measures["flow"] for f in long[:6]]


def test_how_often_frames_are_made_changes_nothing_but_their_number() -> None:
    often, seldom = (of(Frame, events(small(every=every))) for every in (1, 5))
    assert [frame.step for frame in seldom] == [1, 5, 10, 12]
    assert [loss for f in often for loss in f.loss] == [loss for f in seldom for loss in f.loss]
    assert [error for f in often for error in f.error] == [e for f in seldom for e in f.error]
    assert seldom[1].measures["flow"] == often[4].measures["flow"]


def test_the_step_counts_updates_as_they_are_taken() -> None:
    training = Training(small(steps=5))
    steps = []
    for event in training:
        steps.append(training.step)
        if isinstance(event, Frame):
            assert event.step == training.step
    assert sorted(set(steps)) == [0, 1, 2, 3, 4, 5]
    assert steps == sorted(steps)


def test_a_run_can_be_closed_in_the_middle() -> None:
    running = train(small())
    for event in running:
        if isinstance(event, Frame):
            break
    running.close()
    assert next(running, None) is None


def test_twins_see_the_same_batches() -> None:
    plain, residual = (small(net__skip=skip) for skip in ("none", "identity"))
    for ours, theirs, _ in zip(order(plain, 256), order(residual, 256), range(9), strict=False):
        assert ours.equal(theirs)


def test_an_epoch_is_a_permutation_without_its_incomplete_last_batch() -> None:
    spec = small(batch_size=60)
    batches = order(spec, 256)
    first, second = ([next(batches) for _ in range(4)] for _ in range(2))
    for epoch in (first, second):
        seen = [index for batch in epoch for index in batch.tolist()]
        assert len(seen) == len(set(seen)) == 240
    assert not first[0].equal(second[0])


def test_unshuffled_batches_come_in_the_sets_own_order() -> None:
    spec = small(data={"name": "digits", "limit": 256, "shuffle": False})
    assert next(order(spec, 256)).tolist() == list(range(64))


def test_a_loss_that_is_not_finite_ends_the_run_as_a_result() -> None:
    # He weights, no normalisation, 32 residual layers: the published case of skips without magic.
    said = events(small(net__depth=32, net__width=32, net__init="he", steps=50, data="digits"))
    ending = said[-1]
    assert isinstance(ending, Finished)
    assert (ending.diverged, ending.became) == (True, "nan")
    assert 1 < ending.step < 10
    last = of(Frame, said)[-1]
    assert last.step == ending.step
    assert '"loss":[null' in last.model_dump_json() or last.loss[-1] != last.loss[-1]
    assert of(Evaluated, said)[-1].step == 0  # nothing is claimed of a network that broke


def test_a_loss_that_became_infinite_is_told_from_one_that_is_no_number() -> None:
    # Answers of 1e30 are numbers still, and their squared errors are not.
    setup = prepare(plan(spec := small(data="identity", steps=2)))
    step = Stepper(spec, setup)
    with torch.no_grad():
        for weight in setup.net.parameters():
            weight.fill_(1e4)
    frame = step(torch.arange(spec.batch_size))
    assert frame is not None
    assert (frame.loss, step.became) == ((math.inf,), "infinite")


def test_a_vanished_gradient_is_measured_and_not_zero() -> None:
    said = events(
        small(net__depth=64, net__width=64, net__skip="none", net__init="default", steps=1)
    )
    flow = of(Frame, said)[0].measures["flow"]
    assert 0 < flow[0] < 1e-24
    assert flow[-1] > 1e-3


def test_a_gradient_of_exactly_zero_is_zero() -> None:
    # Width 1 and ReLU: some seed's only path is dead, and then nothing flows before it.
    for seed in range(20):
        spec = small(net__width=1, net__depth=12, net__skip="none", steps=1, seed=seed)
        flow = of(Frame, events(spec))[0].measures["flow"]
        if flow[0] == 0.0:
            assert flow[-1] > 0
            return
    pytest.fail("no dead path in twenty seeds")


def test_settings_change_at_their_step_and_not_before() -> None:
    changes = [{"step": 4, "set": {"optimizer.lr": 0.001}}]
    said, plain = events(small(changes=changes)), events(small())
    assert of(Changed, said) == [Changed(step=4, set={"optimizer.lr": 0.001})]
    assert [frame.lr for frame in of(Frame, said)][:5] == [0.05] * 3 + [0.001] * 2
    ours, theirs = ([f.loss for f in of(Frame, run)] for run in (said, plain))
    assert ours[:4] == theirs[:4]
    assert ours[4] != theirs[4]


def test_points_and_layers_are_named_in_depth_order() -> None:
    started = events(small(net__depth=6, steps=1))[0]
    assert isinstance(started, Started)
    assert [point.name for point in started.points] == ["stem", "block1", "block2", "head"]
    assert [layer.name for layer in started.layers] == [
        "stem",
        "block1.layer1",
        "block1.layer2",
        "block2.layer1",
        "block2.layer2",
        "head",
    ]
    assert started.params == sum(layer.params for layer in started.layers)
    assert started.engine.threads == 1
    assert started.steps_per_epoch == 256 // 64


def test_shapes_that_do_not_fit_are_refused_in_pytorchs_words() -> None:
    spec = small(net__family="convnet", net__depth=8, net__downsample="error")
    with pytest.raises(BadField, match=r"different shapes \(.*torch\.Size"):
        next(train(spec))


@pytest.mark.parametrize(("data", "left"), [("digits", 0.02), ("spirals", 0.02), ("moons", 0.05)])
def test_a_small_network_learns(data: str, left: float) -> None:
    spec = small(data=data, net__width=32, steps=400, net__norm="batch", every=400)
    evaluations = of(Evaluated, events(spec))
    assert evaluations[0].train_error > 0.2
    assert evaluations[-1].train_error < left
    assert evaluations[-1].test_error < 0.1
