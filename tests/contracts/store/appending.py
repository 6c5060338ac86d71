"""How events are written."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.event import listen

from app.events import Failed, Finished, encode
from app.executors.base import Batch, State
from app.spec import RunSpec
from app.store.errors import Hole, Unavailable
from app.store.records import Move, NewRun
from app.store.store import Store
from tests.contracts.store.batches import finish, frames
from tests.contracts.store.opened import Opened


class Appending(Opened):
    """All of a batch or nothing, no hole, one ending, and twice is harmless."""

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

    def test_an_interruption_ends_the_run_without_an_event(self, store: Store, run: str) -> None:
        last = Batch(run, 3, (), 2, State.INTERRUPTED, reason="the lights went out")
        store.append([frames(run, 0, 3), last], [Move(run, State.RUNNING, 2)])
        row, events = store.run(run), store.events(run)
        assert row is not None
        assert events is not None
        assert (row.state, row.reason, row.last_seq) == ("interrupted", "the lights went out", 2)
        assert row.ended is not None
        assert events.payloads == frames(run, 0, 3).events
        assert store.append([frames(run, 3, 1)]) == {run}

    def test_what_is_interrupted_before_it_began_never_started(
        self, store: Store, run: str
    ) -> None:
        store.append([Batch(run, 0, (), 0, State.INTERRUPTED, reason="the lights went out")])
        row = store.run(run)
        assert row is not None
        assert (row.state, row.last_seq, row.started) == ("interrupted", -1, None)

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

    def test_one_runs_absence_does_not_keep_others_from_being_written(
        self, store: Store, run: str
    ) -> None:
        assert store.append([frames("gone", 0, 1), frames(run, 0, 1)]) == {"gone"}
        row = store.run(run)
        assert row is not None
        assert row.last_seq == 0
