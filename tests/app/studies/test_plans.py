"""What each study trains, and in which order."""

import pytest

from app.spec import RunSpec, with_values
from app.studies.presets import PRESETS, Preset
from app.studies.registry import STUDIES, plan
from app.studies.spec import DepthSpec, SweepSpec, TwinsSpec
from app.studies.twins import plain_twin


def test_twins_differ_in_nothing_but_the_skip() -> None:
    base, twin = plan(TwinsSpec())
    assert (base.net.skip, twin.net.skip) == ("identity", "none")
    assert with_values(twin, {"net.skip": "identity"}) == base


def test_a_twin_can_have_any_other_skip() -> None:
    assert plain_twin(RunSpec(), "projection").net.skip == "projection"


def test_a_depth_sweep_trains_a_whole_curve_shallow_first_before_the_next_seed() -> None:
    runs = plan(DepthSpec(depths=(20, 8), seeds=(0, 1)))
    assert [(run.seed, run.net.depth, run.net.skip) for run in runs] == [
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
    assert base.net.skip == "identity"
    assert twin.net.skip == "none"


def test_every_study_says_what_it_asks_and_where_it_comes_from() -> None:
    for name, study in STUDIES.items():
        assert study.name == name
        assert study.question.endswith("?")
        assert "arXiv" in study.source
