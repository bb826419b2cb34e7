"""What outside services are asked about artists, step by step, so that their genres become known.

MusicBrainz is asked who an artist is: by their address at Spotify where that is
known, else by name. ListenBrainz is asked how MusicBrainz's artist is tagged,
Last.fm how an artist of a name is. An answer holds for a while, also one that
says nothing; what is left to ask follows from the answers that are stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

FRESH_FOR = timedelta(days=30)  # how long an answer holds

Tags = Mapping[str, float]  # a tag -> how much is said for it, above 0


class Outcome(StrEnum):
    """What an answer came to."""

    FOUND = "found"
    NOTHING = "nothing"
    REFUSED = "refused"  # the service doesn't answer this question
    FAILED = "failed"  # no answer came: asked again, but after all others, so that nobody waits for it


class Step(StrEnum):
    """What is asked about an artist, and whom."""

    LINK = "musicbrainz-link"
    NAME = "musicbrainz-name"
    TAGS = "listenbrainz"
    LASTFM = "lastfm"

    @property
    def service(self) -> str:
        """Return whom a step asks, as the log of calls names it."""
        return self.value.partition("-")[0]


#: Whose genres go first where both know an artist.
TAGGERS = (Step.TAGS, Step.LASTFM)


@dataclass(frozen=True, slots=True)
class Due:
    """An artist to ask about; what isn't known, or isn't needed for the step, is ""."""

    artist_id: int
    name: str
    spotify_id: str = ""
    mbid: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An artist as a search found one; the score is MusicBrainz's, 0 to 100."""

    mbid: str
    name: str
    score: int
