"""What a run trains on: bytes scaled as they are gathered, limits, wrong labels, augmentation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from app.data.folders import VARIABLE
from app.data.loading import load
from app.data.registry import DATASETS
from app.events import Evaluated, Event, Finished, Frame, Started
from app.spec import RunSpec
from app.training.describe import describe
from app.training.examples import Examples, wrong_labels
from app.training.loop import Training, train
from app.training.setup import plan, prepare
from app.validation import BadField
from models.noise import generator
from tests.app.data.toys import TRAIN, mirror, toy_cifar, toy_idx
from tests.app.training.specs import small


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A set called ``toy``, in MNIST's format, that lies in the data folder."""
    entry, contents = toy_idx()
    for path, content in contents.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    monkeypatch.setitem(DATASETS, "toy", replace(entry, pad=1, flip=True))
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return tmp_path


def on(data: object, **values: Any) -> RunSpec:
    return small(data=data, **values)


def events(spec: RunSpec) -> list[Event]:
    return [event for event in train(spec) if event is not None]


def told(spec: RunSpec) -> list[dict[str, Any]]:
    return [event.model_dump(exclude={"time", "spec"}) for event in events(spec)]


def test_bytes_are_scaled_to_zero_mean_and_unit_variance(toy: Path) -> None:
    setup = prepare(plan(on("toy")))
    x, y = setup.train[:]
    data = load(DATASETS["toy"])
    assert x.dtype == torch.float32
    assert x.mean().item() == pytest.approx(0, abs=1e-5)
    assert x.std(correction=0).item() == pytest.approx(1, abs=1e-5)
    expected = (data.train_x[5].astype(float) - data.mean[0]) / data.std[0]
    assert x[5].numpy() == pytest.approx(expected, abs=1e-5)
    assert np.array_equal(y.numpy(), data.train_y)


def test_a_batch_is_its_examples(toy: Path) -> None:
    train_set = prepare(plan(on("toy"))).train
    index = torch.tensor([7, 3, 3, 599])
    for ours, theirs in zip(train_set.batch(index), train_set[:], strict=True):
        assert torch.equal(ours, theirs[index])


def test_a_run_on_bytes_learns_and_repeats(toy: Path) -> None:
    spec = on({"name": "toy", "limit": 128}, net__norm="batch", net__width=64, steps=60)
    first = told(spec)
    assert first == told(spec)
    last = [event for event in events(spec) if isinstance(event, Evaluated)][-1]
    assert last.count == 128
    assert last.train_error is not None
    assert last.train_error < 0.05  # noise, learnt by heart


def test_chunks_are_all_examples_in_about_equal_parts() -> None:
    x = torch.arange(600.0)[:, None]
    parts = list(Examples(x, torch.arange(600)).chunks(256))
    assert [len(y) for _, y in parts] == [200, 200, 200]
    assert torch.equal(torch.cat([inputs for inputs, _ in parts]), x)


# --- Augmentation ---


@pytest.mark.parametrize("data", ["digits", "toy"])
def test_augmented_runs_repeat_and_twins_see_the_same(data: str, toy: Path) -> None:
    config = {"name": data, "limit": 256, "augment": True}
    spec = on(config)
    assert told(spec) == told(spec)
    plain, residual = (
        prepare(plan(on(config, net__skip=skip))).train for skip in ("none", "identity")
    )
    index = torch.arange(64)
    for _ in range(2):
        assert torch.equal(plain.batch(index)[0], residual.batch(index)[0])


def test_augmentation_is_anew_each_time_and_never_in_evaluations(toy: Path) -> None:
    plain = prepare(plan(on("toy"))).train
    augmented = prepare(plan(on({"name": "toy", "augment": True}))).train
    index = torch.arange(64)
    first, second = augmented.batch(index)[0], augmented.batch(index)[0]
    assert not torch.equal(first, second)
    assert torch.equal(augmented[:64][0], plain[:64][0])
    assert torch.equal(next(augmented.first(64).chunks(64))[0], plain[:64][0])


def test_a_description_shows_the_augmented_first_batch(toy: Path) -> None:
    spec = on({"name": "toy", "augment": True})
    frame = next(event for event in train(spec) if isinstance(event, Frame))
    assert describe(spec)["measured"]["loss"] == frame.loss[0]


# --- Wrong labels ---


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
def test_exactly_this_share_of_labels_is_wrong(share: float) -> None:
    y = torch.arange(1000) % 10
    noisy = wrong_labels(y, share, 10, generator(0, "labels"))
    assert (noisy != y).sum() == share * 1000
    assert set(noisy.tolist()) <= set(range(10))
    if share == 1:
        shifts = torch.bincount((noisy - y) % 10, minlength=10)
        assert shifts[0] == 0
        assert shifts[1:].min() > 70


def test_twins_have_the_same_wrong_labels_and_the_test_set_none() -> None:
    config = {"name": "digits", "label_noise": 0.25}
    plain, residual = (prepare(plan(on(config, net__skip=skip))) for skip in ("none", "identity"))
    clean = prepare(plan(on("digits")))
    assert torch.equal(plain.train[:][1], residual.train[:][1])
    assert (plain.train[:][1] != clean.train[:][1]).sum() == round(0.25 * 1437)
    assert torch.equal(plain.test[:][1], clean.test[:][1])
    other = prepare(plan(on(config, seed=1)))
    assert not torch.equal(plain.train[:][1], other.train[:][1])


# --- Data that is not there ---


def test_a_set_that_is_not_there_is_downloaded_before_the_run_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mirror(toy_idx()[1]) as serving:
        monkeypatch.setitem(DATASETS, "toy", toy_idx(serving.address)[0])
        monkeypatch.setenv(VARIABLE, str(tmp_path))
        assert describe(on("toy"))["measured"] is None
        assert not serving.asked
        said = [event for event in Training(on("toy")) if event is not None]
    assert isinstance(said[0], Started)
    assert said[-1] == Finished(step=12)
    assert describe(on("toy"))["measured"] is not None


def test_a_run_that_is_closed_gives_its_download_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = toy_idx()[1]
    with mirror(contents) as slow:
        slow.files["train-images"] = slow.half(contents["toy/train-images"])
        monkeypatch.setitem(DATASETS, "toy", toy_idx(slow.address)[0])
        monkeypatch.setenv(VARIABLE, str(tmp_path))
        running = Training(on("toy"))
        for said in running:
            assert said is None
            if slow.sent.is_set():
                break
        running.close()
        part = tmp_path / "toy" / ".train-images.part"
        while part.exists():
            slow.release.wait(0.02)
    assert not (tmp_path / "toy" / "train-images").exists()


def test_a_run_without_its_data_says_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mirror({}) as empty:
        monkeypatch.setitem(DATASETS, "toy", toy_idx(empty.address)[0])
        monkeypatch.setenv(VARIABLE, str(tmp_path))
        with pytest.raises(BadField, match="it answered 404") as error:
            list(Training(on("toy")))
    assert error.value.field == "data"
    assert "into the folder toy;" in error.value.allowed
    assert str(tmp_path) not in str(error.value)


def test_a_part_of_a_set_serves_a_limited_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, contents = toy_cifar()
    for path in ("toy/1.bin", "toy/test.bin"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(contents[path])
    monkeypatch.setitem(DATASETS, "toy", entry)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    started = events(on({"name": "toy", "limit": 200}))[0]
    assert isinstance(started, Started)
    assert started.steps_per_epoch == 200 // 64
    assert TRAIN == 600


def test_a_damaged_file_fails_the_run_with_its_name(toy: Path) -> None:
    (toy / "toy/test-labels").write_bytes(b"?")
    for refuse in (events, describe):
        with pytest.raises(BadField, match=r"test-labels is not the published file"):
            refuse(on("toy"))


# --- One's own images ---


def test_ones_own_images_are_trained_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    monkeypatch.setenv(VARIABLE, str(tmp_path))
    for name, value in (("dark", 20), ("light", 200)):
        (tmp_path / "images/own" / name).mkdir(parents=True)
        for n in range(20):
            Image.new("RGB", (8, 8), (value + n, 0, 0)).save(
                tmp_path / "images/own" / name / f"{n}.png"
            )
    spec = on("folder:own", batch_size=16, steps=40, net__norm="batch")
    evaluated = [event for event in events(spec) if isinstance(event, Evaluated)][-1]
    assert evaluated.test_error == 0
    assert (evaluated.count, evaluated.test_count) == (32, 8)
    with pytest.raises(BadField, match="1 to 32"):
        events(on("folder:own", batch_size=33))
    with pytest.raises(BadField, match="there is no folder"):
        describe(on("folder:other"))
