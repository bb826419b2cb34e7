"""ListenBrainz: how artists are tagged at MusicBrainz, many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rewrapped.clients.http import JsonApi, Service, Surroundings
from rewrapped.clients.shapes import number, objects, words
from rewrapped.domain.genres import MAX_WORD
from rewrapped.domain.learning import Tags

ARTISTS_AT_ONCE = 50

_PAUSE_S = 1.0


def service(url: str, pause_s: float = _PAUSE_S) -> Service:
    """Return ListenBrainz as a service; its answers are kept by whoever asks."""
    return Service("ListenBrainz", "listenbrainz", url, None, 0, pause_s, whole_s=20, sends_lists=True)


class ListenBrainz:
    """Tells artists' tags."""

    def __init__(self, service: Service, around: Surroundings) -> None:
        self._api = JsonApi(service, around)

    def close(self) -> None:
        """Let go of its connections."""
        self._api.close()

    def tags(self, mbids: Sequence[str]) -> Mapping[str, Tags]:
        """Return the tags of artists by MBID, 50 at most, with the number of people behind each.

        Whoever isn't known there is left out.

        Raises:
            IntegrationError: ListenBrainz failed us.
        """
        params = {"artist_mbids": ",".join(mbids[:ARTISTS_AT_ONCE]), "inc": "tag"}
        body = self._api.get("/1/metadata/artist/", params, lambda body: "list" in body).body
        rows = ((words(row, "artist_mbid"), objects(row, "tag", "artist")) for row in objects(body, "list"))
        return {mbid: tags_of(said, "tag") for mbid, said in rows if mbid in mbids}


def tags_of(rows: Sequence[object], name: str) -> Tags:
    """Return the tags of a list of objects with a `count`; those that nobody stands behind are left out."""
    counts = ((words(row, name, limit=MAX_WORD), number(row, "count") or 0.0) for row in rows)
    return {tag: count for tag, count in counts if tag and count > 0}
