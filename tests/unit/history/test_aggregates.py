"""The sums listeners are compared by, against a slow reference."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from hypothesis import strategies as st

from rewrapped.domain.aggregates import RULE, ZONE, Aggregate, Part
from rewrapped.domain.genres import Weights
from rewrapped.domain.plays import Filter, Kind, Source
from rewrapped.history.aggregates import aggregates
from tests.unit.history.listeners import listeners
from tests.unit.history.reference import Listener
from tests.unit.history.test_against_reference import held


def genres_of(name: str) -> Weights:
    return {"Ana": (("jazz", 1.0), ("bebop", 0.5)), "Ö": (("jazz", 1.0),)}.get(name, ())


def slowly(made: Listener, sources: frozenset[Source]) -> set[Aggregate]:
    sums: dict[tuple[int, int, Part, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in made.rows:
        track = made.track(row)
        if row.source not in sources or track.kind != Kind.TRACK:
            continue
        month = (row.ended_at.year - 1970) * 12 + row.ended_at.month - 1
        names = [(Part.ALL, ""), (Part.TRACK, str(track.id))]
        if track.album is not None:
            names.append((Part.ALBUM, str(track.album)))
        if track.artist is not None:
            names.append((Part.ARTIST, str(track.artist)))
            names += [(Part.GENRE, key) for key, _ in genres_of(made.artists[track.artist])]
        for part, entity_id in names:
            cell = sums[int(row.source), month, part, entity_id]
            cell[0] += made.is_play(row)
            cell[1] += made.heard_ms(row)
    return {Aggregate(*key, *cell) for key, cell in sums.items()}


@held(listeners(), st.frozensets(st.sampled_from(tuple(Source)), min_size=1))
def test_every_row_is_in_its_month_its_source_and_what_it_is_of(drawn: Listener, sources: frozenset[Source]) -> None:
    made = replace(drawn, zone=ZONE, rule=RULE)

    found = aggregates(made.history().filter(Filter(sources=sources, kinds=frozenset())), genres_of)

    assert len(found) == len(set(found))
    assert set(found) == slowly(made, sources)
