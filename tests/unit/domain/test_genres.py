"""The taxonomy is whole and says one thing a word; other people's words find their way into it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.demo.catalogue import ARTISTS_BY_GENRE
from rewrapped.domain import genres
from rewrapped.domain.outside_genres import JAMBASE, TICKETMASTER, TICKETMASTER_PAIRS
from rewrapped.domain.plays import normalise
from rewrapped.errors import NotFound

GENRES = list(genres.taxonomy().genres())
KEYS = {genre.key for genre in GENRES}

TICKETMASTER_GENRES = """
    Alternative|Ballads/Romantic|Blues|Chanson Francaise|Children's Music|Classical|Country|Dance/Electronic|Folk
    |Hip-Hop/Rap|Holiday|Jazz|Latin|Medieval/Renaissance|Metal|New Age|Pop|R&B|Reggae|Religious|Rock|World
"""
TICKETMASTER_SUB_GENRES = """
    Adult Alternative Pop/Rock|Adult Contemporary|African|Afro-Beat|Alternative Country|Alternative Rap
    |Alternative Rock|Americana|Bluegrass|Blues-Rock|British Folk-Rock|British Pop|British Psychedlia|Cabaret
    |Celtic/ British Isles|Chamber Music|Christian Rap|Christian Rock|Classical/Vocal|Club Dance|Colombia|Comedy
    |Contemporary Christian|Country Soul|Dance-Rock|Dancehall Reggae|Death Metal/ Black Metal|Disco|Dream Pop
    |Drum 'n' Bass|Electronic Pop|Emo|European Pop|Experimental Rock|Folk Rock|French Rap|Garage Rock|Gospel
    |Goth Metal|Hard Rock|Hardcore Punk|Heavy Metal|India & Pakistan|Indie Folk|Indie Pop|Indie Rock|Iran
    |Japanese Pop|K-Pop|Latin Electronica|Latin Hip-Hop|Latin Pop|Metalcore|Mexican Grupero|Middle Age|Nu-Metal
    |Oldies & Classics|Pop Punk|Pop-Soul|Post-Hardcore|Post-Punk|Psychedelic|Rap-Rock|Rock & Roll|Rock en Español
    |Scandinavia|Singer-Songwriter|Soul|Southern Rock|Symphonic|Synth Pop|Turkey|U.K. Garage|Urban|Witchstep
    |2-Step/British Garage|Música Popular Brasileira
"""


def listed(text: str) -> list[str]:
    return [name.strip() for name in text.split("|")]


def test_no_two_genres_share_a_key_or_a_word() -> None:
    claims = defaultdict(set)
    for genre in GENRES:
        for word in (genre.name, *genre.aliases):
            claims[genres._squeezed(word)].add(genre.key)

    assert len(KEYS) == len(GENRES)
    assert {word: keys for word, keys in claims.items() if len(keys) > 1} == {}
    # a key that another genre's word is would be found as two things
    assert {key for key in KEYS if claims.get(genres._squeezed(key), {key}) != {key}} == set()


def test_there_are_a_few_families_of_many_genres_each_with_one_sentence() -> None:
    families = genres.families()

    assert 20 <= len(families) <= 25
    assert len({family.key for family in families}) == len({family.name for family in families}) == len(families)
    assert 600 <= len(GENRES) <= 800
    for family in families:
        assert len(family.genres) >= 10, family.key
        assert re.fullmatch(r"[A-Z][^.]+\.", family.about), family.about
        assert all(genre.family == family.key for genre in family.genres)


def test_keys_are_fit_for_addresses_and_every_name_finds_its_genre() -> None:
    for genre in GENRES:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", genre.key)
        assert genres.genre(genre.key) == genre
        for word in (genre.key, genre.name, *genre.aliases):
            assert genres.find(word) == genre, word


def test_a_genre_never_repeats_a_word_of_its_own() -> None:
    for genre in GENRES:
        words = [genres._squeezed(word) for word in (genre.name, *genre.aliases)]
        assert len(set(words)) == len(words), genre.key


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("Hip Hop", "hip-hop"),
        ("HIP-HOP", "hip-hop"),
        ("hiphop", "hip-hop"),
        ("Hip-Hop/Rap", "hip-hop"),
        ("R&B", "rnb"),
        ("r'n'b", "rnb"),
        ("RnB", "rnb"),
        ("r and b", "rnb"),
        ("Drum & Bass", "drum-and-bass"),
        ("drum’n’bass", "drum-and-bass"),
        ("DnB", "drum-and-bass"),
        ("House Music", "house"),
        ("klassische Musik", "classical"),
        ("Ｔｅｃｈｎｏ", "techno"),
        ("chanson francaise", "chanson"),
        ("Raï", "rai"),
        ("NDW", "neue-deutsche-welle"),
        ("swedish indie pop", "indie-pop"),
        ("classic Soul", "soul"),
        ("South African house", "house"),
        ("South African jazz", "african-jazz"),
        ("french hip hop", "french-hip-hop"),
        ("modern classical", "modern-classical"),
        ("k-pop boy group", "k-pop"),
        ("trap rap", "trap"),
        ("NYHC", "hardcore-punk"),
        ("telugu", "telugu-film"),
        ("old school hip hop", "old-school-hip-hop"),
    ],
)
def test_a_word_is_found_however_it_is_written(word: str, key: str) -> None:
    found = genres.find(word)
    assert found
    assert found.key == key


@pytest.mark.parametrize("word", ["", " ", "music", "seen live", "german", "the best", "x" * 101, "techno " * 20, "\0"])
def test_what_is_no_genre_is_not_guessed(word: str) -> None:
    assert genres.find(word) is None


@given(st.text(max_size=120))
def test_any_text_is_answered_the_same_in_any_case(text: str) -> None:
    assert genres.find(text) == genres.find(normalise(text)) or len(normalise(text)) > genres.MAX_WORD >= len(text)


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(NotFound):
        genres.genre("no-such-genre")
    with pytest.raises(NotFound):
        genres.family("no-such-family")
    assert genres.family("jazz").name == "Jazz"


def test_what_the_tables_of_others_name_exists_here() -> None:
    assert {*JAMBASE.values(), *TICKETMASTER.values(), *TICKETMASTER_PAIRS.values()} <= KEYS


@pytest.mark.parametrize("name", listed(TICKETMASTER_GENRES))
def test_every_genre_of_ticketmaster_means_something(name: str) -> None:
    [(key, weight)] = genres.from_ticketmaster(name, "Undefined")
    assert key in KEYS
    assert weight == 1.0


@pytest.mark.parametrize("name", listed(TICKETMASTER_SUB_GENRES))
def test_every_known_sub_genre_of_ticketmaster_means_something(name: str) -> None:
    [(key, _)] = genres.from_ticketmaster("Other", name)
    assert key in KEYS


@pytest.mark.parametrize(
    ("genre", "sub_genre", "expected"),
    [
        ("Rock", "Alternative Rock", (("alternative-rock", 1.0), ("rock", 0.5))),
        ("Rock", "Pop", (("pop-rock", 1.0),)),
        ("Rock", "Rock", (("rock", 1.0),)),
        ("World", "Turkey", (("turkish-traditional", 1.0), ("world", 0.5))),
        ("Hip-Hop/Rap", "Urban", (("urban-contemporary", 1.0), ("hip-hop", 0.5))),
        ("Metal", None, (("metal", 1.0),)),
        ("Undefined", "Undefined", ()),
        ("Other", "Other", ()),
        (None, None, ()),
        ("Something of next year", "", ()),
    ],
)
def test_ticketmasters_sub_genre_comes_before_its_genre(
    genre: str | None, sub_genre: str | None, expected: genres.Weights
) -> None:
    assert genres.from_ticketmaster(genre, sub_genre) == expected


def test_every_slug_of_jambase_is_known() -> None:
    assert len(JAMBASE) == 20
    assert genres.from_jambase("hip-hop-rap") == (("hip-hop", 1.0),)
    assert genres.from_jambase("Kpop") == (("k-pop", 1.0),)
    assert genres.from_jambase("shoegaze") == (("shoegaze", 1.0),)  # a slug they may add
    assert genres.from_jambase("nothing-we-know") == ()


def test_a_promoters_words_add_up_and_unknown_ones_say_nothing() -> None:
    assert genres.from_words(["Techno", "house music", "techno", "a great night"]) == (("techno", 1.0), ("house", 0.5))
    assert genres.from_words([]) == ()


def test_shares_of_families_add_up_and_a_listeners_own_families_go_first() -> None:
    weights = (("techno", 1.0), ("house", 0.5), ("dub", 0.5), ("no-such-genre", 9.0))

    assert genres.family_shares(weights) == (("dance", 0.75), ("reggae", 0.25))
    assert genres.family_shares(weights, own={"dub": "dance", "house": "sundays"}) == (
        ("dance", 0.75),
        ("sundays", 0.25),
    )
    assert genres.family_of("techno", own={"techno": "mine"}) == "mine"
    assert genres.family_of("no-such-genre") is None
    assert genres.family_shares(()) == ()


@given(st.lists(st.tuples(st.sampled_from(sorted(KEYS)), st.floats(0.001, 1.0)), min_size=1))
def test_shares_of_families_are_a_whole_largest_first(weights: list[tuple[str, float]]) -> None:
    shares = [share for _, share in genres.family_shares(weights)]

    assert sum(shares) == pytest.approx(1.0)
    assert shares == sorted(shares, reverse=True)


def seed_lines() -> list[str]:
    return files("rewrapped.domain").joinpath("seed.tsv").read_text("utf-8").splitlines()


def seed_rows() -> list[tuple[str, list[str]]]:
    """Return every artist of the file with the keys, in its order; the first row is the version's."""
    rows = [line.split("\t") for line in seed_lines() if line and not line.startswith("#")]
    return [(name, keys.split(" ")) for name, keys in rows[1:]]


def test_the_seed_names_thousands_of_artists_across_all_families() -> None:
    artists = seed_rows()

    assert len(artists) >= 2_500
    assert len({normalise(name) for name, _ in artists}) == len(artists)
    assert {genres.family_of(keys[0]) for _, keys in artists} == {family.key for family in genres.families()}
    assert genres.seed_version() >= 2


def test_every_artist_of_the_seed_has_one_to_three_known_genres_and_a_tidy_name() -> None:
    for name, keys in seed_rows():
        assert 1 <= len(keys) <= 3, name
        assert len(set(keys)) == len(keys), name
        assert set(keys) <= KEYS, name
        assert name == " ".join(name.split()) == unicodedata.normalize("NFC", name), name


def test_the_seed_stands_grouped_by_the_family_of_the_first_genre() -> None:
    headings = [line.removeprefix("# ") for line in seed_lines() if line.startswith("# ")]
    names = [family.name for family in genres.families()]
    met = [genres.family_of(keys[0]) for _, keys in seed_rows()]

    assert headings[-len(names) :] == names
    assert list(dict.fromkeys(met)) == [family.key for family in genres.families()]
    assert sum(before != after for before, after in pairwise(met)) == len(names) - 1  # no family comes twice


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Beyoncé", "rnb"),
        ("P!nk", "pop"),
        ("2Pac", "west-coast-hip-hop"),
        ("The Notorious B.I.G.", "east-coast-hip-hop"),
        ("Ye", "hip-hop"),
        ("Kanye West", "hip-hop"),
        ("Кино", "russian-rock"),
        ("Kino", "russian-rock"),
        ("宇多田ヒカル", "j-pop"),
        ("Ludwig van Beethoven", "classical-period"),
        ("Asha Bhosle", "bollywood"),
        ("Jorge & Mateus", "sertanejo"),
        ("Kabza De Small", "amapiano"),
        ("Müslüm Gürses", "turkish-traditional"),
        ("Rhoma Irama", "dangdut"),
        ("Shshsh of nowhere", None),
    ],
)
def test_artists_of_many_lands_and_spellings_have_the_genre_people_know_them_for(name: str, first: str | None) -> None:
    assert next((key for key, _ in genres.seeded(name)), None) == first


def test_tags_give_the_strongest_few_and_what_nobody_knows_says_nothing() -> None:
    tags = {"seen live": 90.0, "indie rock": 40.0, "Indie-Rock": 40.0, "folk": 20.0, "jazz": 7.0, "made up": 3.0}
    assert genres.from_tags(tags) == (("indie-rock", 1.0), ("folk", 0.25))
    many = dict.fromkeys(("pop", "rock", "folk", "jazz", "techno", "house", "ambient"), 1.0)
    assert len(genres.from_tags(many)) == genres.MOST_OF_TAGS
    assert genres.from_tags({"my favourites": 5.0}) == genres.from_tags({}) == ()


def test_a_seeded_artist_is_found_by_any_spelling_of_the_same_name() -> None:
    assert genres.seeded("  RADIOHEAD ") == genres.seeded("Radiohead")
    assert genres.seeded("Radiohead") == (("alternative-rock", 1.0), ("art-rock", 0.5), ("electronic", 1 / 3))
    assert genres.seeded("Nobody Has Heard Of Them") == ()
    assert genres.seeded("version") == ()  # the first line of the file is no artist


@pytest.mark.parametrize("word", ARTISTS_BY_GENRE)
def test_the_genres_of_the_sample_listener_are_known(word: str) -> None:
    assert genres.find(word)
