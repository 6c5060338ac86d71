"""What a worker process does from its first message to its end."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from app.executors.channel import Channel
from app.executors.failures import message, out_of_memory, report
from app.executors.inbox import Inbox
from app.executors.messages import Answered, Ask, Ready, Setup, Train, Unable, Unfit
from app.executors.session import Session
from app.machine import VARIABLE
from app.spec import RunSpec
from app.validation import BadField


def serve(channel: Channel) -> None:
    """Do what the parent orders; returns only where this process can't go on."""
    gc.disable()  # until all is loaded: nothing of it is garbage
    setup: Setup = channel.receive()
    inbox = Inbox(channel)
    _give_way(setup.nice)
    os.environ[VARIABLE] = str(setup.at_once)
    try:
        code = _load(setup.code)
        devices = _named(setup.devices)()
    except Exception as error:  # noqa: BLE001 (the edge: the parent must know why)
        report(error)
        channel.send(Unable(message(error)))
        return
    _settle()
    torch = import_module("torch")
    channel.send(Ready(devices))
    _warm_up(code, setup, inbox)
    _settle()
    gc.enable()
    handle = partial(_answer, channel) if setup.answers else partial(_train, code, inbox, channel)
    while handle(inbox.take()):
        gc.collect()  # networks are full of cycles
        torch.cuda.empty_cache()  # what this worker does not use, another may need; else a no-op


def _give_way(nice: int) -> None:
    if nice and hasattr(os, "nice"):  # not on Windows
        os.nice(nice)
    with suppress(OSError):  # Linux alone: where memory runs out, this dies and not the server
        Path("/proc/self/oom_score_adj").write_text("500")


def _load(code: str) -> Callable[[RunSpec], Any]:
    """What the parent named; torch is loaded with it, and computes in one thread from the start.

    By name: nothing here may load torch into the server that imports this package.
    """
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    torch = import_module("torch")
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    return _named(code)


def _named(code: str) -> Callable[..., Any]:
    """What ``module:attribute`` names."""
    module, _, attribute = code.partition(":")
    loaded: Callable[..., Any] = getattr(import_module(module), attribute)
    return loaded


def _settle() -> None:
    """What is loaded by now stays: no later collection of garbage needs to look at it."""
    gc.collect()
    gc.freeze()


def _warm_up(code: Callable[[RunSpec], Any], setup: Setup, inbox: Inbox) -> None:
    """Try the code, so that all it loads at its first use is there; an order cuts it short."""
    if setup.warm is None:
        return
    try:
        events = code(setup.warm)
        if not setup.answers:
            for _ in events:
                if not inbox.empty:
                    break
    except Exception as error:  # noqa: BLE001 (a run that meets the same says so itself)
        report(error)


def _train(code: Callable[[RunSpec], Any], inbox: Inbox, channel: Channel, order: object) -> bool:
    """Train what was ordered; False: this process is spoilt."""
    if not isinstance(order, Train):
        return True  # meant for a run that ended as the order came
    session = Session(order, code, inbox, channel.send)
    session.train()
    return not session.poisoned


def _answer(channel: Channel, order: object) -> bool:
    """Answer what was asked."""
    assert isinstance(order, Ask)
    try:
        channel.send(Answered(_named(order.code)(*order.arguments)))
    except BadField as error:
        channel.send(Unfit(error.field, error.problem, error.allowed))
    except Exception as error:  # noqa: BLE001 (the edge: the asker must know why)
        report(error)
        if out_of_memory(error):
            channel.send(
                Unfit("net", "does not fit into memory", "allowed: a smaller depth, width or batch")
            )
        else:
            channel.send(Unable(message(error)))
    return True
