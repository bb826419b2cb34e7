"""The rules of passwords, addresses, zones and own paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain import accounts
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.sitemap import PAGES, own_path
from rewrapped.errors import InvalidInput


def clean(password: str) -> str:
    return accounts.clean_password(password, email="jane.doe@example.org", product_name="Music Re-Wrapped")


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "nine char",
        "Password123!",
        "p4ssw0rd2024",
        "P@$$w0rd!!!!",
        "letmein letmein",
        "passwordpassword",
        "iloveyou1234",
        "qwertyuiop123",
        "poiuytrewq99",
        "1qaz2wsx3edc",
        "abcdefghijkl",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "1234567890",
        "9081726354",
        "2019-12-11 20",
        "MusicRewrapped1",
        "Music Re-Wrapped",
        "rewrapped2024",
        "jane.doe1990",
        "JaneDoe!2026",
        "x" * 257,
        "ﬃ" * 200,  # 600 characters in NFKC
        "lone surrogate \ud800",
    ],
)
def test_a_password_that_is_guessed_early_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        clean(password)


@pytest.mark.parametrize(
    "password", ["horse lamp river", "kX9#mQ2$vL", "ein Satz mit Umlaut ü", "пароль из слов", "🎵🥁🎷🎺🎻🪕🎹🪗🎸🪘"]
)
def test_an_unrelated_password_is_taken(password: str) -> None:
    assert clean(password) == password


def test_a_password_is_the_same_however_the_keyboard_composes_it() -> None:
    assert clean("cafe\u0301 und ﬁsche") == clean("café und fische")


@given(st.text(max_size=400))
def test_any_text_is_either_refused_with_a_sentence_or_stays_in_its_bounds(text: str) -> None:
    try:
        kept = clean(text)
    except InvalidInput:
        return
    assert accounts.PASSWORD_MIN <= len(kept) <= accounts.PASSWORD_MAX
    assert accounts.normal_password(kept) == kept
    assert kept.encode()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Jane@Example.ORG ", "jane@example.org"),
        ("a+b@x.co", "a+b@x.co"),
        ("x@bücher.de", "x@xn--bcher-kva.de"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_an_address_has_one_form(typed: str, stored: str) -> None:
    assert accounts.clean_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "a",
        "a@",
        "@b.de",
        "a@@b.de",
        "a b@c.de",
        "a@b..de",
        "a@-x.de",
        "ü@x.de",
        "a@x.de\nBcc: b@c.de",
        "a\0@b.de",
        "a" * 65 + "@b.de",
        "a@" + "b" * 64 + ".de",
        "x" * 5000 + "@b.de",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.clean_email(typed)


@given(st.text(max_size=80))
def test_a_cleaned_address_stays_as_it_is_when_cleaned_again(text: str) -> None:
    try:
        once = accounts.clean_email(f"{text}@example.org")
    except InvalidInput:
        return
    assert accounts.clean_email(once) == once == once.lower()


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("asia/calcutta", "Asia/Calcutta"),
        (" UTC ", "UTC"),
        ("Australia/Lord_Howe", "Australia/Lord_Howe"),
    ],
)
def test_zones_are_known_by_their_name_and_their_alias(typed: str, zone: str) -> None:
    assert accounts.clean_zone(typed) == zone


@pytest.mark.parametrize("typed", ["", "Berlin", "../../etc/passwd", "Europe/Berlin\0", "Factory", "+02:00"])
def test_what_is_no_zone_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.clean_zone(typed)


def test_the_zones_to_pick_from_are_all_taken() -> None:
    assert len(accounts.listed_zones()) > 300
    assert all(accounts.clean_zone(zone) == zone for zone in accounts.listed_zones())


@pytest.mark.parametrize(("typed", "code"), [("", None), (" de ", "DE")])
def test_a_country_is_two_letters_or_nothing(typed: str, code: str | None) -> None:
    assert accounts.clean_country(typed) == code


@pytest.mark.parametrize("typed", ["D", "DEU", "1A", "İS"])
def test_other_countries_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.clean_country(typed)


def test_a_name_keeps_its_letters_and_loses_control_characters() -> None:
    assert accounts.clean_name("  Zoë\n\tvan  Dijk \x00") == "Zoë van Dijk"
    with pytest.raises(InvalidInput):
        accounts.clean_name("x" * 61)


@pytest.mark.parametrize("path", ["/", "/tops?range=4w&by=time", "/history#x", "/a%20b", "/profile?next=//x"])
def test_an_own_path_is_kept(path: str) -> None:
    assert own_path(path, "/overview") == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "overview",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/x\r\nSet-Cookie: a=b",
        "/ü",
        " /x",
        "/x y",
        "/auth/sign-out",
        "/a\\b",
        "/" + "x" * 3000,
    ],
)
def test_a_path_that_could_lead_elsewhere_is_not(path: str | None) -> None:
    assert own_path(path, "/overview") == "/overview"


def test_the_menu_shows_each_visitor_their_pages() -> None:
    def listed(visitor: Visitor) -> list[str]:
        return [page.name for page in PAGES if page.is_listed_for(visitor)]

    assert listed(Visitor()) == ["welcome", "events", "about", "terms", "privacy"]
    assert listed(Visitor.demo(1)) == [
        "overview",
        "wrapped",
        "tops",
        "genres",
        "habits",
        "evolution",
        "compare",
        "history",
        "notebook",
        "events",
        "about",
        "terms",
        "privacy",
    ]
    assert "notebook" not in listed(Visitor.person(1, Role.GUEST))
    assert listed(Visitor.person(1, Role.REGULAR)) == [
        "overview",
        "wrapped",
        "tops",
        "genres",
        "habits",
        "evolution",
        "compare",
        "history",
        "notebook",
        "import",
        "connections",
        "notifications",
        "profile",
        "preferences",
        "events",
        "saved",
        "promoter",
        "about",
        "terms",
        "privacy",
    ]
