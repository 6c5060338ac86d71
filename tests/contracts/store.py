"""What every store must do, whatever database is behind it.

A test module inherits ``StoreContract`` and says, in a fixture ``url``, where an empty database is.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.event import listen

from app.events import Failed, Finished, Frame, encode
from app.executors.base import ENDED, Batch, State
from app.spec import RunSpec
from app.store.errors import Hole, Unavailable
from app.store.records import PRECEDENCE, UNFINISHED, Move, NewRun, NewStudy
from app.store.store import Store
from app.store.tables import METADATA
from models.spec import NetSpec


def frame(run: str, seq: int, width: int = 3) -> bytes:
    """A real frame, small unless it is asked to be wide."""
    values = (0.5,) * width
    return encode(
        run,
        seq,
        Frame(
            step=seq,
            loss=(2.3,),
            flow_norm=values,
            grad_norm=values,
            update_ratio=values,
            lr=0.05,
            time=0.1,
        ),
    )


def frames(run: str, first: int, count: int) -> Batch:
    """Consecutive frames, one a step."""
    events = tuple(frame(run, seq) for seq in range(first, first + count))
    return Batch(run, first, events, step=first + count - 1)


def finish(run: str, seq: int) -> Batch:
    """The ending of a run that went well."""
    result = {"step": seq, "params": 10, "seconds": 0.1, "train_error": float("nan")}
    event = encode(run, seq, Finished(step=seq))
    return Batch(run, seq, (event,), step=seq, ending=State.FINISHED, result=result)


class StoreContract:
    """Inherit this and give a ``url``."""

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        store = Store(url)
        store.open()
        yield store
        store.close()

    @pytest.fixture
    def run(self, store: Store) -> str:
        store.add([NewRun("aaaaaaaaaa", RunSpec().model_dump_json(), "me")])
        return "aaaaaaaaaa"

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

    def test_events_come_back_byte_for_byte_and_in_order(self, store: Store, run: str) -> None:
        batches = [frames(run, 0, 3), frames(run, 3, 1), frames(run, 4, 5)]
        assert store.append(batches) == frozenset()
        events = store.events(run)
        assert events is not None
        assert events.payloads == tuple(event for batch in batches for event in batch.events)
        assert (events.last, events.more) == (8, False)

    def test_an_append_moves_the_run_along(self, store: Store, run: str) -> None:
        store.append([frames(run, 0, 3)], [Move(run, State.RUNNING, 1)])
        row = store.run(run)
        assert row is not None
        assert (row.state, row.step, row.last_seq) == ("running", 2, 2)
        assert row.started is not None

    def test_an_append_leaves_the_runs_name_alone(self, store: Store, run: str) -> None:
        said: list[str] = []
        listen(store.engine, "before_cursor_execute", lambda *sent: said.append(sent[2]))
        store.append([frames(run, 0, 1)])
        (update,) = [statement for statement in said if statement.startswith("UPDATE")]
        assert re.search(r"SET state\b", update)
        assert not re.search(r"\bid=.* WHERE", update)

    def test_the_ending_ends_the_run_and_keeps_its_result(self, store: Store, run: str) -> None:
        store.append([frames(run, 0, 3), finish(run, 3)], [Move(run, State.PAUSED, 3)])
        row = store.run(run)
        assert row is not None
        assert (row.state, row.step, row.last_seq) == ("finished", 3, 3)
        assert row.ended is not None
        assert row.result == (
            '{"step": 3, "params": 10, "seconds": 0.1, "train_error": null}'
        )  # not a number is not JSON

    def test_writing_twice_is_harmless(self, store: Store, run: str) -> None:
        store.append([frames(run, 0, 4)])
        store.append([frames(run, 4, 2), finish(run, 6)])
        before = store.run(run), store.events(run)
        for again in (frames(run, 0, 4), frames(run, 4, 2), finish(run, 6)):
            assert store.append([again]) == frozenset()
        assert (store.run(run), store.events(run)) == before

    def test_a_batch_that_overlaps_adds_what_is_new(self, store: Store, run: str) -> None:
        store.append([frames(run, 0, 4)])
        store.append([frames(run, 2, 4)])
        events = store.events(run)
        assert events is not None
        assert events.payloads == frames(run, 0, 6).events

    def test_a_run_has_one_ending(self, store: Store, run: str) -> None:
        store.append([frames(run, 0, 2), finish(run, 2)])
        late = Batch(run, 3, (encode(run, 3, Failed(step=2, reason="no")),), 2, State.FAILED)
        assert store.append([late]) == {run}
        row, events = store.run(run), store.events(run)
        assert row is not None
        assert events is not None
        assert (row.state, row.last_seq, len(events.payloads)) == ("finished", 2, 3)

    def test_the_database_itself_refuses_a_second_ending(self, store: Store, run: str) -> None:
        both = (encode(run, 0, Finished(step=0)), encode(run, 1, Failed(step=0, reason="no")))
        with pytest.raises(Unavailable):
            store.append([Batch(run, 0, both, 0, State.FINISHED)])
        events = store.events(run)
        assert events is not None
        assert events.payloads == ()  # all of the batch or nothing

    def test_a_hole_is_refused(self, store: Store, run: str) -> None:
        store.append([frames(run, 0, 2)])
        with pytest.raises(Hole, match="event 2"):
            store.append([frames(run, 3, 1)])

    def test_an_append_is_all_or_nothing(self, store: Store, run: str) -> None:
        store.add([NewRun("bbbbbbbbbb", RunSpec().model_dump_json(), "me")])
        with pytest.raises(Hole):
            store.append([frames(run, 0, 2), frames("bbbbbbbbbb", 1, 1)])
        events = store.events(run)
        assert events is not None
        assert events.payloads == ()

    def test_pages_are_bounded_by_count(self, store: Store, run: str) -> None:
        store.append([frames(run, 0, 10)])
        first = store.events(run, limit=4)
        assert first is not None
        assert (len(first.payloads), first.last, first.more) == (4, 3, True)
        last = store.events(run, first.last, limit=6)
        assert last is not None
        assert (len(last.payloads), last.last, last.more) == (6, 9, False)

    def test_pages_are_bounded_by_bytes_but_never_empty(self, store: Store, run: str) -> None:
        wide = tuple(frame(run, seq, width=200) for seq in range(6))
        store.append([Batch(run, 0, wide, step=6)])
        page = store.events(run, max_bytes=2 * len(wide[0]))
        assert page is not None
        assert (len(page.payloads), page.more) == (2, True)
        page = store.events(run, max_bytes=1)
        assert page is not None
        assert (len(page.payloads), page.more) == (1, True)

    def test_frames_can_be_left_out(self, store: Store, run: str) -> None:
        store.append([frames(run, 0, 10), finish(run, 10)])
        page = store.events(run, frames=False)
        assert page is not None
        assert page.payloads == finish(run, 10).events
        assert (page.last, page.more) == (10, False)

    def test_leaving_frames_out_still_says_how_far_it_looked(self, store: Store, run: str) -> None:
        store.append([frames(run, 0, 10)])
        page = store.events(run, frames=False)
        assert page is not None
        assert (page.payloads, page.last, page.more) == ((), 9, False)

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
        assert row.reason
        assert len(events.payloads) == 2
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

    def test_one_runs_absence_does_not_keep_others_from_being_written(
        self, store: Store, run: str
    ) -> None:
        assert store.append([frames("gone", 0, 1), frames(run, 0, 1)]) == {"gone"}
        row = store.run(run)
        assert row is not None
        assert row.last_seq == 0

    def study(self, store: Store, name: str, runs: list[str], kind: str = "twins") -> None:
        spec = RunSpec().model_dump_json()
        store.add(
            [NewRun(run, spec, "me") for run in runs],
            NewStudy(name, kind, f'{{"study":"{kind}"}}', "me"),
        )

    def test_a_study_keeps_its_runs_in_order(self, store: Store) -> None:
        self.study(store, "s", ["z", "a", "m"])
        self.study(store, "t", ["b"])
        row = store.study("s")
        assert row is not None
        assert (row.kind, row.owner, row.spec) == ("twins", "me", '{"study":"twins"}')
        assert [run.id for run in store.runs_of(["s"])] == ["z", "a", "m"]
        assert [run.id for run in store.runs_of(["t", "s"])] == ["z", "a", "m", "b"]
        assert store.runs_of([]) == []

    def test_deleting_a_study_deletes_its_runs(self, store: Store, run: str) -> None:
        self.study(store, "s", ["z", "a"])
        store.append([frames("z", 0, 2)])
        assert store.delete_study("s")
        assert store.study("s") is None
        assert [row.id for row in store.runs()] == [run]
        assert store.events("z") is None

    def test_a_study_goes_with_its_last_run(self, store: Store) -> None:
        self.study(store, "s", ["z", "a"])
        store.delete_run("z")
        assert store.study("s") is not None
        store.delete_run("a")
        assert store.study("s") is None

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
        self.study(store, "s", ["z"], kind="twins")
        self.study(store, "t", ["y"], kind="depth")
        tanh = RunSpec(net=NetSpec(family="mlp", depth=32, activation="tanh"))
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
        assert found(text="tanh\0") == ["x"]
        assert found(text="") == ["x", "y", "z", run]
        assert found(state="running", study="depth") == []

    def test_studies_are_found_by_the_state_of_their_runs(self, store: Store) -> None:
        self.study(store, "waiting", ["a", "b"])
        self.study(store, "going", ["c", "d"], kind="depth")
        self.study(store, "over", ["e"])
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

    def test_readers_never_see_a_hole_while_writers_write(self, store: Store) -> None:
        runs = ["a", "b", "c"]
        store.add([NewRun(run, RunSpec().model_dump_json(), "me") for run in runs])

        def write(run: str) -> None:
            for first in range(0, 60, 3):
                store.append([frames(run, first, 3)])
            store.append([finish(run, 60)])

        writers = [threading.Thread(target=write, args=(run,)) for run in runs]
        for writer in writers:
            writer.start()
        for run in runs:
            seen: list[bytes] = []
            last = -1
            while last < 60:
                page = store.events(run, last, limit=7)
                assert page is not None
                assert page.last == last + len(page.payloads)
                seen += page.payloads
                last = page.last
            assert seen == [*frames(run, 0, 60).events, *finish(run, 60).events]
        for writer in writers:
            writer.join()
