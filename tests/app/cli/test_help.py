"""What the command says of itself, at once."""

from __future__ import annotations

import subprocess
import sys

from typer.testing import CliRunner

from app import __version__
from app.cli import app


def test_help_and_version_need_no_torch() -> None:
    code = (
        "import sys; from app.cli import app; app(['--help'], standalone_mode=False); "
        "assert not {'torch', 'sklearn', 'fastapi'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)

    assert CliRunner().invoke(app, ["--version"]).output == f"depthscope {__version__}\n"
