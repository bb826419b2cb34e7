"""MusicBrainz, version 2 of its web service: who an artist is, by an address or by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rewrapped.clients.http import JsonApi, Service, Surroundings
from rewrapped.clients.shapes import at, number, objects, words
from rewrapped.domain.learning import Hit
from rewrapped.domain.plays import normalise
from rewrapped.errors import RequestRefused

LINKS_AT_ONCE = 100

_ARTIST_AT_SPOTIFY = "https://open.spotify.com/artist/"
_MBID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_FAR_ABOVE = 20  # points of score between the right artist of a name and all others of it
_HITS = 25
_PAUSE_S = 1.1  # one call a second is allowed to an address, and counted strictly
_TRIES = 4  # it is busy now and then at any pace


def service(url: str, pause_s: float = _PAUSE_S) -> Service:
    """Return MusicBrainz as a service; its answers are kept by whoever asks."""
    return Service("MusicBrainz", "musicbrainz", url, None, 0, pause_s, whole_s=20, tries=_TRIES)


class MusicBrainz:
    """Finds artists' identifiers."""

    def __init__(self, service: Service, around: Surroundings) -> None:
        self._api = JsonApi(service, around)

    def close(self) -> None:
        """Let go of its connections."""
        self._api.close()

    def find_linked(self, spotify_ids: Sequence[str]) -> Mapping[str, str]:
        """Return the MBIDs of artists by their ids at Spotify, 100 at most; who isn't linked is left out.

        An id that is linked to several artists says nothing, and is left out too.

        Raises:
            IntegrationError: MusicBrainz failed us.
        """
        resources = [_ARTIST_AT_SPOTIFY + spotify_id for spotify_id in spotify_ids[:LINKS_AT_ONCE]]
        params = {"resource": resources, "inc": "artist-rels", "fmt": "json"}
        try:
            body = self._api.get("/url", params, lambda body: "urls" in body or "resource" in body).body
        except RequestRefused as error:
            if error.status == 404:  # none of them is known
                return {}
            raise
        found = objects(body, "urls") or [body]  # a single address is answered as it is, several as a list
        linked = ((_spotify_id(url), _artist(url)) for url in found)
        return {spotify_id: mbid for spotify_id, mbid in linked if spotify_id in spotify_ids and mbid}

    def find_named(self, name: str) -> str | None:
        """Return the MBID of the artist of a name, None where there is none, or several of nearly equal rank.

        Raises:
            IntegrationError: MusicBrainz failed us.
        """
        params = {"query": f'artist:"{_quoted(name)}"', "limit": str(_HITS), "fmt": "json"}
        body = self._api.get("/artist", params, lambda body: isinstance(body.get("artists"), list)).body
        return pick(name, [_hit(row) for row in objects(body, "artists")])


def pick(name: str, hits: Sequence[Hit]) -> str | None:
    """Return the MBID of the one hit that has the name, or of the one far above the others that have it."""
    wanted = normalise(name)
    same = sorted((hit for hit in hits if hit.mbid and normalise(hit.name) == wanted), key=lambda hit: -hit.score)
    if not same or (len(same) > 1 and same[0].score - same[1].score < _FAR_ABOVE):
        return None
    return same[0].mbid


def clean_mbid(text: object) -> str:
    """Return an MBID, "" for whatever is none."""
    return text if isinstance(text, str) and _MBID.fullmatch(text) else ""


def _spotify_id(url: dict[str, Any]) -> str:
    resource = words(url, "resource", limit=300)
    return resource.removeprefix(_ARTIST_AT_SPOTIFY) if resource.startswith(_ARTIST_AT_SPOTIFY) else ""


def _artist(url: dict[str, Any]) -> str:
    mbids = {clean_mbid(at(relation, "artist", "id")) for relation in objects(url, "relations")} - {""}
    return mbids.pop() if len(mbids) == 1 else ""


def _hit(row: dict[str, Any]) -> Hit:
    return Hit(clean_mbid(row.get("id")), words(row, "name", limit=1000), int(number(row, "score") or 0))


def _quoted(name: str) -> str:
    """Return a name for between quotes of Lucene's, in which a backslash and a quote are signs."""
    return name.replace("\\", "\\\\").replace('"', '\\"')
