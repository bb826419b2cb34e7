"""Invented words for titles: per genre some whole titles, and halves that make further ones."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """`whole` titles stand as they are; a `first` and a `second` half make one together."""

    whole: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]


def _words(whole: str, first: str, second: str) -> Words:
    return Words(*(tuple(word.strip() for word in text.split("|")) for text in (whole, first, second)))


TITLES: Final = MappingProxyType(
    {
        "indie rock": _words(
            "Borrowed Bicycles|Nobody Told the Band|Half a Town Away|Leave the Porch Light|We Were Almost Early"
            "|Second-Hand Summer|Car Park Choir|The Wrong Umbrella|Good News from Leeds|Tall for My Age"
            "|Bus Replacement|Everyone's Cousin|Postcards I Kept|Rent Day|Your Brother's Amplifier"
            "|Three Chords and a Kettle|Left on Mill Road|Talk Me Down the Ladder|Off-Season"
            "|The Year We Painted Everything Blue",
            "Broken|Sunday|Paper|Backyard|Northern|Loud|Crooked|Hometown|Yellow|Distant|Spare|Late|Reckless|Amber",
            "Radio|Kitchens|Heart Attack|Cathedrals|Neighbours|Engines|Summer|Lanterns|Conversation|Weekend"
            "|Apologies|Fireworks|Staircase|Gold",
        ),
        "dream pop": _words(
            "Underwater Ballroom|Slow Like Honey, Slow Like Snow|You in Every Window|Velvet Static"
            "|A Room Made of Evening|Lilac Engine|The Moon Is a Telephone|Swim Until Morning|Hold the Colour"
            "|Afterglow Avenue|Half Asleep in Lisbon|Opal|Tremolo Heart|Say It in Pastel"
            "|Where the Light Gets Lost|Petals on the Tape|Weightless, Wednesday|Seafoam Letters"
            "|Every Star a Window Seat|Drowsy Satellites",
            "Silver|Velvet|Violet|Endless|Sleeping|Feather|Liquid|Glass|Pale|Hazy|Tender|Phantom|Rose|Blurred",
            "Tides|Mirage|Lullaby|Gardens|Constellation|Afternoon|Reverie|Shoreline|Perfume|Halo|Carousel"
            "|Daydream|Balcony|Skin",
        ),
        "synth-pop": _words(
            "Dial Tone Romance|Push to Reset|Midnight Subscriber|Heart Rate 128|Laser Printed Love"
            "|Night Bus to Nowhere|Please Hold|Arcade Confidential|Polaroid Girls|Dancing on the Mezzanine"
            "|Copy of a Copy|Video Days|Sentimental Machinery|The Last Escalator|Signal Lost, Signal Found"
            "|Kiss Me in Stereo|Plastic Palm Trees|Chrome Tears|Analogue Sunset|Do You Still Have the Tape",
            "Electric|Neon|Digital|Midnight|Chrome|Laser|Parallel|Automatic|Magenta|Synthetic|Turbo|Satellite"
            "|Cosmic|Future",
            "Boulevard|Hearts|Affair|Holiday|Transmission|Fever|Runaway|Mirror|Telephone|Paradise|Rendezvous"
            "|Skyline|Memory|Kisses",
        ),
        "techno": _words(
            "Gleis 9|Schaltkreis|Unterwerk|Funkstille|04:12|Kaltlicht|Halle West|Drehstrom|Nachtschicht|Rohbau"
            "|Pegel|Sperrzone|Acht Hertz|Tunnelblick|Sub Null|Dauerlauf|Querschnitt|Ringbahn|Grauwert|Leerlauf",
            "Static|Iron|Vector|Dark|Phase|Concrete|Deep|Zero|Black|Modular|Inner|Red|Cold|Hard",
            "Sequence|Loop|Protocol|Matter|Function|Pressure|Circuit|Chamber|Motion|Grid|Theorem|Shift|Pulse|Voltage",
        ),
        "house": _words(
            "Terrace Business|Bring Your Mother Dancing|One More for the Sun|Limoncello Hours|Calle del Sol"
            "|Sweat & Citrus|Barefoot on the Tiles|Call Me When the Bass Comes Back|Sunday Lasts Forever"
            "|Mambo for Neighbours|Peach Season|All the Windows Open|Que Calor, Que Noche|Keys on the Dancefloor"
            "|Hips Don't Keep Time|After the Afterparty|Pool at Four|Higher with You|La Última Vuelta|Good Shoes",
            "Summer|Golden|Tropical|Sweet|Deep|Midday|Coral|Sunny|Rooftop|Mango|Body|Balearic|Endless|Disco",
            "Groove|Motion|Fever|Affection|Garden|Terrace|Rhythm|Party|Heat|Feeling|Machine|Love|Paradise|Carnival",
        ),
        "ambient": _words(
            "Moss, Slowly|Field Notes from a Window|Snow Over the Reservoir|Almost Weather|For Sleeping on Trains"
            "|Tidal Study I|Tidal Study II|Dew Point|What the Lake Keeps|Breathing Room|Long Exposure"
            "|A Very Small Light|Pollen|Harbour at 5 a.m.|Unfolding Map|Warm Fog|Letters to a Lighthouse"
            "|Tundra Hymn|Eleven Clouds|Resting Frequency",
            "Distant|Slow|Soft|Northern|Hidden|Silent|Floating|Winter|Lunar|Faint|Glacial|Open|Drifting|Inner",
            "Shoreline|Currents|Meadow|Horizon|Signals|Drift|Tide|Garden|Light|Valley|Orbit|Rain|Stillness|Air",
        ),
        "hip hop": _words(
            "Bus Pass Philosophy|Auntie's Advice|Corner Shop Gospel|Two Sugars|Rain on the Estate"
            "|Still Owe Me Lunch|Ledger|Concrete Proverbs|Borrowed Crown|Lights Out on Nine|Chess in the Park"
            "|No Reply|Bread & Butter Bars|The Long Way Up|Receipts|Window Seat Theory|Grandmaster Kettle"
            "|Cold Studio, Warm Take|Names on the Wall|Tell My Mum I'm Working",
            "Concrete|Golden|Midnight|Street|Heavy|Loose|Paper|Second|Uptown|Cold|Major|Quiet|Royal|Borrowed",
            "Scripture|Change|Cypher|Theory|Crown|Motion|Verses|Ambition|Business|Balance|Season|Letters|Hours"
            "|Freestyle",
        ),
        "neo-soul": _words(
            "Butter on Everything|Slow Kitchen|Your Hands, My Hair|Cinnamon Skin|Sunday, Undressed"
            "|Tell Me in the Morning|Grown Folks' Weather|Honey at the Bottom|Leave the Record On|Marigold"
            "|Room for Two|Softer Than I Said|Mend|Plum|Call Your Sister|Velvet Argument|Home by Eleven"
            "|Sway (For Ade)|Good Company|Low Lamp",
            "Golden|Slow|Honey|Warm|Velvet|Tender|Midnight|Brown Sugar|Easy|Summer|Copper|Sweet|Blue|Gentle",
            "Hours|Morning|Promise|Skin|Medicine|Silhouette|Motion|Blossom|Love Note|Interlude|Ritual|Season"
            "|Comfort|Glow",
        ),
        "jazz": _words(
            "Last Tram to Kreuzberg|Blues for a Broken Umbrella|Minase's Waltz|Left Hand Thinking"
            "|The Cat on Table Four|Five Past Nine|Harbour Bolero|Smoke Without Cigarettes"
            "|Conversation with a Bassist|Rain, Brushes, Rain|Coffee at Ekholm's|Seven Stairs Down"
            "|Ballad for the Night Porter|Copper Street|Odd Socks|The Tailor's Daughter|Valse Oubliée"
            "|Nobody's Standard|Slow Elevator|Saudade for Two",
            "Blue|Midnight|Autumn|Crooked|Lazy|Velvet|Green|Early|Lonely|Winter|Left Bank|Quiet|Second|Copper",
            "Waltz|Shuffle|Ballad|Stroll|Avenue|Blues|Lament|Corner|Interlude|Nocturne|Window|Bossa|Letter|Serenade",
        ),
        "folk": _words(
            "The Heron and the Weir|Salt in the Timber|Letters to Ardglass|Bring the Boats In|Hazel, Hazel"
            "|The Miller's Second Son|Candle in the Byre|Seven Fields from Home|When the Rooks Come Back"
            "|A Coat for November|Peat Smoke|Song of the Toll Gate|My Father's Fiddle|Low Road to Fell|Wren Day"
            "|Bramble|The Drowned Chapel|Lamb Weather|Stone Upon Stone|Far Shore, Near Shore",
            "Old|Winter|Wild|River|Hollow|Silver|Harvest|Lonesome|Northern|Willow|Broken|Harbour|Autumn|Briar",
            "Lane|Hymn|Road|Garden|Daughter|Ballad|Hills|Letter|Bells|Meadow|Sparrow|Fire|Shore|Blessing",
        ),
        "post-punk": _words(
            "Queue Here|Municipal Love Song|Please Mind the Neighbours|Grey on Grey on Blue|Fluorescent"
            "|Public Swimming|Form 27B|The Lift Is Out|Beige Alarm|Stand Clear|Kein Anschluss|Nervous Furniture"
            "|Car Alarm Symphony|Ministry of Weekends|Tell the Committee|Asphalt Kiss|Wet Cement|No Ball Games"
            "|Das Licht im Flur|Minutes of the Last Meeting",
            "Grey|Cold|Public|Nervous|Plastic|Concrete|Static|Civic|Modern|Broken|Hollow|Urgent|Second|Empty",
            "Office|Disorder|Ballet|Holiday|Escalator|Alarm|Corridor|Committee|Romance|Procedure|Suburb|Signals"
            "|Furniture|Dance",
        ),
        "modern classical": _words(
            "Étude for an Empty Station|Nocturne in Rain|Three Rooms: I|Three Rooms: II|Three Rooms: III"
            "|Vinterljus|Small Elegy|Snow on the Piano|Prelude to a Goodbye|Ravel at the Window|Silberlinie"
            "|Heimweh|Lament for Tall Trees|Les Heures lentes|Canon for Two Clocks|Á heiðinni|Unsent"
            "|Waltz for a Closed Theatre|The Cartographer's Dream|Threads",
            "Winter|Silent|First|Last|Paper|White|Distant|Northern|Slow|Unfinished|Evening|Glass|Fading|Solitary",
            "Prelude|Nocturne|Étude|Variations|Hymn|Elegy|Sketch|Movement|Waltz|Fragment|Chorale|Light|Passage|Letter",
        ),
    }
)
