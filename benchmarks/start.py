"""From ``depthscope serve`` to the first answer, and what the server process takes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from benchmarks.measurement import Measurement
from benchmarks.serving import SERVE, finish, serving

GLANCE = 0.005  # seconds between two tries


def measure(quick: bool) -> list[Measurement]:
    """Start servers one after the other; then look at one that has trained."""
    times = [(_start(), _import()) for _ in range(2 if quick else 7)]
    ours, bare = (median(column) for column in zip(*times, strict=True))
    with serving() as server:
        server.get("/")
        process = psutil.Process(server.pid)
        study = server.post("/api/studies", {"study": "twins"})
        finish(server, study["id"])
        resident = process.memory_info().rss / 1e6
        libraries = {Path(entry.path).name for entry in process.memory_maps()}
    torch = sum(name.startswith("libtorch") for name in libraries)
    return [
        Measurement(
            "depthscope serve to /healthz answering / python that imports FastAPI and SQLAlchemy",
            ours / bare,
            2.5,
            "x",
            f"{ours:.2f} / {bare:.2f} s, medians of {len(times)}, in turns",
        ),
        Measurement(
            "server process, resident, after a visit and a pair of 56 layers",
            resident,
            150,
            "MB",
        ),
        Measurement("torch libraries in the server process", torch, 0, "", "its memory map"),
    ]


def _start() -> float:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="depthscope-bench-") as folder:
        began = perf_counter()
        with subprocess.Popen(
            [*SERVE, "--port", str(port), "--data", folder],
            stdout=subprocess.DEVNULL,
            env=os.environ,
        ) as process:
            while not _answers(port):
                sleep(GLANCE)
            took = perf_counter() - began
            process.terminate()
    return took


def _import() -> float:
    """Seconds that Python takes to load what the server is made of."""
    began = perf_counter()
    subprocess.run([sys.executable, "-c", "import fastapi, sqlalchemy"], check=True)
    return perf_counter() - began


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError):
        return False
