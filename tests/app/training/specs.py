"""Small runs to test with."""

from typing import Any

from app.spec import RunSpec, with_values


def small(**values: Any) -> RunSpec:
    """A narrow mlp that trains in milliseconds; ``values`` replace, with ``__`` for a dot."""
    quick = {
        "net.family": "mlp",
        "net.depth": 6,
        "net.width": 16,
        "net.norm": "none",
        "steps": 12,
        "data": {"name": "digits", "limit": 256},
    }
    return with_values(
        RunSpec(), {**quick, **{path.replace("__", "."): value for path, value in values.items()}}
    )
