"""Play rules: each kind has a meaning of its own, and one without a meaning is no quiet other one."""

from __future__ import annotations

import pytest

from bench.synthetic import Size, columns
from rewrapped.domain.plays import PlayRule, RuleKind
from rewrapped.history.columns import empty
from rewrapped.history.frame import History


@pytest.mark.parametrize("kind", RuleKind)
def test_every_kind_of_rule_can_be_applied(kind: RuleKind) -> None:
    assert len(History.build(empty(), "UTC", PlayRule(kind))) == 0


def test_a_kind_of_rule_that_nothing_is_said_of_is_refused() -> None:
    with pytest.raises(AssertionError):
        History.build(empty(), "UTC", PlayRule("new"))


def test_another_rule_shares_the_rows_and_counts_only_its_own_bytes() -> None:
    usual = History.build(columns(Size(plays=500, tracks=40, artists=9, years=1), seed=1), "UTC")

    finished = usual.with_rule(PlayRule(RuleKind.FINISHED))

    assert finished.ended_at.base is usual.ended_at.base
    assert finished.names is usual.names
    assert 0 < finished.nbytes <= usual.nbytes / 2
    assert finished.with_rule(PlayRule()).is_play.tolist() == usual.is_play.tolist()
