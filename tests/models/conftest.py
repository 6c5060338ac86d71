"""Networks are tested as workers train them: on one thread."""

from tests.app.training.conftest import _one_thread

__all__ = ["_one_thread"]
