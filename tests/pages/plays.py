"""Rows of an export as the tests of pages give them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.exports import extended_row

CHECKOUT = Path(__file__).resolve().parents[2]
#: Opens a page by name, with a query.
Open = Callable[..., AppTest]


def play(at: datetime, title: str = "Tide", artist: str = "Xenia", **more: object) -> dict[str, object]:
    return extended_row(
        ts=f"{at:%Y-%m-%dT%H:%M:%SZ}",
        spotify_track_uri="spotify:track:" + sha256(f"{artist} {title}".encode()).hexdigest()[:22],
        master_metadata_track_name=title,
        master_metadata_album_artist_name=artist,
        **{"ms_played": 200_000, **more},
    )


def podcast(at: datetime) -> dict[str, object]:
    nameless = dict.fromkeys(
        ("master_metadata_track_name", "master_metadata_album_artist_name", "master_metadata_album_album_name")
    )
    episode = {
        "episode_name": "An hour of tides",
        "episode_show_name": "Shore talk",
        "spotify_episode_uri": "spotify:episode:4uLU6hMCjMI75M1A2tKUQC",
    }
    return {**play(at), **nameless, **episode, "spotify_track_uri": None}
