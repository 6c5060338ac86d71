"""What the tests of engines share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import psutil
import pytest

from tests.app.executors.local import Local, local


@pytest.fixture
def no_process_left() -> AbstractContextManager[None]:
    """Whoever is started within is gone at its end."""
    return _no_process_left()


@contextmanager
def _no_process_left() -> Iterator[None]:
    before = set(psutil.Process().children(recursive=True))
    yield
    assert set(psutil.Process().children(recursive=True)) <= before


@pytest.fixture
def lab() -> Iterator[Local]:
    """An engine with one worker; whatever it was told, it comes to an end."""
    lab = local()
    with closing(lab.engine):
        yield lab
    lab.check()
