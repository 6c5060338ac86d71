"""What each study trains, and in which order."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.spec import RunSpec, value_at, with_values
from app.studies.presets import PRESETS, Preset
from app.studies.registry import STUDIES, plan
from app.studies.spec import DepthSpec, SweepSpec, TwinsSpec
from app.studies.twins import plain_twin
from models.families import FAMILIES, net_spec
from models.skips import SKIPS


def test_twins_differ_in_nothing_but_the_skip() -> None:
    base, twin = plan(TwinsSpec())
    assert (base.net.skip.name, twin.net.skip.name) == ("identity", "none")
    assert with_values(twin, {"net.skip": "identity"}) == base


def test_a_twin_can_have_any_other_skip() -> None:
    assert plain_twin(RunSpec(), "projection").net.skip.name == "projection"


def test_a_depth_sweep_trains_a_whole_curve_shallow_first_before_the_next_seed() -> None:
    runs = plan(DepthSpec(depths=(20, 8), seeds=(0, 1)))
    assert [(run.seed, run.net.depth, run.net.skip.name) for run in runs] == [
        (0, 8, "none"),
        (0, 8, "identity"),
        (0, 20, "none"),
        (0, 20, "identity"),
        (1, 8, "none"),
        (1, 8, "identity"),
        (1, 20, "none"),
        (1, 20, "identity"),
    ]


def test_a_sweep_is_evaluated_at_its_ends_only_unless_asked() -> None:
    assert {run.evaluate_every for run in plan(DepthSpec())} == {200}
    asked = with_values(RunSpec(), {"evaluate.every": 50})
    assert {run.evaluate_every for run in plan(DepthSpec(base=asked))} == {50}


def test_a_sweep_asks_no_samples_unless_it_should() -> None:
    assert {run.samples for run in plan(DepthSpec())} == {0}
    asked = with_values(RunSpec(), {"evaluate.samples": 3})
    (*_, last) = plan(DepthSpec(base=asked))
    assert (last.samples, last.evaluate_every) == (3, 200)


def test_a_sweep_of_steps_is_evaluated_at_each_runs_own_end() -> None:
    runs = plan(SweepSpec(field="steps", values=(50, 100), skips=("none",)))
    assert [(run.steps, run.evaluate_every) for run in runs] == [(50, 50), (100, 100)]


def test_a_shorter_run_of_a_sweep_of_steps_lacks_the_changes_that_it_never_reaches() -> None:
    changes = [{"step": 30, "set": {"optimizer.lr": 0.1}}, {"step": 80, "set": {"optimizer.lr": 1}}]
    base = with_values(RunSpec(), {"steps": 100, "changes": changes})
    runs = plan(SweepSpec(base=base, field="steps", values=(50, 100, 200), skips=("none",)))
    assert [[change.step for change in run.changes] for run in runs] == [[30], [30, 80], [30, 80]]


def test_a_sweep_sets_its_field_and_nothing_else() -> None:
    runs = plan(SweepSpec(field="optimizer.lr", values=(0.01, 0.1), skips=("identity",)))
    assert [run.optimizer.lr for run in runs] == [0.01, 0.1]
    assert with_values(runs[0], {"optimizer.lr": 0.1}) == runs[1]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_presets_are_pairs_that_can_be_trained(preset: Preset) -> None:
    base, twin = plan(preset.spec)
    assert base.net.skip.name == "identity"
    assert twin.net.skip.name == "none"


def test_every_study_says_what_it_asks_and_where_it_comes_from() -> None:
    for name, study in STUDIES.items():
        assert study.name == name
        assert study.question.endswith("?")
        assert "arXiv" in study.source


@pytest.mark.parametrize(
    ("values", "usual"),
    [
        ({"net.init": "zero-gamma"}, {"net.init": "he"}),
        ({"net.norm": "none", "net.init": "fixup"}, {"net.init": "he"}),
        ({"net.tail": "stochastic-depth"}, {"net.tail": "none"}),
        (
            {"net.init": "zero-gamma", "net.init.gain": 0.5},
            {"net.init": "he", "net.init.gain": 0.5},
        ),
        ({"net.skip": "concat"}, {}),
    ],
)
def test_a_plain_twin_has_nothing_that_only_goes_with_a_skip(
    values: dict[str, Any], usual: dict[str, Any]
) -> None:
    base = with_values(RunSpec(), {"net.depth": 8, **values})
    assert plain_twin(base) == with_values(base, {"net.skip": "none", **usual})


ADDS = {"identity", "projection", "scaled", "shortcut-gate", "dropout"}  # no learned factor
LEARNED = {"rezero", "skipinit", "layerscale"}
# What only goes with some skips: what else it needs, the skips, and what a twin has instead.
ASKING: list[tuple[dict[str, Any], set[str], dict[str, Any]]] = [
    ({"init": {"name": "zero-gamma", "gain": 0.5, "fan": "out"}}, ADDS, {"name": "he"}),
    ({"init": {"name": "fixup", "gain": 0.5}, "norm": "scalar"}, ADDS, {"name": "he"}),
    ({"tail": {"name": "stochastic-depth", "survival": 0.8}}, ADDS | LEARNED, {"name": "none"}),
]


@pytest.mark.parametrize(("settings", "fit", "instead"), ASKING, ids=["zero-gamma", "fixup", "sd"])
@pytest.mark.parametrize("skip", sorted(ADDS))
@pytest.mark.parametrize("family", list(FAMILIES))
def test_a_twin_keeps_what_goes_with_its_own_skip(
    family: str, skip: str, settings: dict[str, Any], fit: set[str], instead: dict[str, str]
) -> None:
    base = RunSpec(net=net_spec(family=family, depth=8, skip=skip, **settings))
    field, choice = next(iter(settings.items()))
    shared = {name: choice[name] for name in ("gain", "fan") if name in choice}
    for against in set(SKIPS) - {skip}:
        first, twin = plan(TwinsSpec(base=base, against=against))
        own = choice if against in fit else {**instead, **shared}
        net = net_spec(family=family, depth=8, skip=against, **{**settings, field: own})
        assert (first, twin) == (base, base.model_copy(update={"net": net}))


def test_a_swept_depth_is_plain_where_the_skip_is_none() -> None:
    base = with_values(RunSpec(), {"net.init": "zero-gamma"})
    runs = plan(DepthSpec(base=base, depths=(8,), seeds=(0,)))
    assert [run.net.init.name for run in runs] == ["he", "zero-gamma"]


def test_a_value_that_a_skip_can_not_have_is_refused() -> None:
    with pytest.raises(ValidationError, match="zero-gamma can't go with the skip none"):
        SweepSpec(field="net.init", values=("he", "zero-gamma"))


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("net.norm", ("none", "batch")),
        ("net.downsample", ("pad", "project")),
        ("net.width", (2, 4)),
        ("data.limit", (100, 200)),
        ("data.label_noise", (0.0, 0.5)),
    ],
)
def test_any_choice_or_number_can_be_swept(field: str, values: tuple[float | str, ...]) -> None:
    runs = plan(SweepSpec(field=field, values=values, skips=("identity",)))
    assert [value_at(run, field) for run in runs] == list(values)
