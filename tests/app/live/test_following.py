"""Following runs: no gap, no duplicate, from the store, from memory, and as it happens."""

from __future__ import annotations

import asyncio
import json
import random
from contextlib import aclosing

import pytest

from app.executors.base import State
from app.runs.async_store import state_message
from app.runs.views import Outlook, Waits
from tests.app.live.harness import RUN, Harness, ending, everything, frames, seqs, states


async def test_a_run_that_ended_is_replayed_from_the_store(harness: Harness) -> None:
    harness.add(RUN)
    harness.write(frames(0, 20), ending(20))
    harness.restart()
    messages = await everything(harness.live.follow([RUN], {}))
    assert seqs(messages) == list(range(21))
    assert states(messages) == ["finished"]


async def test_a_cursor_is_heeded_in_the_store_and_in_the_tail(harness: Harness) -> None:
    harness.add(RUN)
    harness.write(frames(0, 20), ending(20))
    assert seqs(await everything(harness.live.follow([RUN], {RUN: 14}))) == list(range(15, 21))
    harness.restart()
    assert seqs(await everything(harness.live.follow([RUN], {RUN: 14}))) == list(range(15, 21))
    assert seqs(await everything(harness.live.follow([RUN], {RUN: 20}))) == []


async def test_a_run_that_is_not_there_is_not_followed(harness: Harness) -> None:
    assert await everything(harness.live.follow(["nowhere"], {})) == []


async def test_states_come_at_the_start_and_after_what_was_said_before(harness: Harness) -> None:
    harness.add(RUN)
    messages: list[str] = []

    async with aclosing(harness.live.follow([RUN], {})) as following:
        messages.append(await anext(following))
        harness.move(RUN, State.RUNNING, 0)
        messages.append(await anext(following))
        harness.write(frames(0, 3))
        harness.move(RUN, State.PAUSED, 3)
        messages += [await anext(following), await anext(following)]
        harness.write(ending(3))
        messages += await everything(following)
    assert states(messages) == ["queued", "running", "paused", "finished"]
    kinds = ["events" if text.startswith("[") else "state" for text in messages]
    assert kinds == ["state", "state", "events", "state", "events", "state"]


async def test_what_lies_before_a_run_is_told_when_it_changes(harness: Harness) -> None:
    harness.add(RUN)
    async with aclosing(harness.live.follow([RUN], {})) as following:
        assert json.loads(await anext(following))["waits"] is None
        outlook = Outlook(waits=Waits(pairs=2, runs=0, seconds=60))
        waiting = state_message(RUN, "queued", 0, last_seq=-1, reason=None, outlook=outlook)
        harness.live.set_state(RUN, waiting)
        assert json.loads(await anext(following)) == {
            "type": "state",
            "run": RUN,
            "state": "queued",
            "step": 0,
            "reason": None,
            "waits": {"pairs": 2, "runs": 0, "seconds": 60},
            "ends_in": None,
        }


@pytest.mark.parametrize("seed", range(5))
async def test_no_gap_and_no_duplicate_however_viewers_come_and_go(
    harness: Harness, seed: int
) -> None:
    chance = random.Random(seed)
    runs = ["run0", "run1"]
    harness.add(*runs)

    async def write() -> None:
        for run in runs:
            seq = 0
            while seq < 300:
                count = chance.randrange(1, 9)
                batch = frames(seq, count, run)
                await harness.async_store.call(harness.store.append, [batch])
                harness.live.announce(run, seq, batch.events)
                seq += count
                await asyncio.sleep(0)
            await harness.async_store.call(harness.store.append, [ending(seq, run)])
            harness.live.announce(run, seq, ending(seq, run).events)
            harness.move(run, State.FINISHED, seq, seq)

    async def view() -> None:
        """Follow, hang up after a few messages, come back with the cursors."""
        cursors: dict[str, int] = {}
        seen: dict[str, list[int]] = {run: [] for run in runs}
        over = False
        while not over:
            left = chance.randrange(1, 20)
            async with aclosing(harness.live.follow(runs, cursors)) as following:
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
            row = await harness.async_store.call(harness.store.run, run)
            assert row is not None
            assert len(seen[run]) == row.last_seq + 1

    await asyncio.gather(write(), *(view() for _ in range(8)))
    assert harness.live.viewers == 0


@pytest.mark.parametrize("remembered", [True, False])
async def test_frames_can_be_left_out(harness: Harness, remembered: bool) -> None:
    harness.add(RUN)
    harness.write(frames(0, 50), ending(50))
    if not remembered:
        harness.restart()
    assert seqs(await everything(harness.live.follow([RUN], {}, frames=False))) == [50]
    assert seqs(await everything(harness.live.follow([RUN], {}, frames=True))) == list(range(51))


async def test_leaving_frames_out_of_an_interrupted_run_comes_to_an_end(harness: Harness) -> None:
    harness.add(RUN)
    harness.write(frames(0, 5))  # no ending: a crash
    harness.store.interrupt_unfinished()
    harness.restart()
    messages = await everything(harness.live.follow([RUN], {}, frames=False))
    assert (seqs(messages), states(messages)) == ([], ["interrupted"])


async def test_deleting_a_run_ends_its_following(harness: Harness) -> None:
    harness.add(RUN, "other")
    async with aclosing(harness.live.follow([RUN, "other"], {})) as following:
        harness.write(frames(0, 3))
        assert seqs([await anext(following) for _ in range(3)]) == [0, 1, 2]
        harness.store.delete_run(RUN)
        harness.live.forget(RUN)
        harness.write(frames(0, 1, "other"), ending(1, "other"))
        assert seqs(await everything(following), "other") == [0, 1]
    assert harness.live.viewers == 0
