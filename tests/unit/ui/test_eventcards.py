"""What is said of a show."""

from __future__ import annotations

from rewrapped.domain import fit
from rewrapped.ui import eventcards


def test_the_share_of_a_family_says_that_it_is_of_all_time_not_of_what_has_a_genre() -> None:
    assert eventcards.reason(fit.FamilyShare("dance", 0.05)) == "5 % of all your time goes to House & techno"
