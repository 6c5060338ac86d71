"""What the list of runs works out: labels, filters, two paged lists as one, short words."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from app.spec import RunSpec
from app.studies.presets import PRESETS
from app.studies.spec import STUDY_SPEC
from tests.e2e.conftest import Logic

IMPORTS = """
const { labels } = await load("differs");
const filter = await load("filter");
const short = await load("short");
const { fieldsOf } = await load("fields");
const openapi = await load("openapi");
const table = fieldsOf(catalog);
"""


def spec(**settings: Any) -> dict[str, Any]:
    return RunSpec.model_validate_json(json.dumps(settings)).model_dump(mode="json")


LABELS = f"{IMPORTS} return labels(arg, short.say, (one) => short.usualOf(one, table))"


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        ([spec(), spec(net={"skip": "none"})], ["residual", "plain"]),
        (
            [spec(), spec(net={"depth": 20}), spec(net={"depth": 20}, seed=3)],
            ["56 layers, seed 0", "20 layers, seed 0", "20 layers, seed 3"],
        ),
        ([spec(), spec()], ["1", "2"]),
        (
            [spec(), spec(optimizer={"name": "adam", "lr": 0.01}), spec(optimizer="adam")],
            ["SGD", "Adam, lr 0.01", "Adam"],
        ),
        ([spec(), spec(data={"name": "digits", "limit": 100})], ["all examples", "100 examples"]),
        (
            [spec(data={"name": "digits", "limit": 100, "augment": True}), spec(seed=1)],
            ["100 examples, augmented, seed 0", "all examples, not augmented, seed 1"],
        ),
        (
            [spec(data={"name": "digits", "label_noise": 0.2}), spec(data={"name": "mnist"})],
            ["digits, 20\xa0% of labels wrong", "mnist, 0\xa0% of labels wrong"],
        ),
        (
            [spec(data={"name": "digits"}), spec(data="digits", steps=300)],
            ["200 steps", "300 steps"],
        ),
    ],
)
def test_a_label_says_what_differs_and_nothing_else(
    logic: Logic, specs: list[dict[str, Any]], expected: list[str]
) -> None:
    assert logic(LABELS, specs) == expected


def test_labels_are_always_distinct(logic: Logic) -> None:
    rng = random.Random(0)
    some = [
        spec(
            net={"depth": rng.choice([8, 20]), "skip": rng.choice(["none", "identity"])},
            steps=rng.choice([100, 200]),
            optimizer=rng.choice(["sgd", "adam"]),
        )
        for _ in range(20)
    ]
    found = logic(LABELS, some)
    assert len(set(found)) == len(found)


def entry(
    name: str, created: str, kind: str = "run", state: str = "finished", mine: bool = False
) -> dict[str, Any]:
    one = {
        "id": name,
        "created": created,
        "state": state,
        "mine": mine,
        "study": None,
        "result": None,
    }
    return one if kind == "run" else {**one, "study": kind, "runs": [{**one, "study": name}]}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["a", "b", "c", "d"]),
        ({"kind": "twins"}, ["b"]),
        ({"kind": "run"}, ["a", "d"]),
        ({"state": "live"}, ["c", "d"]),
        ({"state": "failed"}, ["b"]),
        ({"mine": True}, ["a"]),
        ({"text": "DEPTH 56"}, ["a"]),
        ({"text": "56 depth", "state": "live"}, []),
    ],
)
def test_the_filter_lets_through_what_was_asked_for(
    logic: Logic, filters: dict[str, Any], expected: list[str]
) -> None:
    entries = [
        entry("a", "4", mine=True),
        entry("b", "3", "twins", "failed"),
        entry("c", "2", "depth", "running"),
        entry("d", "1", state="queued"),
    ]
    words = {"a": "plain, depth 56", "b": "", "c": "depth 8", "d": ""}
    body = f"""{IMPORTS}
        const asked = {{ ...filter.EVERYTHING, ...arg.filters }};
        return arg.entries.filter((e) => filter.passes(e, asked, arg.words[e.id])).map((e) => e.id);
    """
    assert logic(body, {"entries": entries, "filters": filters, "words": words}) == expected


def test_filter_and_overlay_come_back_from_the_address(logic: Logic) -> None:
    asked = {"state": "diverged", "kind": "sweep", "text": "lr 0.1 & more", "mine": True}
    ids = ["abcdefghij", "klmnopqrst"]
    body = f"""{IMPORTS}
        const query = filter.toAddress(arg.asked, arg.ids);
        return [filter.fromAddress(query), filter.overlaid(query)];
    """
    assert logic(body, {"asked": asked, "ids": ids}) == [asked, ids]
    bad = "?state=nonsense&kind=<b>&overlay=../x,abcdefghij,abcdefghij"
    read = logic(f"{IMPORTS} return [filter.fromAddress(arg), filter.overlaid(arg)]", bad)
    assert read == [{"state": "", "kind": "", "text": "", "mine": False}, ["abcdefghij"]]


def test_two_paged_lists_read_as_one_newest_first(logic: Logic) -> None:
    rng = random.Random(1)
    times = [f"2026-01-01T00:{minute:02d}:00Z" for minute in range(60)]
    rng.shuffle(times)
    studies = sorted((entry(f"s{i}", at, "twins") for i, at in enumerate(times[:25])), key=newest)
    own = [entry(f"r{i}", at) for i, at in enumerate(times[25:])]
    # A study's runs are in the list of runs as well, and must not be listed twice.
    inner = [{**study["runs"][0], "id": f"{study['id']}-0"} for study in studies]
    runs = sorted([*own, *inner], key=newest)
    body = f"""{IMPORTS}
        const lists = {{ studies: {{ items: [], next: "" }}, runs: {{ items: [], next: "" }} }};
        const shown = [];
        for (let name; (name = filter.behind(lists.studies, lists.runs)); ) {{
            const read = lists[name].items.length + 7;
            const all = arg[name];
            lists[name] = {{ items: all.slice(0, read), next: read < all.length ? "more" : null }};
            shown.push(filter.merged(lists.studies, lists.runs).map((e) => e.id));
        }}
        return shown;
    """
    shown = logic(body, {"studies": studies, "runs": runs})
    expected = [one["id"] for one in sorted([*studies, *own], key=newest)]
    assert shown[-1] == expected
    for before in shown:
        # What was once shown never moves: a page more only adds to the end.
        assert before == expected[: len(before)]


def newest(one: dict[str, Any]) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in one["created"])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("digits", ""),
        ({"name": "digits", "limit": 100}, ", 100 examples"),
        ({"name": "digits", "shuffle": False}, ", not shuffled"),
        ({"name": "digits", "augment": True}, ", augmented"),
        ({"name": "digits", "label_noise": 0.2}, ", 20\xa0% of labels wrong"),
    ],
)
def test_a_run_says_of_its_data_what_is_not_the_default(
    logic: Logic, data: Any, words: str
) -> None:
    said = logic(f"{IMPORTS} return short.runWords(arg, table)", spec(data=data))
    assert said == f"residual convnet, 56 layers{words}"


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_is_called_by_its_name(logic: Logic, preset: Any) -> None:
    one = {**entry("a", "1", "twins"), "spec": preset.spec.model_dump(mode="json")}
    words = logic(f"{IMPORTS} return short.entryWords(arg, catalog.presets, table)", one)
    assert words.startswith(f"{preset.title} · plain against residual")


@pytest.mark.parametrize(
    ("study", "words"),
    [
        ({"study": "depth"}, "Depth 8, 20, 56 · plain + residual · convnet · 3 seeds"),
        (
            {
                "study": "sweep",
                "values": [0.01, 0.1],
                "base": {"net": {"depth": 8, "family": "mlp"}, "steps": 20},
            },
            "Learning rate 0.01, 0.1 · plain + residual · mlp 8 layers · 20 steps · 1 seed",
        ),
        (
            {"study": "sweep", "field": "net.norm", "values": ["none", "batch"], "seeds": [0, 1]},
            "Normalisation no norm, batch norm · plain + residual · convnet 56 layers · 2 seeds",
        ),
        (
            {"study": "twins", "base": {"net": {"depth": 20}, "optimizer": "adam", "seed": 4}},
            "convnet 20 layers · plain against residual · Adam · seed 4",
        ),
    ],
)
def test_a_study_in_short_words(logic: Logic, study: dict[str, Any], words: str) -> None:
    full = STUDY_SPEC.validate_json(json.dumps(study)).model_dump(mode="json")
    one = {**entry("a", "1", full["study"]), "spec": full}
    assert logic(f"{IMPORTS} return short.entryWords(arg, catalog.presets, table)", one) == words


@pytest.mark.parametrize(
    ("evaluated", "words"),
    [
        (149, "training error 50 %, test 75 %"),
        (100, "training error 50 %, test 75 % at step 100"),
    ],
)
def test_an_error_from_before_the_ending_says_its_step(
    logic: Logic, evaluated: int, words: str
) -> None:
    result = {"step": 149, "evaluated": evaluated, "train_error": 0.5, "test_error": 0.75}
    one = {"state": "stopped", "step": 149, "result": result}
    said = logic(f"{IMPORTS} return short.resultWords(arg)", one)
    assert said.replace("\N{NO-BREAK SPACE}", " ") == words


@pytest.mark.parametrize(
    ("became", "words"),
    [
        ("nan", "the loss stopped being a number at step 3"),
        ("infinite", "the loss became infinite at step 3"),
    ],
)
def test_a_run_that_diverged_is_told_by_what_its_loss_became(
    logic: Logic, became: str, words: str
) -> None:
    """As a page knows it from events, and as the server keeps it."""
    ending = {"seq": 9, "type": "finished", "step": 3, "diverged": True, "became": became}
    body = f"""{IMPORTS}
        const {{ afterEvent }} = await load("points");
        return short.resultWords(afterEvent(arg, {str(ending).replace("True", "true")}));
    """
    run = {"state": "running", "step": 2, "last_seq": 8, "result": {"train_error": 0.5}}
    assert logic(body, run) == words


def test_a_run_without_errors_is_told_by_its_losses(logic: Logic) -> None:
    """As of a regression: the server keeps null for what the task has not."""
    errors = {"train_error": None, "test_error": None}
    result = {"step": 9, "evaluated": 9, **errors, "train_loss": 0.04213, "test_loss": 1.0}
    one = {"state": "finished", "step": 9, "result": result}
    said = logic(f"{IMPORTS} return short.resultWords(arg)", one)
    assert said == "training loss 0.0421, test 1"


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 5}, "integer, 1 to 5"),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 100}, "number, above 0 to 100"),
        ({"enum": ["a", "b"]}, 'one of "a", "b"'),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer or null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Run"}}, "list of Run"),
        ({}, "anything"),
    ],
)
def test_a_schema_in_a_few_words(logic: Logic, schema: dict[str, Any], words: str) -> None:
    assert logic(f"{IMPORTS} return openapi.kindOf({{}}, arg)", schema) == words


def test_every_operation_of_the_server_is_read(logic: Logic, server: str) -> None:
    found = logic(
        f"""{IMPORTS}
        const doc = await (await fetch("/openapi.json")).json();
        const flat = Object.entries(doc.paths).flatMap(([path, item]) =>
            Object.keys(item)
                .filter((key) => key !== "parameters")
                .map((method) => [method.toUpperCase(), path]));
        const read = openapi.operations(doc);
        return [flat, read.map((one) => [one.method, one.path, openapi.curl(one, "http://x")])];
        """
    )
    assert [[method, path] for method, path, _ in found[1]] == found[0]
    assert all(command.startswith("curl ") for _, _, command in found[1])
