"""What a message says of a week, against a slow reference."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st

from rewrapped.domain.plays import Filter
from rewrapped.history.recap import recapped
from tests.unit.history.listeners import filters, listeners
from tests.unit.history.reference import Listener
from tests.unit.history.test_against_reference import held


@held(listeners(), filters() | st.just(Filter()))
def test_plays_artists_and_who_leads_alone(made: Listener, chosen: Filter) -> None:
    found = recapped(made.history().filter(chosen))

    plays = made.plays(made.view(chosen))
    by_artist = Counter(made.track(row).artist for row in plays)
    del by_artist[None]
    first = by_artist.most_common(1)
    leads = first and list(by_artist.values()).count(first[0][1]) == 1
    assert (found.plays, found.artists) == (len(plays), len(by_artist))
    assert (found.leader, found.leader_plays) == ((made.artists[first[0][0]], first[0][1]) if leads else (None, 0))
