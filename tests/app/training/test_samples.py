"""What is said of single examples, against the network asked of them by hand."""

import json
from math import nan
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from app.data.folders import VARIABLE
from app.data.loading import load
from app.data.registry import DATASETS
from app.data.samples import choose
from app.events import Evaluated, Event, Frame, Predicted, encode
from app.spec import RunSpec
from app.training.loop import train
from app.training.precise_norm import PreciseNorm
from app.training.samples import Samples, show
from app.training.setup import Setup, plan, prepare
from app.validation import BadField
from tests.app.training.specs import small
from tests.app.training.test_evaluation import trained


def said(spec: RunSpec) -> list[Event]:
    return [event for event in train(spec) if event is not None]


def predicted(spec: RunSpec) -> list[Predicted]:
    return [event for event in said(spec) if isinstance(event, Predicted)]


def asked(setup: Setup, count: int = 10, estimate: int = 256) -> Predicted:
    precise = PreciseNorm(setup.net, setup.train.first(estimate))
    for _ in precise.estimate():
        pass
    return Samples(setup.test, count).asked(precise, 3)


def test_samples_are_asked_twenty_times_and_at_each_evaluation() -> None:
    spec = small(steps=50, evaluate={"every": 20})
    assert [event.step for event in predicted(spec)] == [
        *range(0, 20, 3), 20, *range(21, 40, 3), 40, *range(42, 50, 3), 50
    ]  # fmt: skip


def test_at_an_evaluation_they_come_just_before_it_and_else_after_their_frame() -> None:
    events = said(small(steps=50, every=1, evaluate={"every": 25}))
    for before, event, after in zip(events, events[1:], events[2:], strict=False):
        if isinstance(event, Predicted):
            if event.step % 25 == 0:
                assert isinstance(after, Evaluated)
                assert after.step == event.step
            else:
                assert isinstance(before, Frame)
                assert before.step == event.step


def test_nothing_is_asked_where_no_samples_are_wanted() -> None:
    assert predicted(small(evaluate={"samples": 0})) == []


def test_asking_changes_nothing_of_the_training() -> None:
    quiet, asking = (
        [event for event in said(small(net__norm="batch", evaluate={"samples": count}))
         if not isinstance(event, Predicted)][1:]
        for count in (0, 20)
    )  # fmt: skip
    assert [event.model_dump(exclude={"time"}) for event in quiet] == [
        event.model_dump(exclude={"time"}) for event in asking
    ]


def test_the_examples_are_the_chosen_ones_with_their_classes() -> None:
    answers = load(DATASETS["digits"]).test_y
    places = choose(answers, 7)
    for event in predicted(small(evaluate={"samples": 7})):
        assert event.examples == tuple(places.tolist())
        assert event.truth == tuple(answers[places].tolist())


def test_probabilities_are_those_of_fresh_statistics_over_the_training_set() -> None:
    setup = trained()
    event = asked(setup)
    (x, _), (some, truth) = setup.train[:], setup.test[torch.tensor(event.examples)]
    for module in setup.net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0  # keep just the last batch's, which is the whole set
    with torch.no_grad():
        setup.net.train()(x)
        shares = torch.softmax(setup.net.eval()(some), 1)
    assert event.predicted == tuple(shares.argmax(1).tolist())
    assert event.probability == pytest.approx(shares.max(1).values.tolist(), rel=1e-4)
    expected = [row[one].item() for row, one in zip(shares, truth, strict=True)]
    assert event.true_probability == pytest.approx(expected, rel=1e-4)
    assert event.step == 3


def test_at_the_end_they_agree_with_the_evaluation() -> None:
    spec = small(net__family="convnet", net__depth=8, net__norm="batch", data="digits", steps=200)
    events = said(spec)
    (last,) = (event for event in events if isinstance(event, Predicted) and event.step == 200)
    evaluated = [event for event in events if isinstance(event, Evaluated)][-1]
    assert evaluated.test_error is not None
    assert evaluated.test_error < 0.1
    assert last.truth is not None
    assert last.predicted is not None
    right = sum(one == other for one, other in zip(last.truth, last.predicted, strict=True))
    assert right >= 9


def test_a_regression_tells_its_answers_and_no_classes() -> None:
    spec = small(data="identity", net__norm="none")
    first = predicted(spec)[0]
    setup = prepare(plan(spec))
    with torch.no_grad():
        outputs = setup.net(setup.test[:10][0])
    assert first.outputs is not None
    assert torch.tensor(first.outputs).allclose(outputs, rtol=1e-5)
    body = json.loads(encode("abc", 0, first))
    assert set(body) == {"run", "seq", "type", "step", "examples", "outputs"}


class Broken(nn.Module):
    """Answers to the first example alone with numbers."""

    def forward(self, x: Tensor) -> Tensor:
        answers = torch.full((len(x), 10), nan)
        answers[0] = torch.arange(10.0)
        answers[1] = answers[0]
        answers[1, 2] = -torch.inf  # its softmax would be finite
        return answers


def test_an_answer_that_is_not_finite_is_none() -> None:
    setup = trained()
    precise = PreciseNorm(Broken(), setup.train)
    body = json.loads(encode("abc", 0, Samples(setup.test, 3).asked(precise, 1)))
    assert body["predicted"] == [9, None, None]
    assert body["probability"] == [pytest.approx(0.6321493), None, None]
    assert body["true_probability"][1:] == [None, None]


def test_a_network_that_asks_of_one_example_to_estimate_from_still_answers() -> None:
    assert len(asked(trained(), estimate=1).examples) == 10


def test_what_is_shown_is_what_is_asked() -> None:
    shown = show("digits", 10)
    event = predicted(small())[0]
    assert tuple(shown["examples"]) == event.examples
    assert tuple(shown["truth"]) == (event.truth or ())


def test_samples_of_a_set_that_is_not_there_name_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(BadField, match="depthscope data get mnist") as caught:
        show("mnist", 10)
    assert caught.value.field == "data"
