"""What goes when a run or a study is deleted."""

from __future__ import annotations

from app.store.records import Move
from app.store.store import Store
from tests.contracts.store.batches import add_study, frames
from tests.contracts.store.opened import Opened


class Deleting(Opened):
    """Events go with their run, and a study with its last one."""

    def test_deleting_a_run_deletes_its_events_and_late_ones_are_dropped(
        self, store: Store, run: str
    ) -> None:
        store.append([frames(run, 0, 3)])
        assert store.delete_run(run)
        assert store.run(run) is None
        assert store.events(run) is None
        assert store.append([frames(run, 3, 1)], [Move(run, "paused", 3)]) == {run}
        with store.engine.connect() as connection:
            left = connection.exec_driver_sql("SELECT count(*) FROM event").scalar()
        assert left == 0

    def test_deleting_a_study_deletes_its_runs(self, store: Store, run: str) -> None:
        add_study(store, "s", ["z", "a"])
        store.append([frames("z", 0, 2)])
        assert store.delete_study("s")
        assert store.study("s") is None
        assert [row.id for row in store.runs()] == [run]
        assert store.events("z") is None

    def test_a_study_goes_with_its_last_run(self, store: Store) -> None:
        add_study(store, "s", ["z", "a"])
        store.delete_run("z")
        assert store.study("s") is not None
        store.delete_run("a")
        assert store.study("s") is None
