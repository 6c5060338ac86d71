"""Exceptions in words for people."""

from __future__ import annotations

import pytest
import torch

from app.executors.failures import message, out_of_memory, poisonous, report
from app.validation import BadField
from models.registry import BadNet


def allocate_too_much() -> Exception:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60)
    return caught.value


def test_memory_that_ran_out_is_called_that() -> None:
    for error in (MemoryError(), torch.OutOfMemoryError("CUDA out of memory"), allocate_too_much()):
        assert out_of_memory(error)
        assert not poisonous(error)
        assert message(error) == "out of memory: try a smaller depth, width or batch"


def test_what_was_written_for_people_stays() -> None:
    assert message(BadField("steps", "are many", "allowed: 1")) == "steps: are many; allowed: 1"
    assert message(BadNet("depth", "is odd", "allowed: 2")) == "depth: is odd; allowed: 2"


def test_where_it_came_from_is_told_of_what_nobody_foresaw(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report(BadField("data", "can't be downloaded", "connect to the internet"))
    assert capsys.readouterr().err == ""
    report(ZeroDivisionError("a fault of ours"))
    assert "ZeroDivisionError: a fault of ours" in capsys.readouterr().err


def test_anything_else_says_its_kind() -> None:
    assert message(ValueError("three")) == "ValueError: three"
    assert message(KeyError()) == "KeyError"
    assert not out_of_memory(RuntimeError("shapes differ"))


def test_a_fault_of_the_accelerator_spoils_the_process() -> None:
    assert poisonous(torch.AcceleratorError("an illegal memory access"))
    assert not poisonous(RuntimeError("shapes differ"))
