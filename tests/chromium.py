"""Which Chromium the browser tests and measurements drive, and how one gets there.

``python -m tests.chromium`` prints the path of the tests' one; with ``--install`` it gets what is
missing.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# The same engine with nothing around it that a window needs; a page takes it a third less.
SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", SHELL)


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


def headless() -> Path:
    """The Chromium named in DEPTHSCOPE_CHROMIUM, else the one that never has a window, else any.

    Raises:
        NoChromium: there is none.
    """
    shell = None if os.environ.get("DEPTHSCOPE_CHROMIUM") else shutil.which(SHELL)
    return Path(shell) if shell else find()


def arguments() -> list[str]:
    """What Chromium must be told here: its sandbox refuses to run as root."""
    return ["--no-sandbox"] if _is_root() else []


def install() -> None:
    """Get what is missing: Debian's packages where we may, else the one Playwright keeps."""
    if shutil.which(SHELL):
        return
    if _is_root() and _is_debian():
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        packages = ["chromium", SHELL, "fonts-dejavu-core"]
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        if subprocess.run(command, env=environment, check=False).returncode == 0:
            return
    try:
        find()
    except NoChromium:
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
    """Print the path of the tests' browser, after getting what is missing if asked to."""
    if "--install" in sys.argv[1:]:
        install()
    try:
        print(f"Chromium: {headless()}")
    except NoChromium as none:
        sys.exit(str(none))


if __name__ == "__main__":
    main()
