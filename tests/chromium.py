"""Which Chromium the browser tests and measurements drive, and how one gets there.

``python -m tests.chromium`` prints its path; with ``--install`` it gets one where there is none.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class NoChromium(RuntimeError):
    """There is no Chromium here."""

    def __init__(self) -> None:
        super().__init__(
            "no Chromium found: run `make test`, or `python -m tests.chromium --install`, "
            "or name one in DEPTHSCOPE_CHROMIUM"
        )


def find() -> Path:
    """The Chromium named in DEPTHSCOPE_CHROMIUM, else the system's, else Playwright's own.

    Raises:
        NoChromium: there is none.
    """
    named = os.environ.get("DEPTHSCOPE_CHROMIUM")
    if named:
        return Path(named)
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return Path(path)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if own.exists():
        return own
    raise NoChromium


def arguments() -> list[str]:
    """What Chromium must be told here: its sandbox refuses to run as root."""
    return ["--no-sandbox"] if _is_root() else []


def install() -> None:
    """Get a Chromium: Debian's package where we may, else the one Playwright keeps."""
    if _is_root() and _is_debian():
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        packages = ["chromium", "fonts-dejavu-core"]
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        if subprocess.run(command, env=environment, check=False).returncode == 0:
            return
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run([*command, "--with-deps"] if _is_root() else command, check=True)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _is_debian() -> bool:
    # Ubuntu's package of this name only leads to a snap, which root can't run in a container.
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def main() -> None:
    """Print the path, after installing one if asked to and needed."""
    try:
        path = find()
    except NoChromium as none:
        if "--install" not in sys.argv[1:]:
            sys.exit(str(none))
        install()
        path = find()
    print(f"Chromium: {path}")


if __name__ == "__main__":
    main()
