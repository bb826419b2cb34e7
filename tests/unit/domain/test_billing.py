"""What a title really sells, and who plays whose music; real bands are never taken for either."""

from __future__ import annotations

import pytest

from rewrapped.domain import billing

EXTRAS = [
    "Coldplay - VIP Package",
    "VIP Packages: Coldplay",
    "Coldplay | VIP Upgrade",
    "Official VIP Ticket Package - Taylor Swift",
    "Coldplay VIP-Paket",
    "Coldplay Parking",
    "Parking: Coldplay",
    "Parking Pass - Coldplay",
    "PARKING - Coldplay",
    "Coldplay (Premium Parking)",
    "Parkplatzticket - Rock am Ring",
    "Rock am Ring Campingticket",
    "Parkticket Coldplay",
    "Parkeerticket Coldplay",
    "Coldplay - Estacionamiento",
    "Coldplay: aparcamiento",
    "Parcheggio - Coldplay",
    "Coldplay - place de parking",
    "Coldplay - Hotel Package",
    "Hotelpaket: Coldplay",
    "Paquete VIP Coldplay",
    "Pacchetto VIP - Coldplay",
    "Coldplay - Shuttle Bus",
    "Meet & Greet Upgrade: Coldplay",
    "Coldplay - Lounge Access",
    "Coldplay - Early Entry Package (concert ticket not included)",
    "Coldplay - Upgrade",
    "Seat Upgrade Coldplay",
    "Camping Pass - Big Field Festival",
    "Hospitality - Coldplay",
]
SHOWS = [
    ("Tokio Hotel", ["Tokio Hotel"]),
    ("Tokio Hotel: The Tour", ["Tokio Hotel"]),
    ("Hotel", ["Hotel"]),
    ("Hospitality", ["Hospitality"]),
    ("The Lounge Lizards", []),
    ("Camper Van Beethoven", []),
    ("Parking Lot Party", []),
    ("No Parking on the Dance Floor", []),
    ("Magic Bus", []),
    ("Suite Sixteen", []),
    ("The Upgrades", ["The Upgrades"]),
    ("VIP", ["VIP"]),
    ("Grand Hotel Van Cleef Fest", []),
    ("Hotel California Night", []),
    ("The Premium Mediocre Tour", []),
    ("Parkway Drive", []),
    ("Ticket to Ride", []),
    ("Experience", []),
    ("Nordlicht - Club Tour", []),
    ("Nordlicht & Friends - Weekend", []),
    ("", []),
]
TRIBUTES = [
    "Queen Tribute Band",
    "A Tribute to Queen",
    "Tribute: Nirvana",
    "ABBA Tribute-Show",
    "Metallica Coverband",
    "Best Cover Band Ever",
    "The Music of Hans Zimmer",
    "Candlelight: the songs of Adele",
    "Die Musik von Hans Zimmer",
    "Hommage à Jacques Brel",
    "Tributo a Soda Stereo",
    "Omaggio a Ennio Morricone",
    "Homenaje a Mercedes Sosa",
    "Homenagem a Elis Regina",
    "Hyllning till ABBA",
    "Salute to Vienna",
    "Hołd dla Niemena",
    "Трибьют Кино",
]
OWN_MUSIC = [
    "A Tribe Called Quest",
    "The Jimi Hendrix Experience",
    "Creedence Clearwater Revival",
    "Whitesnake & David Coverdale",
    "Sounds of Blackness",
    "Undercover",
    "Attribution",
    "Contributors",
    "The Cover Girls",
    "Songs: Ohia",
    "Tribulation",
    "Music",
    "",
]


@pytest.mark.parametrize("title", EXTRAS)
def test_what_is_sold_beside_a_show_is_known(title: str) -> None:
    assert billing.is_extra(title, ["Coldplay", "Taylor Swift"])


@pytest.mark.parametrize(("title", "performers"), SHOWS)
def test_a_show_is_not_taken_for_an_extra(title: str, performers: list[str]) -> None:
    assert not billing.is_extra(title, performers)


def test_an_extra_that_stands_among_the_performers_is_still_one() -> None:
    assert billing.is_extra("VIP Package", ["VIP Package"])


@pytest.mark.parametrize("name", TRIBUTES)
def test_a_tribute_is_known(name: str) -> None:
    assert billing.is_tribute(name)


@pytest.mark.parametrize("name", OWN_MUSIC)
def test_a_band_of_its_own_is_not_taken_for_a_tribute(name: str) -> None:
    assert not billing.is_tribute(name)
