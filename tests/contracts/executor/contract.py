"""What every engine must do: the parts together."""

from __future__ import annotations

from tests.contracts.executor.changes import Changes
from tests.contracts.executor.closing import Closing
from tests.contracts.executor.faults import Faults
from tests.contracts.executor.orders import Orders
from tests.contracts.executor.questions import Questions
from tests.contracts.executor.story import Story
from tests.contracts.executor.turns import Turns


class ExecutorContract(Story, Turns, Orders, Changes, Faults, Questions, Closing):
    """The suite. A test module subclasses it and says in ``make`` how to make an engine."""
