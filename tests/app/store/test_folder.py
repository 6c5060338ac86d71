"""The data folder: one owner, writable, with room."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.store.errors import FolderTaken, FolderUnusable
from app.store.folder import claim, prepare

ROOT = Path(__file__).parents[3]
CLAIMS = """
import sys
from pathlib import Path
from app.store.folder import claim

lock = claim(Path(sys.argv[1]))
print("claimed", flush=True)
sys.stdin.read()
"""


def test_a_folder_is_made_and_claimed(tmp_path: Path) -> None:
    folder = tmp_path / "some" / "where"
    with claim(folder):
        assert folder.is_dir()
    claim(folder).release()


@pytest.mark.processes
def test_a_folder_has_one_owner_until_that_process_is_gone(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CLAIMS, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"claimed\n"
        with pytest.raises(FolderTaken, match="another Depthscope uses this folder"):
            claim(tmp_path)
        process.kill()
        process.wait()
        claim(tmp_path).release()


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderUnusable, match="can't be written: Not a directory"):
        claim(tmp_path / "file" / "data")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder nobody can write")
def test_an_unwritable_folder_is_named() -> None:
    with pytest.raises(FolderUnusable, match="can't be written"):
        claim(Path("/proc/self/depthscope"))


def test_a_disk_without_room_is_named(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable, match="is nearly full"):
        prepare(tmp_path, min_free=2**62)


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    prepare(tmp_path)
    assert list(tmp_path.iterdir()) == []
