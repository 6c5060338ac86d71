"""What all tests share: the fast ones come first."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.contracts")

# Folders and marks from quick to slow: what fails in a second should not wait for a browser.
FOLDERS = ("models", "app", "contracts", "docs", "faults", "e2e")
SLOW = ("processes", "acceptance", "faults", "e2e")

_started: list[str] = []  # processes of the test that runs


# What is imported for all tests stays: to look through it again and again for garbage takes longer
# than many tests.
gc.disable()


def pytest_collection_finish() -> None:
    """From here on there is garbage; and torch computes in one thread, as in workers."""
    gc.freeze()
    gc.enable()
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if event == "subprocess.Popen":
        _started.append(str(arguments[1]))


sys.addaudithook(_audit)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Count the processes of each test from its fixtures on."""
    _started.clear()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test that starts a process says so: ``make fast`` leaves those out."""
    result = yield
    if _started and not any(mark.name in SLOW for mark in item.iter_markers()):
        pytest.fail(f"mark it with pytest.mark.processes: it started {_started[0]}")
    return result


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests from quick to slow, and mark those in a browser.

    Of equally slow files the longest come first: while the last ones end, others idle for little.
    """
    for item in items:
        folder = _folder(item)
        if folder in ("e2e", "faults"):
            item.add_marker(folder)
    sizes = Counter(item.path for item in items)
    items.sort(key=lambda item: (*_slowness(item), -sizes[item.path]))


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]


def _slowness(item: pytest.Item) -> tuple[int, int]:
    slow = max(
        (SLOW.index(mark.name) + 1 for mark in item.iter_markers() if mark.name in SLOW), default=0
    )
    folder = _folder(item)
    return slow, FOLDERS.index(folder) if folder in FOLDERS else len(FOLDERS)
