"""How events are read."""

from __future__ import annotations

import threading

from app.executors.base import Batch
from app.spec import RunSpec
from app.store.records import NewRun
from app.store.store import Store
from tests.contracts.store.batches import finish, frame, frames
from tests.contracts.store.opened import Opened


class Paging(Opened):
    """Pages of events, bounded, without holes, with or without frames."""

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
