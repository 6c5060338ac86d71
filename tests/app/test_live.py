"""Following runs: no gap, no duplicate, and one read for everybody."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.events import Finished, encode
from app.executors.base import Batch, State
from app.live import Live, tail
from app.live.live import PAGES_BYTES, TAILS_BYTES
from app.runs.archive import Archive, standing
from app.spec import RunSpec
from app.store.records import NewRun
from app.store.store import Store
from tests.app.scripted import a_frame

RUN = "aaaaaaaaaa"


def frames(first: int, count: int, run: str = RUN, width: int = 3) -> Batch:
    """Consecutive frames."""
    events = tuple(encode(run, seq, a_frame(seq, width)) for seq in range(first, first + count))
    return Batch(run, first, events, step=first + count)


def ending(seq: int, run: str = RUN) -> Batch:
    """The last event."""
    return Batch(run, seq, (encode(run, seq, Finished(step=seq)),), seq, State.FINISHED)


class Stage:
    """A store and a live, and a hand that writes into both as the writer does."""

    def __init__(self, path: Path) -> None:
        self.store = Store(f"sqlite:///{path / 'store.sqlite'}")
        self.store.open()
        self.archive = Archive(self.store)
        self.live = Live()
        self.live.attach(self.archive)
        self.reads = 0  # of events
        event.listen(self.store.engine, "before_cursor_execute", self._count)

    def _count(self, *about: Any) -> None:
        statement = about[2]
        self.reads += "FROM event" in statement

    def add(self, *runs: str) -> None:
        """New runs."""
        self.store.add([NewRun(run, RunSpec().model_dump_json(), "me") for run in runs])
        for run in runs:
            self.live.open(run, standing(run, "queued", 0, last_seq=-1, place=1, reason=None))

    def write(self, *batches: Batch) -> None:
        """Commit, then announce."""
        self.store.append(batches)
        for batch in batches:
            self.live.announce(batch.run, batch.first_seq, batch.events)
            if batch.ending is not None:
                last = batch.last_seq
                self.move(batch.run, batch.ending, batch.step, last)

    def move(self, run: str, state: State, step: int, last: int = -1) -> None:
        """Tell where a run stands."""
        self.live.stand(run, standing(run, state, step, last_seq=last, place=None, reason=None))

    def restart(self) -> None:
        """Nothing is in memory any more."""
        self.live = Live()
        self.live.attach(self.archive)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.archive.close()
    stage.store.close()


def seqs(messages: Sequence[str], run: str = RUN) -> list[int]:
    """The numbers of this run's events, in the order in which they came."""
    parsed = [json.loads(text) for text in messages]
    events = [event for text in parsed if isinstance(text, list) for event in text]
    return [event["seq"] for event in events if event["run"] == run]


def states(messages: Sequence[str]) -> list[str]:
    """The states that were told."""
    parsed = [json.loads(text) for text in messages]
    return [text["state"] for text in parsed if isinstance(text, dict)]


async def everything(following: AsyncIterator[str]) -> list[str]:
    """All messages until the end."""
    return [text async for text in following]


async def until(following: AsyncGenerator[str, None], run: str, last: int) -> list[str]:
    """The messages up to the one with event ``last``."""
    messages = []
    async with aclosing(following):
        async for text in following:
            messages.append(text)
            if seqs([text], run)[-1:] == [last]:
                break
    return messages


async def test_a_run_that_ended_is_replayed_from_the_store(stage: Stage) -> None:
    stage.add(RUN)
    stage.write(frames(0, 20), ending(20))
    stage.restart()
    messages = await everything(stage.live.follow([RUN], {}))
    assert seqs(messages) == list(range(21))
    assert states(messages) == ["finished"]


async def test_a_cursor_is_heeded_in_the_store_and_in_the_tail(stage: Stage) -> None:
    stage.add(RUN)
    stage.write(frames(0, 20), ending(20))
    assert seqs(await everything(stage.live.follow([RUN], {RUN: 14}))) == list(range(15, 21))
    stage.restart()
    assert seqs(await everything(stage.live.follow([RUN], {RUN: 14}))) == list(range(15, 21))
    assert seqs(await everything(stage.live.follow([RUN], {RUN: 20}))) == []


async def test_a_run_that_is_not_there_is_not_followed(stage: Stage) -> None:
    assert await everything(stage.live.follow(["nowhere"], {})) == []


async def test_states_come_at_the_start_and_after_what_was_said_before(stage: Stage) -> None:
    stage.add(RUN)
    messages: list[str] = []

    async with aclosing(stage.live.follow([RUN], {})) as following:
        messages.append(await anext(following))
        stage.move(RUN, State.RUNNING, 0)
        messages.append(await anext(following))
        stage.write(frames(0, 3))
        stage.move(RUN, State.PAUSED, 3)
        messages += [await anext(following), await anext(following)]
        stage.write(ending(3))
        messages += await everything(following)
    assert states(messages) == ["queued", "running", "paused", "finished"]
    kinds = ["events" if text.startswith("[") else "state" for text in messages]
    assert kinds == ["state", "state", "events", "state", "events", "state"]


async def test_the_place_in_the_queue_is_told_when_it_changes(stage: Stage) -> None:
    stage.add(RUN)
    async with aclosing(stage.live.follow([RUN], {})) as following:
        assert json.loads(await anext(following))["place"] == 1
        waiting = standing(RUN, "queued", 0, last_seq=-1, place=7, reason=None)
        stage.live.stand(RUN, waiting)
        assert json.loads(await anext(following)) == {
            "type": "state",
            "run": RUN,
            "state": "queued",
            "step": 0,
            "place": 7,
            "reason": None,
        }


@pytest.mark.parametrize("seed", range(5))
async def test_no_gap_and_no_duplicate_however_viewers_come_and_go(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    runs = ["run0", "run1"]
    stage.add(*runs)

    async def write() -> None:
        for run in runs:
            seq = 0
            while seq < 300:
                count = chance.randrange(1, 9)
                batch = frames(seq, count, run)
                await stage.archive.do(stage.store.append, [batch])
                stage.live.announce(run, seq, batch.events)
                seq += count
                await asyncio.sleep(0)
            await stage.archive.do(stage.store.append, [ending(seq, run)])
            stage.live.announce(run, seq, ending(seq, run).events)
            stage.move(run, State.FINISHED, seq, seq)

    async def view() -> None:
        """Follow, hang up after a few messages, come back with the cursors."""
        cursors: dict[str, int] = {}
        seen: dict[str, list[int]] = {run: [] for run in runs}
        over = False
        while not over:
            left = chance.randrange(1, 20)
            async with aclosing(stage.live.follow(runs, cursors)) as following:
                async for text in following:
                    for run in runs:
                        if new := seqs([text], run):
                            seen[run] += new
                            cursors[run] = new[-1]
                    left -= 1
                    if not left:
                        break
                    await asyncio.sleep(0)
                else:
                    over = True
        for run in runs:
            assert seen[run] == list(range(len(seen[run])))
            row = await stage.archive.do(stage.store.run, run)
            assert row is not None
            assert len(seen[run]) == row.last_seq + 1

    await asyncio.gather(write(), *(view() for _ in range(8)))
    assert stage.live.viewers == 0


async def test_a_thousand_viewers_cost_no_read_while_they_keep_up(stage: Stage) -> None:
    stage.add(RUN)
    viewers = [asyncio.create_task(everything(stage.live.follow([RUN], {}))) for _ in range(1000)]
    for first in range(0, 50, 5):
        stage.write(frames(first, 5))
        await asyncio.sleep(0)
    stage.write(ending(50))
    for messages in await asyncio.gather(*viewers):
        assert seqs(messages) == list(range(51))
    assert stage.reads == 0


async def test_a_thousand_viewers_of_an_old_run_cost_one_read_a_page(stage: Stage) -> None:
    stage.add(RUN)
    stage.write(frames(0, 100), ending(100))
    stage.restart()
    viewers = [stage.live.follow([RUN], {}) for _ in range(1000)]
    for messages in await asyncio.gather(*map(everything, viewers)):
        assert seqs(messages) == list(range(101))
    assert stage.reads == 1
    await everything(stage.live.follow([RUN], {}))
    assert stage.reads == 1  # and is remembered


async def test_viewers_share_one_text(stage: Stage) -> None:
    stage.add(RUN)
    stage.write(frames(0, 10), ending(10))
    one = await everything(stage.live.follow([RUN], {}))
    two = await everything(stage.live.follow([RUN], {}))
    assert one[1] is two[1]


async def test_a_viewer_that_stops_reading_costs_nothing_and_loses_nothing(stage: Stage) -> None:
    stage.add(RUN)
    async with aclosing(stage.live.follow([RUN], {})) as slow:
        first = await anext(slow)
        quick = asyncio.create_task(everything(stage.live.follow([RUN], {})))
        sizes = []
        for seq in range(0, 3000, 100):
            stage.write(frames(seq, 100, width=50))
            await asyncio.sleep(0)
            sizes.append(stage.live.memory)
        stage.write(ending(3000))
        assert seqs(await quick) == list(range(3001))
        size = len(frames(0, 1, width=50).events[0])
        assert max(sizes) < tail.TAIL_BYTES + PAGES_BYTES < 3000 * size * 10
        assert seqs([first, *await everything(slow)]) == list(range(3001))


async def test_memory_is_bounded_however_many_runs_speak(stage: Stage) -> None:
    names = [f"run{index}" for index in range(40)]
    stage.add(*names)
    for name in names:
        stage.write(frames(0, 600, name, width=40))
        assert stage.live.memory <= TAILS_BYTES + PAGES_BYTES
    messages = await until(stage.live.follow(names[:1], {}), names[0], 599)  # long out of memory
    assert seqs(messages, names[0]) == list(range(600))


async def test_messages_are_bounded(stage: Stage) -> None:
    stage.add(RUN)
    stage.write(frames(0, 300, width=200), ending(300))
    for _ in range(2):  # from the tail and the store, then from the store alone
        messages = await everything(stage.live.follow([RUN], {}))
        assert seqs(messages) == list(range(301))
        assert max(map(len, messages)) < tail.MESSAGE + 10_000
        stage.restart()


async def test_an_event_larger_than_a_message_still_comes(stage: Stage) -> None:
    stage.add(RUN)
    stage.write(frames(0, 2, width=50_000), ending(2))
    assert seqs(await everything(stage.live.follow([RUN], {}))) == [0, 1, 2]


@pytest.mark.parametrize("remembered", [True, False])
async def test_frames_can_be_left_out(stage: Stage, remembered: bool) -> None:
    stage.add(RUN)
    stage.write(frames(0, 50), ending(50))
    if not remembered:
        stage.restart()
    assert seqs(await everything(stage.live.follow([RUN], {}, frames=False))) == [50]
    assert seqs(await everything(stage.live.follow([RUN], {}, frames=True))) == list(range(51))


async def test_leaving_frames_out_of_an_interrupted_run_comes_to_an_end(stage: Stage) -> None:
    stage.add(RUN)
    stage.write(frames(0, 5))  # no ending: a crash
    stage.store.interrupt_unfinished()
    stage.restart()
    messages = await everything(stage.live.follow([RUN], {}, frames=False))
    assert (seqs(messages), states(messages)) == ([], ["interrupted"])


async def test_deleting_a_run_ends_its_following(stage: Stage) -> None:
    stage.add(RUN, "other")
    async with aclosing(stage.live.follow([RUN, "other"], {})) as following:
        stage.write(frames(0, 3))
        assert seqs([await anext(following) for _ in range(3)]) == [0, 1, 2]
        stage.store.delete_run(RUN)
        stage.live.forget(RUN)
        stage.write(frames(0, 1, "other"), ending(1, "other"))
        assert seqs(await everything(following), "other") == [0, 1]
    assert stage.live.viewers == 0


async def test_who_leaves_early_takes_nobodys_answer_away(stage: Stage) -> None:
    stage.add(RUN)
    stage.write(frames(0, 30), ending(30))
    stage.restart()
    leaver = asyncio.create_task(everything(stage.live.follow([RUN], {})))
    stayer = asyncio.create_task(everything(stage.live.follow([RUN], {})))
    await asyncio.sleep(0)
    leaver.cancel()
    assert seqs(await stayer) == list(range(31))
    with pytest.raises(asyncio.CancelledError):
        await leaver


async def test_an_ended_runs_tail_is_dropped_after_a_while(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.live.LINGER", 0.0)
    stage.add(RUN)
    stage.write(frames(0, 30), ending(30))
    assert stage.live.memory > 0
    await asyncio.sleep(0.001)  # the loop's clock has to move for its timer to be due
    assert stage.live.memory == 0
    assert seqs(await everything(stage.live.follow([RUN], {}))) == list(range(31))
