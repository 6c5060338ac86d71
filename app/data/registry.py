"""What data sets there are, in words and numbers; a set's code is imported when it is loaded."""

from __future__ import annotations

from collections.abc import Mapping

from app.data.entry import DataEntry
from app.data.folders import data_folder
from app.data.images import FOLDER, scan
from app.data.published import PUBLISHED

EMBEDDED = (
    DataEntry(
        name="digits",
        title="Handwritten digits",
        noun="digits",
        summary="Real digits, handwritten by 43 people, 8x8 pixels, ten classes.",
        kind="image",
        shape=(1, 8, 8),
        classes=10,
        train_size=1437,
        test_size=360,
        chance=0.898,
        source="UCI Optical Recognition of Handwritten Digits, as scikit-learn ships it",
        licence="CC BY 4.0",
        citation="Alpaydin and Kaynak 1998, doi:10.24432/C50P49",
        pad=1,
        code="app.data.digits:load",
    ),
    DataEntry(
        name="spirals",
        title="Two spirals",
        noun="points",
        summary="Points on two interleaved spirals in the plane, with a little noise.",
        kind="points",
        shape=(2,),
        classes=2,
        train_size=1024,
        test_size=512,
        chance=0.5,
        source="Generated here from a fixed seed",
        licence="public domain",
        citation="After Lang and Witbrock 1988, Learning to tell two spirals apart",
        code="app.data.spirals:load",
    ),
    DataEntry(
        name="moons",
        title="Two moons",
        noun="points",
        summary="Points on two interlocking half circles, with noise.",
        kind="points",
        shape=(2,),
        classes=2,
        train_size=1024,
        test_size=512,
        chance=0.5,
        source="Generated here from a fixed seed",
        licence="public domain",
        citation="After scikit-learn's make_moons (Pedregosa et al. 2011)",
        code="app.data.moons:load",
    ),
    DataEntry(
        name="identity",
        title="Identity (y = x)",
        noun="points",
        summary="Points in eight dimensions; the right answer is the input itself. Try no "
        "normalisation and PyTorch's default initialisation: a plain network always answers with "
        "the mean, a residual one learns.",
        kind="points",
        shape=(8,),
        classes=0,
        train_size=1024,
        test_size=512,
        chance=None,
        source="Generated here from a fixed seed",
        licence="public domain",
        citation="After He et al. 2015, arXiv:1512.03385, section 3.1",
        task="regression",
        code="app.data.identity:load",
    ),
)

DATASETS: Mapping[str, DataEntry] = {entry.name: entry for entry in (*EMBEDDED, *PUBLISHED)}


def find(name: str, resize: int | None = None) -> DataEntry:
    """The data set of this name; ``folder:NAME`` is looked at now.

    ``resize``: pixels high and wide that one's own images are brought to; None: as they are.

    Raises:
        DataError: the folder of images is not there, or not as it should be.
        KeyError: no data set is called so.
    """
    return scan(name, data_folder(), resize) if name.startswith(FOLDER) else DATASETS[name]
