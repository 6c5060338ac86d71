"""A run as a program of one's own uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from pydantic import ValidationError

from app.data.folders import VARIABLE
from app.data.registry import DATASETS
from app.events import Evaluated, Started
from app.spec import as_spec
from app.training.loop import train
from app.validation import BadField
from tests.app.data.toys import mirror, toy_idx

PLAIN = {
    "net": {"family": "mlp", "depth": 6, "width": 16},
    "data": {"name": "digits", "limit": 256},
    "steps": 8,
    "changes": [{"step": 3, "set": {"optimizer.lr": 0.01}}],
}


def test_plain_dicts_and_lists_are_the_spec_that_json_would_make() -> None:
    run = train(PLAIN)
    assert run.spec == as_spec(PLAIN)
    assert (run.spec.net.depth, run.spec.changes[0].step) == (6, 3)
    with pytest.raises(ValidationError, match="steps"):
        train({"steps": "many"})


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("two_threads")
def test_a_run_computes_in_one_thread_and_leaves_the_callers_number() -> None:
    run = train(PLAIN)
    started = next(run)
    assert isinstance(started, Started)
    assert started.engine.threads == 1
    for event in run:
        assert torch.get_num_threads() == 2, event


def test_the_network_that_comes_back_makes_the_errors_that_were_told() -> None:
    run = train(PLAIN)
    told = [event for event in run if isinstance(event, Evaluated)][-1]
    for examples, error in ((run.train, told.train_error), (run.test, told.test_error)):
        x, y = examples[:]
        assert (run.net(x).argmax(1) != y).double().mean().item() == pytest.approx(error)


def test_one_can_train_on_with_the_network() -> None:
    run = train(PLAIN)
    loss = torch.nn.functional.cross_entropy
    for _ in run:
        pass
    x, y = run.train[:]
    before = loss(run.net(x), y).item()
    optimizer = torch.optim.SGD(run.net.parameters(), lr=0.01)
    run.net.train()
    for _ in range(50):
        optimizer.zero_grad()
        torch.autograd.backward(loss(run.net(x), y))
        optimizer.step()
    run.net.eval()
    assert loss(run.net(x), y).item() < before


def test_nothing_is_downloaded_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with mirror(toy_idx()[1]) as serving:
        monkeypatch.setitem(DATASETS, "toy", toy_idx(serving.address)[0])
        monkeypatch.setenv(VARIABLE, str(tmp_path))
        with pytest.raises(BadField, match="depthscope data get toy"):
            next(train({"data": "toy"}))
        assert not serving.asked
    assert not list(tmp_path.rglob("train-images*"))
