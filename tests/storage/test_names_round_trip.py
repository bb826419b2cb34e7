"""Names go into the database and come back as they were, whatever letters they are made of."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from rewrapped.storage import catalogue
from rewrapped.storage.catalogue import ArtistRow, TrackRow

_texts = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), min_size=1, max_size=40)
_NASTY = [
    "\\.",
    "\\N",
    "a\tb",
    "a\nb",
    "a\r\nb",
    'say "hi", he said',
    "'; DROP TABLE tracks; --",
    "%s %(x)s :name",
    "𝄞",
    "",
    '""',
    " ",
]


def _add(engine: Engine, titles: list[str]) -> list[str]:
    """Store one track per title, and return the titles as a listener would read them."""
    with engine.begin() as conn:
        names = sorted({catalogue.artist_key(title): title for title in titles}.items())
        artist_ids = dict(
            zip(
                [key for key, _ in names],
                catalogue.add_artists(conn, [ArtistRow(*name) for name in names]).tolist(),
                strict=True,
            )
        )
        rows = [
            TrackRow(
                catalogue.track_key(0, f"uri{n}", None, None),
                0,
                f"uri{n}",
                title,
                artist_ids[catalogue.artist_key(title)],
                None,
                None,
            )
            for n, title in enumerate(titles)
        ]
        order = sorted(range(len(rows)), key=lambda n: rows[n].key)
        ids, _ = catalogue.add_tracks(conn, [rows[n] for n in order])
        by_title = dict(zip(ids.tolist(), (titles[n] for n in order), strict=True))
        read = catalogue.list_tracks(conn, 1, ids)
        found = dict(zip(read.tracks["id"].tolist(), read.track_text["title"].to_pylist(), strict=True))
        assert found == by_title
        conn.rollback()
    return [found[track_id] for track_id in sorted(found)]


@pytest.mark.parametrize("title", _NASTY)
def test_a_nasty_name_comes_back(engine: Engine, title: str) -> None:
    assert _add(engine, [title, "plain"]).count(title) == 1


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(titles=st.lists(_texts, min_size=1, max_size=6))
def test_any_names_come_back(engine: Engine, titles: list[str]) -> None:
    assert sorted(_add(engine, titles)) == sorted(titles)


@given(_texts, _texts)
def test_the_key_of_a_name_is_that_of_its_normal_form(one: str, other: str) -> None:
    same = catalogue._normalised(one) == catalogue._normalised(other)
    assert (catalogue.artist_key(one) == catalogue.artist_key(other)) == same
    assert catalogue.artist_key(one.upper().lower()) == catalogue.artist_key(one.upper().lower() + "  ")
