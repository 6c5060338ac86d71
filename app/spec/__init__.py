"""The one configuration: what the form, the link, the command line, the database and HTTP share.

Importing it loads neither torch nor a data set.
"""

from app.spec.net import STORED, blocks
from app.spec.run import RunSpec
from app.spec.values import as_spec, value_at, with_change, with_skip, with_values

__all__ = [
    "STORED",
    "RunSpec",
    "as_spec",
    "blocks",
    "value_at",
    "with_change",
    "with_skip",
    "with_values",
]
