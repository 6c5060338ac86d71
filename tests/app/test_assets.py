"""Where the front end's files are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import assets


def test_an_installed_package_brings_its_own_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "app" / "_assets" / "static"
    inside.mkdir(parents=True)
    monkeypatch.setattr(assets, "HERE", tmp_path / "app")
    assert assets.folder("static") == inside
    with pytest.raises(FileNotFoundError, match="templates"):
        assets.folder("templates")
