"""Where the shelves lie on a machine is not for everybody to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.data.folders import BAKED, below

TEXTS = {
    "{0}/images/pets holds 1 class": "images/pets holds 1 class",
    "cannot identify '{0}/images/a/0.png'": "cannot identify 'images/a/0.png'",
    "{0} lacks it; put it into {0}/mnist": "the data folder lacks it; put it into mnist",
    "put a.tar.gz into the folder {0}; then": "put a.tar.gz into the data folder; then",
    "12 MiB are free at {0}": "12 MiB are free at the data folder",
    "{1}/mnist/a.gz is not as published": "mnist/a.gz is not as published",
    "{0}base/mnist is somewhere else": "{0}base/mnist is somewhere else",
    "https://example.org{0}/a.gz: it answered 404": "https://example.org{0}/a.gz: it answered 404",
}


@pytest.mark.parametrize("folder", ["/data", "/srv/a b/(class)"])
@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_paths_start_below_the_data_folder(
    folder: str, text: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BAKED, "/baked")
    shelves = (folder, "/baked")
    assert below(text.format(*shelves), Path(folder)) == expected.format(*shelves)


def test_a_folder_that_is_named_by_a_word_changes_no_sentence(tmp_path: Path) -> None:
    assert below("the data are bad", Path("data")) == "the data are bad"
