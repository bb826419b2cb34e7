"""Play rules: each kind has a meaning of its own, and one without a meaning is no quiet other one."""

from __future__ import annotations

import pytest

from rewrapped.domain.plays import PlayRule, RuleKind
from rewrapped.history.columns import empty
from rewrapped.history.frame import History


@pytest.mark.parametrize("kind", RuleKind)
def test_every_kind_of_rule_can_be_applied(kind: RuleKind) -> None:
    assert len(History.build(empty(), "UTC", PlayRule(kind))) == 0


def test_a_kind_of_rule_that_nothing_is_said_of_is_refused() -> None:
    with pytest.raises(AssertionError):
        History.build(empty(), "UTC", PlayRule("new"))
