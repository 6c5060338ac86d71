"""What an engine answers without training."""

from __future__ import annotations

import pytest
import torch

from app.executors.base import Refused
from app.validation import BadField
from tests.contracts.executor.lab import Lab, Labs
from tests.contracts.fake_training import Behaviour, spec


class Questions(Labs):
    """Descriptions and samples, asked while runs train."""

    def test_questions_are_answered_while_runs_train(self, lab: Lab) -> None:
        busy = [lab.start(), lab.start()]
        answer = lab.engine.describe(spec())
        assert answer["behaviour"] == "FINE"
        assert answer["process"] not in map(lab.sink.process, busy)
        lab.stop(*busy)

    def test_a_network_that_cannot_be_names_its_field(self, lab: Lab) -> None:
        with pytest.raises(BadField) as caught:
            lab.engine.describe(spec(Behaviour.REFUSES))
        assert (caught.value.field, caught.value.allowed) == ("net.depth", "allowed: 8")
        with pytest.raises(BadField, match="memory"):
            lab.engine.describe(spec(Behaviour.OUT_OF_MEMORY))

    def test_a_question_that_fails_is_refused_and_the_next_is_answered(self, lab: Lab) -> None:
        with pytest.raises(Refused, match="a fault on purpose"):
            lab.engine.describe(spec(Behaviour.RAISES))
        with pytest.raises(Refused, match="ended unexpectedly"):
            lab.engine.describe(spec(Behaviour.DIES))
        assert lab.engine.describe(spec())["behaviour"] == "FINE"

    def test_samples_are_shown_by_the_one_who_describes(self, lab: Lab) -> None:
        shown = lab.engine.samples("digits", 3)
        assert (shown["data"], shown["count"]) == ("digits", 3)
        assert shown["process"] == lab.engine.describe(spec())["process"]

    def test_data_that_is_not_there_is_named(self, lab: Lab) -> None:
        with pytest.raises(BadField) as caught:
            lab.engine.samples("nowhere", 3)
        assert (caught.value.field, caught.value.problem) == ("data", "is not there")
        assert lab.engine.samples("digits", 1)["count"] == 1

    def test_what_its_runs_can_compute_on_is_known_once_one_trains(self, lab: Lab) -> None:
        lab.stop(lab.start())
        assert lab.engine.devices() == ("cpu", *(["cuda"] if torch.cuda.is_available() else []))
