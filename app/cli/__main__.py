"""``python -m app.cli``: the same as ``depthscope``."""

from app.cli import app

app(prog_name="depthscope")
