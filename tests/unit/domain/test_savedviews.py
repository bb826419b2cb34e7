"""What a saved view's address and name can be: pages of ours and short lines, nothing else."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain.plays import normalise
from rewrapped.domain.savedviews import NAME_MAX, address, checked_name, read_address
from rewrapped.domain.sitemap import PAGES, listening_page
from rewrapped.errors import InvalidInput

LISTENING = [page.path for page in PAGES if listening_page(page.path)]
KEYS = st.from_regex(r"[a-z][a-z_]{0,19}", fullmatch=True).filter(lambda key: not key.startswith("embed"))
VALUES = st.text(min_size=1, max_size=40).filter(str.isprintable)


@given(st.sampled_from(LISTENING), st.dictionaries(KEYS, VALUES, min_size=1, max_size=6))
def test_an_address_comes_back_from_its_query(page: str, parameters: dict[str, str]) -> None:
    found = address(page, parameters)

    assert found.parameters() == parameters
    assert read_address(found.page, found.query) == found
    assert str(found).isascii()


@given(st.text(max_size=40), st.text(max_size=120))
def test_whatever_is_sent_is_refused_or_leads_to_a_listening_page(page: str, query: str) -> None:
    try:
        found = read_address(page, query)
    except InvalidInput:
        return
    assert found.page in LISTENING
    assert all(key.isascii() and value.isprintable() for key, value in parse_qsl(found.query))


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("", "range=all"),
        ("profile", "range=all"),
        ("admin", "range=all"),
        ("auth/sign-out", "range=all"),
        ("//evil.example/tops", "range=all"),
        ("https://evil.example", "range=all"),
        ("../tops", "range=all"),
        ("tops#", "range=all"),
        ("tops", "range"),
        ("tops", "range=all&range=4w"),
        ("tops", "range=all&embed=true"),
        ("tops", "range=all&embed_options=hide_loading_screen"),
        ("tops", "range=all&q=%0d%0aSet-Cookie:x"),
        ("tops", "range=all&q=%00"),
        ("tops", "range=all&<script>=1"),
        ("tops", "q=" + "x" * 2_000),
        ("tops", "&".join(f"a{'b' * n}=1" for n in range(41))),
    ],
)
def test_forged_addresses_are_refused_with_a_sentence(page: str, query: str) -> None:
    with pytest.raises(InvalidInput, match=r"^[A-Z].*\.$"):
        read_address(page, query)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Summer   of  2019 ", "Summer of 2019"),
        ("<b>bold</b> *x*", "<b>bold</b> *x*"),
        ("夏" * NAME_MAX, "夏" * NAME_MAX),
        ("a\nb\x00c", "a b c"),
        ("\u202egnp.exe", "gnp.exe"),
    ],
)
def test_a_name_is_one_plain_line(typed: str, kept: str) -> None:
    assert checked_name(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "\n", "\u200b", "x" * (NAME_MAX + 1), "x" * 10_000])
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="up to 60 characters"):
        checked_name(typed)


@given(st.text(max_size=80))
def test_a_name_that_is_kept_can_be_kept_again(typed: str) -> None:
    try:
        kept = checked_name(typed)
    except InvalidInput:
        return
    assert checked_name(kept) == kept
    assert normalise(kept)
