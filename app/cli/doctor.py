"""``depthscope doctor``: is this machine ready for a class?"""

from __future__ import annotations

import json as jsonlib
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from app.cli.problems import FAILED, told
from app.settings import Settings

Check = Callable[[Settings], str]  # says what is there; raises where it isn't right
ENOUGH_MEMORY = 2 * 2**30  # bytes free: the server and a few workers, each with torch loaded
ENOUGH_DISK = 2**28
ANSWER = 5.0  # seconds a running server may take to answer


class NotReady(Exception):
    """What is wrong, and what to do about it."""


def doctor(
    *,
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder for the database and the secret.")
    ] = None,
    host: Annotated[str | None, typer.Option("--host", help="Address to bind.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to bind.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Check whether this machine is ready for a class, and say what is wrong."""
    from app.cli.serve import settings

    with told():
        chosen = settings({"data": data, "host": host, "port": port})
        results = list(examine(chosen, CHECKS, quiet=json))
    wrong = [name for name, (ok, _) in results if not ok]
    if json:
        answer = {name: {"ok": ok, "says": says} for name, (ok, says) in results}
        typer.echo(jsonlib.dumps({"ready": not wrong, "checks": answer}))
    elif wrong:
        typer.echo(f"not ready: {', '.join(wrong)}")
    else:
        typer.echo("ready for class")
    raise typer.Exit(FAILED if wrong else 0)


def examine(
    settings: Settings, checks: Mapping[str, Check], *, quiet: bool
) -> Iterator[tuple[str, tuple[bool, str]]]:
    """Make each check, and show what it found unless ``quiet``."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True, quiet=quiet)
    for name, check in checks.items():
        try:
            ok, says = True, check(settings)
        except Exception as error:  # noqa: BLE001 (whatever a check meets is its finding)
            ok, says = False, str(error) or type(error).__name__
        mark = "[green]ok[/green]   " if ok else "[red]wrong[/red]"
        console.print(f"{mark} [bold]{name:8}[/bold] {says}")
        yield name, (ok, says)


def _python(settings: Settings) -> str:
    found = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{found} on {platform.system()} {platform.machine()}"


def _memory(settings: Settings) -> str:
    import torch

    from app.training.memory import available

    free = available(torch.device("cpu"))
    says = f"{free / 2**30:.1f} GiB free, {os.cpu_count()} cores"
    if free < ENOUGH_MEMORY:
        raise NotReady(f"{says}: close other programs; 2 GiB should be free")
    return says


def _device(settings: Settings) -> str:
    import torch

    if torch.cuda.is_available():
        free, whole = torch.cuda.mem_get_info()
        name = torch.cuda.get_device_name()
        return (
            f"torch {torch.__version__}, {name}, {free / 2**30:.1f} of {whole / 2**30:.1f} GiB free"
        )
    return f"torch {torch.__version__} on the CPU, one thread a run"


def _data(settings: Settings) -> str:
    from app.data.registry import DATASETS, EMBEDDED
    from app.data.status import Presence, status

    for entry in EMBEDDED:
        if len(entry.load().train_x) != entry.train_size:
            raise NotReady(f"{entry.name} does not have the size it should have: install again")
    there = [entry.name for entry in EMBEDDED]
    there += [
        one.name for one in status(settings.data).values() if one.presence is Presence.PRESENT
    ]
    return ", ".join(f"{name} ({DATASETS[name].train_size:,})" for name in there)


def _workers(settings: Settings) -> str:
    """Start the engine and train a little in it, as the server would."""
    from time import perf_counter

    from app.cli.listener import Listener
    from app.executors.base import Job, State, Task
    from app.executors.local import WARM, LocalExecutor

    listener = Listener()
    engine = LocalExecutor(settings.workers)
    began = perf_counter()
    engine.start(listener)
    try:
        engine.submit(Job((Task("doctor", WARM),)))
        while (batch := listener.batches.get(timeout=120)).ending is None:
            pass
    finally:
        engine.close()
    if batch.ending is not State.FINISHED:
        raise NotReady(f"a worker could not train: {batch.reason}")
    return f"{settings.workers}; the first trained {perf_counter() - began:.1f} s after its start"


def _folder(settings: Settings) -> str:
    from shutil import disk_usage

    from app.store.errors import FolderTaken
    from app.store.folder import claim

    used = ""
    try:
        claim(settings.data).release()
    except FolderTaken as error:
        if not _serves(settings):
            raise NotReady(f"{error}, or give its address: --port, --host") from error
        used = ", in use by Depthscope, which is running"
    free = disk_usage(settings.data).free
    if free < ENOUGH_DISK:
        raise NotReady(f"only {free / 2**20:.0f} MiB are free at {settings.data}")
    return f"{settings.data}, {free / 2**30:.1f} GiB free{used}"


def _port(settings: Settings) -> str:
    from app.web.listening import CantListen, listen

    try:
        with listen(settings.host, settings.port):
            return f"{settings.port} of {settings.host} is free"
    except CantListen:
        if not _serves(settings):
            raise
        return f"{settings.port} of {settings.host} is Depthscope's, which is running"


def _serves(settings: Settings) -> bool:
    """Whether Depthscope itself, well, answers at the address."""
    import requests

    from app.web.listening import url

    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    with requests.Session() as asking:
        asking.trust_env = False  # a proxy knows nothing of this machine
        try:
            answer = asking.get(f"{url(host, settings.port)}/healthz", timeout=ANSWER)
            found = answer.json()
        except (OSError, ValueError):  # nobody, or something else
            return False
    return bool(found == {"status": "ok"})


def _pages(settings: Settings) -> str:
    from plotly import __version__ as plotly

    from app.assets import folder

    for part in ("static", "templates"):
        if not any(folder(part).iterdir()):
            raise NotReady(f"{part} is empty: install again")
    return f"there, with Plotly {plotly}; nothing is fetched from elsewhere"


CHECKS: dict[str, Check] = {
    "python": _python,
    "memory": _memory,
    "device": _device,
    "data": _data,
    "pages": _pages,
    "folder": _folder,
    "port": _port,
    "workers": _workers,
}
