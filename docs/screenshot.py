"""Renew the README's picture: ``python -m docs.screenshot [FILE]``."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.lab import visit
from benchmarks.serving import browser, serving

PICTURE = Path(__file__).with_name("screenshot.png")


def main() -> None:
    """Race the default pair to its end, and photograph the Lab."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    with serving() as server, browser() as chromium, visit(chromium, server) as lab:
        lab.settle()
        lab.probe("watch()")
        lab.press_train()
        lab.finish()
        lab.probe("shown(200)")
        lab.page.mouse.move(0, 0)
        lab.page.screenshot(path=target, animations="disabled")
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
