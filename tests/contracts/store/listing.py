"""How runs and studies are kept and found."""

from __future__ import annotations

from typing import Any

from app.spec import RunSpec
from app.store.records import Move, NewRun
from app.store.store import Store
from models.families import net_spec
from tests.contracts.store.batches import add_study, finish
from tests.contracts.store.opened import Opened


class Listing(Opened):
    """Each comes back as it was put in, newest first, by state and words."""

    def test_a_run_comes_back_as_it_was_put_in(self, store: Store) -> None:
        spec = RunSpec(steps=7, seed=2**32 - 1).model_dump_json()
        store.add([NewRun("bbbbbbbbbb", spec, "me")])
        row = store.run("bbbbbbbbbb")
        assert row is not None
        assert (row.spec, row.owner, row.state, row.step, row.last_seq) == (
            spec,
            "me",
            "queued",
            0,
            -1,
        )
        assert (row.study, row.started, row.ended, row.result) == (None, None, None, None)
        assert row.created.utcoffset() is not None

    def test_there_is_no_run_that_was_not_put_in(self, store: Store) -> None:
        assert store.run("nowhere") is None
        assert store.study("nowhere") is None
        assert store.events("nowhere") is None
        assert not store.delete_run("nowhere")
        assert not store.delete_study("nowhere")

    def test_a_study_keeps_its_runs_in_order(self, store: Store) -> None:
        add_study(store, "s", ["z", "a", "m"])
        add_study(store, "t", ["b"])
        row = store.study("s")
        assert row is not None
        assert (row.kind, row.owner, row.spec) == ("twins", "me", '{"study":"twins"}')
        assert [run.id for run in store.runs_of(["s"])] == ["z", "a", "m"]
        assert [run.id for run in store.runs_of(["t", "s"])] == ["z", "a", "m", "b"]
        assert store.runs_of([]) == []

    def test_listings_come_newest_first_in_pages(self, store: Store) -> None:
        names = [f"run{index}" for index in range(7)]
        for name in names:
            store.add([NewRun(name, RunSpec().model_dump_json(), "me")])
        seen: list[str] = []
        cursor: int | None = None
        while page := store.runs(after=cursor, limit=3):
            seen += [row.id for row in page]
            cursor = page[-1].number
            store.delete_run(page[-1].id)  # nor does a cursor mind that its row is gone
        assert seen == names[::-1]

    def test_runs_are_found_by_state_study_and_words(self, store: Store, run: str) -> None:
        add_study(store, "s", ["z"], kind="twins")
        add_study(store, "t", ["y"], kind="depth")
        tanh = RunSpec(net=net_spec(family="mlp", depth=32, activation="tanh"))
        store.add([NewRun("x", tanh.model_dump_json(), "me")])
        store.append([], [Move("z", "running", 0)])

        def found(**filters: Any) -> list[str]:
            return [row.id for row in store.runs(**filters)]

        assert found(state="running") == ["z"]
        assert found(study="depth") == ["y"]
        assert found(study="s") == ["z"]
        assert found(text="TanH mlp") == ["x"]
        assert found(text="tanh convnet") == []
        assert found(text="x") != []
        assert found(text="100%_") == []  # no wildcards
        assert found(text="none") == []  # none is plain, though none has a tail
        assert found(text='"tail":"none"') == found()
        assert found(text="tanh\0") == ["x"]
        assert found(text="") == ["x", "y", "z", run]
        assert found(state="running", study="depth") == []

        bare = RunSpec(net=net_spec(norm="none", tail="squeeze-excitation"))
        store.add([NewRun("bare", bare.model_dump_json(), "me")])
        plain = RunSpec(net=net_spec(skip="none"))
        store.add([NewRun("plain", plain.model_dump_json(), "me")])
        assert found(text="none") == ["plain"]
        assert found(text='"norm":"none"') == ["bare"]
        assert found(text="squeeze") == ["bare"]

    def test_studies_are_found_by_the_state_of_their_runs(self, store: Store) -> None:
        add_study(store, "waiting", ["a", "b"])
        add_study(store, "going", ["c", "d"], kind="depth")
        add_study(store, "over", ["e"])
        store.append([finish("c", 0), finish("e", 0)], [Move("d", "running", 0)])

        def found(**filters: Any) -> list[str]:
            return [row.id for row in store.studies(**filters)]

        assert found() == ["over", "going", "waiting"]
        assert found(state="queued") == ["waiting"]
        assert found(state="running") == ["going"]
        assert found(state="finished") == ["over"]
        assert found(state="nonsense") == []
        assert found(kind="depth") == ["going"]
        assert found(text="DEPTH") == ["going"]
        last = store.studies(limit=1)[0]
        assert found(after=last.number) == ["going", "waiting"]
