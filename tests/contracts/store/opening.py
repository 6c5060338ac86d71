"""What opening a store does to it."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.executors.base import ENDED, State
from app.spec import RunSpec
from app.store.records import PRECEDENCE, UNFINISHED, Move, NewRun
from app.store.store import Store
from app.store.tables import METADATA
from tests.contracts.store.batches import finish, frames
from tests.contracts.store.opened import Opened


class Opening(Opened):
    """Tables come, what was there stays, and what a crash left is marked."""

    def test_the_states_are_the_engines(self) -> None:
        assert set(UNFINISHED) == set(State) - ENDED
        assert set(PRECEDENCE) == set(State)

    def test_migrations_lead_to_the_tables_that_the_code_uses(self, store: Store) -> None:
        with store.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, METADATA) == []

    def test_opening_again_changes_nothing(self, store: Store, url: str, run: str) -> None:
        store.append([frames(run, 0, 3), finish(run, 3)])
        before = store.run(run)
        again = Store(url)
        assert again.open() == 0
        assert again.run(run) == before
        again.close()

    def test_what_a_crash_left_under_way_is_interrupted(
        self, store: Store, run: str, url: str
    ) -> None:
        store.add([NewRun(name, RunSpec().model_dump_json(), "me") for name in ("b", "c", "d")])
        store.append([frames(run, 0, 2)], [Move(run, "running", 2), Move("b", "paused", 0)])
        store.append([finish("d", 0)])
        again = Store(url)
        assert again.open() == 3
        states = {row.id: row.state for row in again.runs()}
        assert states == {
            run: "interrupted",
            "b": "interrupted",
            "c": "interrupted",
            "d": "finished",
        }
        row, events = again.run(run), again.events(run)
        assert row is not None
        assert events is not None
        assert row.ended is not None
        assert len(events.payloads) == 2
        reasons = {row.id: row.reason for row in again.runs()}
        assert reasons == {
            run: "the server ended unexpectedly at step 2",
            "b": "the server ended unexpectedly at step 0",
            "c": "the server ended before training began",
            "d": None,
        }
        again.close()

    def test_reading_beside_a_server_interrupts_nothing(
        self, store: Store, run: str, url: str
    ) -> None:
        beside = Store(url)
        assert beside.open(owner=False) == 0
        row = beside.run(run)
        assert row is not None
        assert row.state == "queued"
        beside.close()
