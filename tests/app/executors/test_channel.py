"""Messages over two pipes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing

import pytest

from app.executors.channel import Channel


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    there, back = os.pipe(), os.pipe()
    with (
        closing(os.fdopen(there[0], "rb")) as a,
        closing(os.fdopen(there[1], "wb")) as b,
        closing(os.fdopen(back[0], "rb")) as c,
        closing(os.fdopen(back[1], "wb")) as d,
    ):
        yield Channel(c, b), Channel(a, d)


def test_messages_arrive_one_by_one_in_order(ends: tuple[Channel, Channel]) -> None:
    here, there = ends
    for message in (1, "two", [3.0]):
        here.send(message)
    there.send(None)
    assert [there.receive() for _ in range(3)] == [1, "two", [3.0]]
    assert here.receive() is None


def test_what_was_sent_arrives_after_hanging_up(ends: tuple[Channel, Channel]) -> None:
    here, there = ends
    here.send("last")
    here.hang_up()
    here.hang_up()
    assert there.receive() == "last"
    with pytest.raises(EOFError):
        there.receive()
    with pytest.raises(ValueError, match="closed"):
        here.send("more")


def test_a_message_cut_short_is_the_end() -> None:
    read, write = os.pipe()
    with closing(os.fdopen(read, "rb")) as incoming, closing(os.fdopen(write, "wb")) as outgoing:
        Channel(incoming, outgoing).send("whole" * 1000)
        whole = incoming.peek()
        os.read(read, len(whole))
    read, write = os.pipe()
    with closing(os.fdopen(read, "rb")) as incoming:
        os.write(write, whole[:100])
        os.close(write)
        with pytest.raises(EOFError):
            Channel(incoming, incoming).receive()
