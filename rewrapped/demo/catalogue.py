"""The invented artists, shows and books of the sample listener, and the genre of every artist.

All names are of our own making. Within a genre the ones at the top are the
listener's bigger names: they have more records, and are played more.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

ARTISTS_BY_GENRE: Final = MappingProxyType(
    {
        "indie rock": (
            "Wednesday Atlas",
            "Tin Orchard",
            "Cobalt Pigeons",
            "The Velvet Allotment",
            "Kestrel Hotel",
            "Slow Ferry Home",
            "Glasshouse Parade",
            "Cousin Telegraph",
            "The Amber Switchboard",
            "Northgate Lanterns",
            "Marrow & Pine",
            "Bicycle Parliament",
        ),
        "dream pop": (
            "Lumen Arcade",
            "Soft Cartography",
            "Halogen Orchids",
            "Pale Marina",
            "Mirrorlake Radio",
            "Fenna Lyle",
            "Nacre Hours",
            "Sugar Meridian",
            "Cloud Stationery",
            "Velourine",
            "Ysolde Bay",
            "Opaline Weather",
        ),
        "synth-pop": (
            "Neon Almanac",
            "Juno Sable",
            "Kassette Royal",
            "Palais Modular",
            "Chrome Hyacinth",
            "Minitel Love",
            "Polar Discotheque",
            "Tess Oberon",
            "Vela Motel",
            "Aurora Kiosk",
            "Satellite Bakery",
            "Anneke & The Sequencers",
        ),
        "techno": (
            "Ostgleis",
            "Nullpegel",
            "Hertzraum",
            "Vanta Relay",
            "DJ Parallaxe",
            "Tiefbahn",
            "Lichtschacht",
            "Betonwald 9",
            "Ferrum Kollektiv",
            "Oktav Rausch",
            "Monolog Sieben",
            "Kraftwinkel",
        ),
        "house": (
            "Mango Terrazzo",
            "Casa Limonada",
            "Marisol Vance",
            "Rooftop Cousins",
            "Saffron Deluxe",
            "Kiko Almadén",
            "Tropik Nord",
            "Palma Groove Society",
            "Sunday Formation",
            "Copacetic Park",
            "Lolo Verbena",
            "Ambassador Peach",
        ),
        "ambient": (
            "Mosslight",
            "Eira Solvåg",
            "Stillwater Index",
            "Aerial Notebook",
            "Low Orbit Garden",
            "Quiet Apparatus",
            "Isobar Sleep",
            "Hinterland Tides",
            "Tone Meadow",
            "Fjordlykt",
            "Slow Barometer",
            "Harbour Frequencies",
        ),
        "hip hop": (
            "Osei Drummond",
            "Brickwork Prophets",
            "Queen Halcyon",
            "Jonah Quill",
            "MC Perpetua",
            "Tape Deck Oracle",
            "Southpaw Scribes",
            "Kid Cartograph",
            "Block 17 Choir",
            "Dusty Verdict",
            "Yara Blueprint",
            "Nachtbus 41",
        ),
        "neo-soul": (
            "Imani Rose Calder",
            "Solène Abara",
            "Velvet Tangerine",
            "The Honeycomb Line",
            "Odessa Fontaine-Grey",
            "Marcus Wren & The Slow Burn",
            "Nia Castellane",
            "Cinnamon Parliament",
            "Golden Hour Assembly",
            "Thabo Linden",
            "Sweetwater Annex",
            "Coral Adewale-Hart",
        ),
        "jazz": (
            "Tobias Ekholm Trio",
            "Haruko Minase Quartet",
            "Late Ferry Sextet",
            "Marguerite Valcourt",
            "Blue Tram Ensemble",
            "Lionel Ashgrove",
            "The Half Past Nine",
            "Inês Quadrado",
            "Augustin Belmar",
            "Otto Lindenmeier Band",
            "Sable & Brass",
            "Copper Street Workshop",
        ),
        "folk": (
            "Elspeth Rowanhill",
            "The Salt Almanac",
            "Maeve Ardglass",
            "Birchwood Letters",
            "Johan Myrvang",
            "Sparrow County Choir",
            "Ada Thornbury",
            "Driftwood Parish",
            "Rosalind Fell & Sons",
            "Old Mill Telegraph",
            "Harrow and Finchley",
            "Siân Hafod",
        ),
        "post-punk": (
            "Concrete Swimming Club",
            "Static Bouquet",
            "Kontrollraum Süd",
            "Vivid Municipal",
            "Ruth & The Pylons",
            "Underpass Ballet",
            "Letzte Straßenbahn",
            "Cold Turnstile",
            "Plastic Senate",
            "Factory Sundays",
            "Neue Blässe",
            "The Grey Intermission",
        ),
        "modern classical": (
            "Clara Vintergaard",
            "Sólrún Hallsdóttir",
            "Anselm Krähenbühl",
            "Émile Fauconnier-Roy",
            "The Paper Quartet",
            "Kaito Morinaga",
            "Marta Zielenka",
            "Ensemble Silberlinie",
            "Beatrix Lorne",
            "Petrichor Strings",
            "Iris Vandermolen",
            "Nils Aldermoor",
        ),
    }
)

#: Artist -> genre, for every invented artist.
ARTIST_GENRES: Final = MappingProxyType(
    {artist: genre for genre, artists in ARTISTS_BY_GENRE.items() for artist in artists}
)


@dataclass(frozen=True, slots=True)
class Show:
    """A podcast that comes out weekly; `minutes` is the usual length of an episode."""

    name: str
    minutes: int
    topics: tuple[str, ...]


SHOWS: Final = (
    Show(
        "Kilometre Zero",
        34,
        (
            "The last night train",
            "Why bridges hum",
            "A map nobody ordered",
            "Who names the stations",
            "Snow on the line",
        ),
    ),
    Show(
        "Liner Notes Live",
        52,
        ("One microphone", "The lost second verse", "Drums in the stairwell", "How a chorus gets tired", "Tape hiss"),
    ),
    Show(
        "Küchenradio am Sonntag",
        61,
        ("Brot und Zeit", "Die gute Suppe", "Alles über Pilze", "Essig", "Was der Markt erzählt"),
    ),
    Show(
        "Small Inventions",
        27,
        ("The zip", "A better kettle", "Paper that remembers", "The quiet door", "Velcro and friends"),
    ),
    Show(
        "Night Desk",
        41,
        (
            "The witness who waited",
            "Ferry 12",
            "A very ordinary flat",
            "The forged timetable",
            "Case of the blue paint",
        ),
    ),
    Show(
        "Half a Degree",
        46,
        ("Cities that cool", "The peat question", "Wind at sea", "A river gets its bend back", "Heat under the street"),
    ),
    Show(
        "Langsam Deutsch, schnell erklärt",
        23,
        ("Modalpartikeln", "Das kleine Wort doch", "Warum der Löffel", "Sprechen im Treppenhaus", "Zeitangaben"),
    ),
)


@dataclass(frozen=True, slots=True)
class Book:
    """An audiobook, in chapters."""

    title: str
    chapters: tuple[str, ...]


BOOKS: Final = (
    Book("The Lamplighters of Sund", tuple(f"Chapter {number}" for number in range(1, 25))),
    Book("Eine kurze Geschichte des Regens", tuple(f"Kapitel {number}" for number in range(1, 19))),
)

#: Titles of recordings kept as files at home: no streaming service knows them.
HOME_RECORDINGS: Final = (
    ("Rehearsal, 12 March", "The Stairwell Tapes"),
    ("Kitchen Demo 3", "The Stairwell Tapes"),
    ("Grandad's Accordion", "Family Reels"),
)
