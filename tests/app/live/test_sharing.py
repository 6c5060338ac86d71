"""Many viewers of a run: one read and one text for all, and memory that is bounded."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from app.live import tail
from app.live.live import PAGES_BYTES, TAILS_BYTES
from tests.app.live.harness import RUN, Harness, ending, everything, frames, seqs, until


async def test_a_thousand_viewers_cost_no_read_while_they_keep_up(harness: Harness) -> None:
    harness.add(RUN)
    viewers = [asyncio.create_task(everything(harness.live.follow([RUN], {}))) for _ in range(1000)]
    for first in range(0, 50, 5):
        harness.write(frames(first, 5))
        await asyncio.sleep(0)
    harness.write(ending(50))
    for messages in await asyncio.gather(*viewers):
        assert seqs(messages) == list(range(51))
    assert harness.reads == 0


async def test_a_thousand_viewers_of_an_old_run_cost_one_read_a_page(harness: Harness) -> None:
    harness.add(RUN)
    harness.write(frames(0, 100), ending(100))
    harness.restart()
    viewers = [harness.live.follow([RUN], {}) for _ in range(1000)]
    for messages in await asyncio.gather(*map(everything, viewers)):
        assert seqs(messages) == list(range(101))
    assert harness.reads == 1
    await everything(harness.live.follow([RUN], {}))
    assert harness.reads == 1  # and is remembered


async def test_viewers_share_one_text(harness: Harness) -> None:
    harness.add(RUN)
    harness.write(frames(0, 10), ending(10))
    one = await everything(harness.live.follow([RUN], {}))
    two = await everything(harness.live.follow([RUN], {}))
    assert one[1] is two[1]


async def test_a_viewer_that_stops_reading_costs_nothing_and_loses_nothing(
    harness: Harness,
) -> None:
    harness.add(RUN)
    async with aclosing(harness.live.follow([RUN], {})) as slow:
        first = await anext(slow)
        quick = asyncio.create_task(everything(harness.live.follow([RUN], {})))
        sizes = []
        for seq in range(0, 3000, 100):
            harness.write(frames(seq, 100, width=50))
            await asyncio.sleep(0)
            sizes.append(harness.live.memory)
        harness.write(ending(3000))
        assert seqs(await quick) == list(range(3001))
        size = len(frames(0, 1, width=50).events[0])
        assert max(sizes) < tail.TAIL_BYTES + PAGES_BYTES < 3000 * size * 10
        assert seqs([first, *await everything(slow)]) == list(range(3001))


async def test_memory_is_bounded_however_many_runs_speak(harness: Harness) -> None:
    names = [f"run{index}" for index in range(40)]
    harness.add(*names)
    for name in names:
        harness.write(frames(0, 600, name, width=40))
        assert harness.live.memory <= TAILS_BYTES + PAGES_BYTES
    messages = await until(harness.live.follow(names[:1], {}), names[0], 599)  # long out of memory
    assert seqs(messages, names[0]) == list(range(600))


async def test_messages_are_bounded(harness: Harness) -> None:
    harness.add(RUN)
    harness.write(frames(0, 300, width=200), ending(300))
    for _ in range(2):  # from the tail and the store, then from the store alone
        messages = await everything(harness.live.follow([RUN], {}))
        assert seqs(messages) == list(range(301))
        assert max(map(len, messages)) < tail.MESSAGE + 10_000
        harness.restart()


async def test_an_event_larger_than_a_message_still_comes(harness: Harness) -> None:
    harness.add(RUN)
    harness.write(frames(0, 2, width=50_000), ending(2))
    assert seqs(await everything(harness.live.follow([RUN], {}))) == [0, 1, 2]


async def test_who_leaves_early_takes_nobodys_answer_away(harness: Harness) -> None:
    harness.add(RUN)
    harness.write(frames(0, 30), ending(30))
    harness.restart()
    leaver = asyncio.create_task(everything(harness.live.follow([RUN], {})))
    stayer = asyncio.create_task(everything(harness.live.follow([RUN], {})))
    await asyncio.sleep(0)
    leaver.cancel()
    assert seqs(await stayer) == list(range(31))
    with pytest.raises(asyncio.CancelledError):
        await leaver


async def test_an_ended_runs_tail_is_dropped_after_a_while(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.live.LINGER", 0.0)
    harness.add(RUN)
    harness.write(frames(0, 30), ending(30))
    assert harness.live.memory > 0
    await asyncio.sleep(0.001)  # the loop's clock has to move for its timer to be due
    assert harness.live.memory == 0
    assert seqs(await everything(harness.live.follow([RUN], {}))) == list(range(31))
