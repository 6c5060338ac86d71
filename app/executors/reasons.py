"""Why a run was stopped or interrupted, in words for people."""

from __future__ import annotations

BY_OWNER = "by its owner"
BY_KEYBOARD = "interrupted with Ctrl-C"
MADE_ROOM = "it was paused while others waited"
DELETED = "it was deleted"
NEVER_BEGAN = "the server was shut down before training began"


def shut_down(step: int) -> str:
    """Why a run is interrupted that had done so many steps."""
    return f"the server was shut down at step {step}"
