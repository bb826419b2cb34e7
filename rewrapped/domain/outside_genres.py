"""Other people's vocabularies of genres, where they say something else than our own words do.

Keys are squeezed: no case, accents, spaces or signs, "&" as "and". What
isn't here is looked up among our names and aliases.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

#: Words that stand where a source doesn't say a genre.
NO_GENRE: Final = frozenset(
    {"", "undefined", "other", "miscellaneous", "unknown", "na", "none", "notapplicable", "music", "general"}
)

#: A Ticketmaster genre or sub-genre -> our key.
TICKETMASTER: Final = MappingProxyType(
    {
        "africa": "african",
        "brazil": "mpb",
        "celticbritishisles": "celtic",
        "britishpsychedlia": "psychedelic-rock",  # spelt so there
        "china": "c-pop",
        "colombia": "latin-folk",
        "cuba": "son-cubano",
        "greece": "greek-traditional",
        "indiaandpakistan": "indian-pop",
        "iran": "persian-traditional",
        "mexico": "regional-mexican",
        "scandinavia": "nordic-folk",
        "turkey": "turkish-traditional",
        "westindies": "caribbean",
        "psychedelic": "psychedelic-rock",
        "urban": "urban-contemporary",
    }
)

#: Genre and sub-genre that mean something together.
TICKETMASTER_PAIRS: Final = MappingProxyType({("rock", "pop"): "pop-rock", ("pop", "rock"): "pop-rock"})

#: JamBase's slugs -> our key; `tribute` says what a show is, and no more of its music than that.
JAMBASE: Final = MappingProxyType(
    {
        "bluegrass": "bluegrass",
        "blues": "blues",
        "christian": "ccm",
        "classical": "classical",
        "country-music": "country",
        "edm": "edm",
        "folk": "folk",
        "hip-hop-rap": "hip-hop",
        "indie": "indie",
        "jamband": "jam-band",
        "jazz": "jazz",
        "kpop": "k-pop",
        "latin": "latin",
        "metal": "metal",
        "pop": "pop",
        "punk": "punk",
        "reggae": "reggae",
        "rhythm-and-blues-soul": "rnb",
        "rock": "rock",
        "tribute": "tribute",
    }
)
