"""Places are found by any spelling, the one that is meant first, without a call to anyone."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewrapped.clients import gazetteer
from rewrapped.domain.places import distance_km
from rewrapped.errors import InvalidInput, NotFound

MUNICH, BERLIN, PARIS, PARIS_TEXAS = 2867714, 2950159, 2988507, 4717560


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Munich", "Munich", "DE"),
        ("München", "Munich", "DE"),
        ("MUENCHEN", "Munich", "DE"),
        ("munchen", "Munich", "DE"),
        ("Мюнхен", "Munich", "DE"),
        ("慕尼黑", "Munich", "DE"),
        ("berl", "Berlin", "DE"),
        ("Wien", "Vienna", "AT"),
        ("Koeln", "Köln", "DE"),
        ("Sao Paulo", "São Paulo", "BR"),
        ("St. Gallen", "Sankt Gallen", "CH"),
        ("lodz", "Łódź", "PL"),
        ("Århus", "Århus", "DK"),
        ("Aarhus", "Århus", "DK"),
        ("Kiev", "Kyiv", "UA"),
        ("København", "Copenhagen", "DK"),
        ("den bosch", "'s-Hertogenbosch", "NL"),
        ("  frankfurt   am-main ", "Frankfurt am Main", "DE"),
        ("Washington, D.C.", "Washington", "US"),
        ("Paris", "Paris", "FR"),
        ("Birmingham, UK", "Birmingham", "GB"),
        ("Birmingham, USA", "Birmingham", "US"),
        ("Berlin, somewhere", "Berlin", "DE"),
    ],
)
def test_a_place_is_found_by_any_of_its_names(text: str, name: str, country: str) -> None:
    first = gazetteer.search(text)[0]
    assert (first.name, first.country) == (name, country)


def test_a_state_or_a_country_tells_places_of_one_name_apart() -> None:
    assert gazetteer.search("Paris, Texas")[0].id == PARIS_TEXAS
    assert gazetteer.search("Paris, TX")[0].id == PARIS_TEXAS
    assert gazetteer.search("Paris", country="us")[0].region == "Texas"
    assert gazetteer.search("Paris", country="FR")[0].id == PARIS
    assert gazetteer.search("Berlin", country="AQ") == ()


def test_what_a_small_place_is_also_called_comes_after_those_really_called_so() -> None:
    found = [place.name for place in gazetteer.search("Berlin", limit=3)]
    assert found[0] == "Berlin"
    assert all(name.startswith("Berlin") for name in found[:2])
    assert "North Canton" not in found
    portlands = gazetteer.search("Portland", limit=3)
    assert [(place.name, place.region) for place in portlands] == [
        ("Portland", "Oregon"),
        ("Portland", "Maine"),
        ("Portland", "Texas"),
    ]
    assert [place.country for place in gazetteer.search("Geneva", limit=2)] == ["CH", "US"]


def test_the_start_of_a_name_comes_before_a_part_and_the_larger_place_first() -> None:
    found = gazetteer.search("hamb", limit=30)
    starting = [place for place in found if place.name.casefold().startswith("hamb")]

    assert found[0].name == "Hamburg"
    assert list(found[: len(starting)]) == starting
    assert [place.population for place in starting] == sorted((p.population for p in starting), reverse=True)
    assert 0 < len(starting) < len(found)


@pytest.mark.parametrize("text", ["", "   ", "---", ",", "\t\n", "%", "xyzzyq", "x" * 100_000, "\0", "\ud800"])
def test_what_names_no_place_finds_none(text: str) -> None:
    assert gazetteer.search(text) == ()


@settings(max_examples=40)
@given(st.text(max_size=20), st.integers(-5, 500))
def test_any_text_gives_at_most_what_was_asked_for_and_no_place_twice(text: str, limit: int) -> None:
    found = gazetteer.search(text, limit=limit)

    assert len(found) <= max(0, min(limit, gazetteer.MAX_FOUND))
    assert len({place.id for place in found}) == len(found)


def test_a_place_is_found_by_its_id_with_all_that_is_known_of_it() -> None:
    munich = gazetteer.find(MUNICH)

    assert (munich.name, munich.country, munich.region, munich.zone) == ("Munich", "DE", "", "Europe/Berlin")
    assert munich.population > 1_000_000
    assert munich.distance_km(52.52, 13.41) == pytest.approx(504, abs=5)
    with pytest.raises(NotFound):
        gazetteer.find(1)


def test_every_place_has_a_zone_a_country_and_a_point() -> None:
    places = gazetteer._gazetteer().places

    assert len(places) > 30_000
    assert {place.zone for place in places} <= available_timezones()
    assert {place.country for place in places} <= set(gazetteer.countries())
    assert all(-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180 for place in places)


def test_every_place_is_found_by_its_own_name_within_its_country() -> None:
    for place in gazetteer._gazetteer().places[::997]:
        found = gazetteer.search(place.name.replace(",", " "), country=place.country, limit=100)
        assert place.id in [other.id for other in found], place


@settings(max_examples=25)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_no_place_is_nearer_than_the_nearest(latitude: float, longitude: float) -> None:
    nearest = gazetteer.nearest(latitude, longitude).distance_km(latitude, longitude)
    others = gazetteer._gazetteer().places[::50]

    assert all(nearest <= distance_km(latitude, longitude, p.latitude, p.longitude) + 0.01 for p in others)


def test_the_nearest_place_of_a_point_in_a_city_and_of_one_beyond_the_date_line() -> None:
    assert gazetteer.nearest(53.55, 9.99).country == "DE"
    assert gazetteer.nearest(0.0, -180.0) == gazetteer.nearest(0.0, 180.0)
    for latitude, longitude in ((91.0, 0.0), (0.0, 181.0), (math.nan, 0.0)):
        with pytest.raises(InvalidInput):
            gazetteer.nearest(latitude, longitude)


def test_countries_are_sorted_by_name() -> None:
    names = list(gazetteer.countries().values())

    assert gazetteer.countries()["DE"] == "Germany"
    assert len(names) > 240
    assert names == sorted(names)


def test_the_file_is_read_once_however_many_ask_at_first() -> None:
    gazetteer._loaded.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(gazetteer.find, [BERLIN] * 4))

    assert gazetteer._loaded.cache_info().misses == 1
    assert all(place is found[0] for place in found)
