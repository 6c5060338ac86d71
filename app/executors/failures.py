"""An exception in words for people."""

from __future__ import annotations

import traceback

from app.data.folders import below, data_folder

# How torch's CPU allocator complains (Linux and macOS, then Windows): a bare RuntimeError.
_ALLOCATION = ("can't allocate memory", "not enough memory")


def message(error: Exception) -> str:
    """Why a run could not go on."""
    if out_of_memory(error):
        return "out of memory: try a smaller depth, width or batch"
    text = below(str(error).strip(), data_folder())  # everybody reads it
    if hasattr(error, "problem"):  # BadField, BadNet: written for people
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def report(error: Exception) -> None:
    """Say on standard error where an exception came from, unless it was written for people."""
    if not hasattr(error, "problem"):
        traceback.print_exception(error)


def out_of_memory(error: Exception) -> bool:
    """Whether memory ran out, the host's or an accelerator's."""
    return (
        isinstance(error, MemoryError)
        or _is(error, "OutOfMemoryError")
        or (isinstance(error, RuntimeError) and any(text in str(error) for text in _ALLOCATION))
    )


def poisonous(error: Exception) -> bool:
    """Whether the process is of no use after this: an accelerator's fault spoils its context."""
    return _is(error, "AcceleratorError") and not out_of_memory(error)


def _is(error: Exception, name: str) -> bool:
    # By name: the classes are torch's, and this module is loaded where torch is not.
    return any(kind.__name__ == name for kind in type(error).__mro__)
