"""A disk that is full, and a folder that can't be written."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from app.data.errors import DataError
from tests.app.data.getting import FETCH, ROOT, get, nothing
from tests.app.data.toys import Mirror, mirror, toy_cifar, toy_idx


@pytest.mark.faults
@pytest.mark.parametrize("kind", ["idx", "cifar"])
def test_where_files_can_not_grow_the_disk_is_full(kind: str, tmp_path: Path) -> None:
    contents = toy_idx()[1] if kind == "idx" else toy_cifar()[1]
    with mirror(contents) as serving:
        done = subprocess.run(
            [*FETCH, kind, serving.address, str(tmp_path), "4096"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert "the disk is full" in done.stderr
    assert nothing(tmp_path)


@pytest.mark.faults
def test_a_full_disk_is_told_before_anything_is_downloaded(good: Mirror, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    inside = " ".join([*FETCH, "idx", good.address, str(small)])
    script = f"mount -t tmpfs -o size=1m tmpfs {small} || exit 77; exec {inside}"
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip(f"no small file system can be mounted here: {done.stderr.strip()}")
    assert "MiB are free" in done.stderr
    assert not good.asked


def test_a_folder_that_can_not_be_written_is_named(good: Mirror, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    with pytest.raises(DataError, match=r"file can't be used \(Not a directory\)"):
        get(toy_idx(good.address)[0], file)
