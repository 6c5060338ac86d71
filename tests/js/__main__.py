"""Runs the tests of JavaScript with Node's own runner: ``python -m tests.js [file ...]``."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.js.oracle import answering
from tests.node import ROOT, command

if __name__ == "__main__":
    files = sys.argv[1:] or sorted(map(str, (ROOT / "tests" / "js").glob("*.test.js")))
    with answering() as port:
        environment = {**os.environ, "ORACLE": str(port)}
        done = subprocess.run(command("--test", *files), check=False, cwd=ROOT, env=environment)
    raise SystemExit(done.returncode)
