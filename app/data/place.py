"""Where data sets lie."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

VARIABLE = "DEPTHSCOPE_DATA"


def data_folder() -> Path:
    """The folder that DEPTHSCOPE_DATA names, by default the user's own for this program.

    An environment variable, because processes that train inherit it from the one that started
    them; the server's settings have the same default.
    """
    named = os.environ.get(VARIABLE)
    return Path(named) if named else user_data_path("depthscope")
