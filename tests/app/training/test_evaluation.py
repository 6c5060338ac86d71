"""Evaluations against the same thing worked out in one piece."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from app.events import Evaluated, Frame
from app.training.evaluation import Evaluation
from app.training.examples import Examples
from app.training.loop import train
from app.training.setup import Setup, plan, prepare
from app.training.step import Stepper
from tests.app.training.specs import small


def trained() -> Setup:
    spec = small(net__family="convnet", net__depth=8, net__width=4, net__norm="batch")
    setup = prepare(plan(spec))
    take = Stepper(spec, setup)
    for start in range(0, 192, 64):
        take(torch.arange(start, start + 64))
    return setup


def evaluated(setup: Setup, limit: int | None = None) -> Evaluated:
    running = Evaluation(setup, limit, setup.train.first(1024))(3)
    while True:
        try:
            next(running)
        except StopIteration as done:
            result: Evaluated = done.value
            return result


def test_errors_and_losses_are_those_of_fresh_statistics_over_the_training_set() -> None:
    setup = trained()
    measured = evaluated(setup)
    (x, y), (test_x, test_y) = setup.train[:], setup.test[:]
    assert len(y) == 256  # one chunk: its statistics are those of the whole set
    for module in setup.net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0  # keep just the last batch's, which is the whole set
    with torch.no_grad():
        setup.net.train()(x)
        setup.net.eval()
        logits, test_logits = setup.net(x), setup.net(test_x)
    assert measured.train_error == (logits.argmax(1) != y).float().mean().item()
    assert measured.test_error == pytest.approx(
        (test_logits.argmax(1) != test_y).double().mean().item()
    )
    assert measured.train_loss == pytest.approx(F.cross_entropy(logits, y).item(), rel=1e-5)
    assert measured.test_loss == pytest.approx(
        F.cross_entropy(test_logits, test_y).item(), rel=1e-5
    )
    assert (measured.step, measured.count, measured.test_count) == (3, 256, 360)


def test_evaluating_leaves_the_training_network_as_it_was() -> None:
    setup = trained()
    before = {name: value.clone() for name, value in setup.net.state_dict().items()}
    evaluated(setup)
    assert setup.net.training
    for name, value in setup.net.state_dict().items():
        assert torch.equal(value, before[name]), name


@pytest.mark.parametrize(("limit", "counts"), [(100, (100, 100)), (300, (256, 300))])
def test_a_limit_says_how_many_are_left(limit: int, counts: tuple[int, int]) -> None:
    measured = evaluated(trained(), limit=limit)
    assert (measured.count, measured.test_count) == counts


def test_a_limit_takes_examples_from_everywhere() -> None:
    """360 test examples, the last quarter of them of a class that is always answered."""
    setup = trained()
    x, y = setup.test[:]
    y[:] = torch.arange(360) >= 270
    head = list(setup.net.modules())[-1]
    assert isinstance(head, nn.Linear)
    with torch.no_grad():
        head.weight.zero_()
        head.bias.copy_(torch.eye(10)[1])
    test = Examples(x, y)
    measured = [evaluated(Setup(setup.net, setup.task, setup.train, test), n) for n in (None, 40)]
    assert [one.test_error for one in measured] == [0.75, 0.75]


def test_a_limit_measures_the_same_network_on_fewer_examples() -> None:
    setup = trained()
    few = evaluated(setup, limit=4)
    (x, _), (some, labels) = setup.train[slice(None)], setup.train[slice(0, None, 64)]
    for module in setup.net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0
    with torch.no_grad():
        setup.net.train()(x)  # the statistics are those of the whole set all the same
        logits = setup.net.eval()(some)
    assert few.train_loss == pytest.approx(F.cross_entropy(logits, labels).item(), rel=1e-5)


def test_a_single_example_can_be_evaluated() -> None:
    assert evaluated(trained(), limit=1).count == 1


def test_statistics_can_be_of_images_augmented_as_the_run_trains() -> None:
    data = {"name": "digits", "limit": 256, "augment": True}
    values = {"net__family": "convnet", "net__depth": 8, "net__norm": "batch", "data": data}
    run = train(small(**values, evaluate={"statistics": "augmented"}))
    plain = train(small(**values))
    said, as_ever = list(run), list(plain)

    # Another draw of the same shifts: the mean over many is what the statistics are to be near.
    stem, usual = (one.net.get_submodule("stem.then.norm") for one in (run, plain))
    conv = run.net.get_submodule("stem.layer")
    with torch.no_grad():
        seen = [conv(run.train.batch(torch.arange(256))[0]) for _ in range(20)]
    mean = torch.stack([batch.mean((0, 2, 3)) for batch in seen])
    off = (stem.get_buffer("running_mean") - mean.mean(0)).abs()
    assert (off < 4 * mean.std(0)).all()
    assert not (usual.get_buffer("running_mean") - mean.mean(0)).abs().lt(4 * mean.std(0)).all()

    losses, others = ([e.loss for e in one if isinstance(e, Frame)] for one in (said, as_ever))
    assert losses == others  # how a run is measured does not change it
