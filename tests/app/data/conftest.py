"""What the tests of downloads share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.data.download import MIRROR
from tests.app.data.toys import Mirror, mirror, toy_idx


@pytest.fixture
def good() -> Iterator[Mirror]:
    with mirror(toy_idx()[1]) as serving:
        yield serving


@pytest.fixture(autouse=True)
def _no_other_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MIRROR, raising=False)
