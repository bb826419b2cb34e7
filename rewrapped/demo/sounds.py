"""What the invented artists sound like, told as the sample listener's own words: no seed can know them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rewrapped.demo.catalogue import ARTISTS_BY_GENRE
from rewrapped.domain.owngenres import Change, Noun, OwnGenres, artist_subject, subject

#: A genre of the catalogue -> the key it goes by, then those that some of its artists have beside it.
_KEYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "indie rock": ("indie-rock", "jangle-pop", "post-punk-revival", "slacker-rock", "folk-rock"),
        "dream pop": ("dream-pop", "shoegaze", "chillwave", "synth-pop"),
        "synth-pop": ("synth-pop", "new-wave", "italo-disco", "synthwave"),
        "techno": ("techno", "minimal-techno", "dub-techno", "acid-techno"),
        "house": ("house", "deep-house", "nu-disco", "french-house"),
        "ambient": ("ambient", "drone", "ambient-techno", "modern-classical"),
        "hip hop": ("hip-hop", "boom-bap", "jazz-rap", "lo-fi-hip-hop"),
        "neo-soul": ("neo-soul", "rnb", "alternative-rnb", "jazz-rap"),
        "jazz": ("jazz", "nu-jazz", "cool-jazz", "jazz-fusion"),
        "folk": ("folk", "singer-songwriter", "indie-folk", "americana"),
        "post-punk": ("post-punk", "gothic-rock", "art-punk", "new-wave"),
        "modern classical": ("modern-classical", "minimalism", "ambient"),
    }
)


def sample_genres() -> OwnGenres:
    """Return the genres of every invented artist: the scene's own first, and one or two of its neighbours."""
    return OwnGenres(
        {
            artist_subject(name): Change(tuple(subject(Noun.GENRE, key) for key in _of(_KEYS[scene], rank)))
            for scene, names in ARTISTS_BY_GENRE.items()
            for rank, name in enumerate(names)
        }
    )


def _of(keys: tuple[str, ...], rank: int) -> tuple[str, ...]:
    """Return an artist's genres; the bigger names are plainer."""
    first, *others = keys
    if rank % 3 == 0:
        return (first,)
    beside = others[rank % len(others)]
    return (first, beside) if rank % 3 == 1 else (beside, first, others[(rank + 1) % len(others)])
